"""How near a sentence must be to an answer's sentences to be taken for supported by them.

Sentences of one entry in two languages say the same; sentences of two entries do not. Both are
taken from the knowledge base itself at indexing, so that the least nearness fits its topics.
Vectors are debiased by language as for search, and from a cosine is taken how near both sentences
are to their neighbours in other entries: some sentences are near to everything (Conneau et al.,
2018, "Word Translation Without Parallel Data", cross-domain similarity local scaling).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from indexer.debias import LanguageDebias
from indexer.query import FloatArray
from indexer.support_texts import SupportText
from models.embedding import Role

REFUSED: Final = 0.01
"""Share of the sentences that people translated which may be taken for unsupported."""

FOREIGN: Final = 0.02
"""Share of the other entries' sentences in the same language that may be taken for support."""

ENOUGH_PAIRS: Final = 60
"""Pairs of translated sentences, below which the bounds shipped with polyfaq are used."""

ENOUGH_ENTRIES: Final = 6

_NEIGHBOURS: Final = 10
_FILE, _VECTORS = "support.json", "support-neighbours.npy"


@dataclass(frozen=True, slots=True)
class SupportModel:
    """What tells supported sentences from others.

    Attributes:
        debias: Takes the language out of sentences' vectors.
        neighbours: Debiased sentences of the knowledge base, shape (n, dimension).
        entries: The entry of each, shape (n,).
        across: Least nearness of sentences in two languages.
        within: Least nearness of sentences in one language.
        description: How it came about, in words, for the manifest.
    """

    debias: LanguageDebias
    neighbours: FloatArray
    entries: tuple[str, ...]
    across: float
    within: float
    description: str

    @classmethod
    def fit(cls, texts: Sequence[SupportText], vectors: FloatArray, seed: int) -> Self:
        """Learn from sentences of the knowledge base.

        Args:
            texts: Sentences of some entries, each in some languages.
            vectors: Shape (n, dimension), made in the passage role.
            seed: Chooses the other entries that sentences are compared with.
        """
        languages = [text.lang for text in texts]
        debias = LanguageDebias.fit(vectors, languages, [Role.PASSAGE] * len(texts))
        entries = tuple(text.entry_id for text in texts)
        if len(set(entries)) < ENOUGH_ENTRIES:
            return cls.shipped(debias, len(set(entries)), 0)
        placed = debias.apply(vectors, languages, [Role.PASSAGE] * len(texts))
        model = cls(debias, placed, entries, 0.0, 0.0, "")
        trials = _Trials(model, texts, placed, np.random.default_rng(seed))
        translated = np.array(list(trials.translated()))
        if len(translated) < ENOUGH_PAIRS:
            return cls.shipped(debias, len(set(entries)), len(translated))
        others, beside = np.array(list(trials.others())), np.array(list(trials.beside()))
        across = float(np.quantile(translated, REFUSED))
        within = max(across, float(np.quantile(beside, 1.0 - FOREIGN)))
        return cls(
            debias,
            placed,
            entries,
            across,
            within,
            f"learnt from {len(translated)} pairs of sentences that people translated, of which "
            f"{REFUSED:.0%} are not recognised; {float((others >= across).mean()):.0%} of the "
            f"sentences of other entries pass for support in another language, and {FOREIGN:.0%} "
            "in the same",
        )

    @classmethod
    def shipped(cls, debias: LanguageDebias, entries: int, pairs: int) -> Self:
        """The bounds for content that teaches too little: learnt from the sample content.

        Args:
            debias: Takes the language out of sentences' vectors.
            entries: How many entries there were to learn from.
            pairs: How many pairs of translated sentences.
        """
        return cls(
            debias,
            np.zeros((0, 0), np.float32),
            (),
            _SHIPPED_ACROSS,
            _SHIPPED_WITHIN,
            f"the bounds shipped with polyfaq, since this content teaches too little: {entries} "
            f"entries and {pairs} pairs of sentences that people translated, where "
            f"{ENOUGH_ENTRIES} and {ENOUGH_PAIRS} are needed",
        )

    def place(self, vectors: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Debias sentences' vectors, shape (n, dimension), made in the passage role."""
        return self.debias.apply(vectors, languages, [Role.PASSAGE] * len(languages))

    def crowding(self, placed: FloatArray, entries: Collection[str]) -> FloatArray:
        """How near each sentence is to its neighbours in other entries than the named ones.

        Args:
            placed: Debiased sentences, shape (n, dimension).
            entries: Whose sentences do not count.

        Returns:
            Shape (n,), mean cosines; 0 where nothing is known to compare with.
        """
        others = np.array([entry not in entries for entry in self.entries], np.bool_)
        if others.sum() < _NEIGHBOURS:
            return np.zeros(len(placed), np.float32)
        cosines = placed @ self.neighbours[others].T
        nearest: FloatArray = np.partition(cosines, -_NEIGHBOURS, axis=1)[:, -_NEIGHBOURS:]
        crowding: FloatArray = nearest.mean(axis=1)
        return crowding

    def nearness(
        self, sentences: FloatArray, passages: FloatArray, entries: Collection[str]
    ) -> FloatArray:
        """How near sentences are to passages' sentences, to be held against the bounds.

        Args:
            sentences: Debiased, shape (n, dimension).
            passages: Debiased, shape (m, dimension).
            entries: The entries that the passages are of.

        Returns:
            Shape (n, m).
        """
        crowded = self.crowding(sentences, entries)[:, None] + self.crowding(passages, entries)
        nearness: FloatArray = sentences @ passages.T - np.float32(0.5) * crowded
        return nearness

    def write(self, folder: Path) -> None:
        """Write it into a folder of a generation."""
        self.debias.write(folder)
        np.save(folder / _VECTORS, self.neighbours)
        document = {
            "entries": self.entries,
            "across": self.across,
            "within": self.within,
            "description": self.description,
        }
        (folder / _FILE).write_text(json.dumps(document, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it back; the caller has verified the folder's checksums."""
        document = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(
            LanguageDebias.read(folder),
            np.load(folder / _VECTORS, allow_pickle=False),
            tuple(document["entries"]),
            float(document["across"]),
            float(document["within"]),
            document["description"],
        )


class _Trials:
    """Sentences held against answers of which it is known what they say."""

    def __init__(
        self,
        model: SupportModel,
        texts: Sequence[SupportText],
        placed: FloatArray,
        chance: np.random.Generator,
    ) -> None:
        self._model = model
        self._texts = texts
        self._placed = placed
        self._chance = chance
        self._rows: dict[tuple[str, str], list[int]] = {}
        for row, text in enumerate(texts):
            self._rows.setdefault((text.entry_id, text.lang), []).append(row)

    def translated(self) -> Iterator[float]:
        """Hold every sentence against its own entry in other languages."""
        for row, text in enumerate(self._texts):
            for entry_id, lang in self._rows:
                if entry_id == text.entry_id and lang != text.lang:
                    yield self._nearest(row, (entry_id, lang))

    def others(self) -> Iterator[float]:
        """Hold every sentence against another entry in another language."""
        return self._foreign(same_language=False)

    def beside(self) -> Iterator[float]:
        """Hold every sentence against another entry in its own language."""
        return self._foreign(same_language=True)

    def _foreign(self, *, same_language: bool) -> Iterator[float]:
        for row, text in enumerate(self._texts):
            choices = [
                key
                for key in self._rows
                if key[0] != text.entry_id and (key[1] == text.lang) is same_language
            ]
            if choices:
                yield self._nearest(row, choices[int(self._chance.integers(len(choices)))])

    def _nearest(self, row: int, answer: tuple[str, str]) -> float:
        # As at serving, where what another entry says of it is not to hand.
        entries = {answer[0], self._texts[row].entry_id}
        sentence, passages = self._placed[row : row + 1], self._placed[self._rows[answer]]
        return float(self._model.nearness(sentence, passages, entries).max())


# Cosines, for without neighbours nothing is taken from them.
_SHIPPED_ACROSS = 0.75
_SHIPPED_WITHIN = 0.85
