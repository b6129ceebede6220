"""What tells supported sentences from others, learnt from a knowledge base's own sentences.

Sentences of one entry in two languages say the same; sentences of two entries do not. Both are
taken from the knowledge base itself at indexing, so that the least nearness fits its topics.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Final

import numpy as np

from indexer.debias import LanguageDebias
from indexer.query import FloatArray
from indexer.support import ENOUGH_ENTRIES, ENOUGH_PAIRS, SupportModel
from indexer.support_texts import MOST_OF_A_RECORD, SupportText
from indexer.vectors import normalized
from indexer.whitening import translations, whitening
from models.embedding import Role

REFUSED: Final = 0.02
"""Share of the sentences that people translated which may be taken for unsupported."""

FOREIGN: Final = 0.02
"""Share of the other entries' sentences in the same language that may be taken for support."""

_MOST_TRIED = 360
_FOLDS = 5


def fit_support(texts: Sequence[SupportText], vectors: FloatArray, seed: int) -> SupportModel:
    """Learn from sentences of the knowledge base.

    Args:
        texts: Sentences of some entries, each in some languages.
        vectors: Shape (n, dimension), made in the passage role.
        seed: Chooses the other entries that sentences are compared with.
    """
    languages = [text.lang for text in texts]
    debias = LanguageDebias.fit(vectors, languages, [Role.PASSAGE] * len(texts))
    entries = tuple(text.entry_id for text in texts)
    ids = sorted(set(entries))
    shipped = SupportModel.shipped(debias, vectors.shape[1], len(ids), 0)
    if len(ids) < ENOUGH_ENTRIES:
        return shipped
    debiased = shipped.place(vectors, languages)
    pairs = translations(texts, debiased)
    differences = debiased[pairs[:, 0]] - debiased[pairs[:, 1]]

    def whitened(differences: FloatArray) -> SupportModel:
        matrix = whitening(differences)
        placed = normalized(debiased @ matrix)
        return replace(shipped, whitening=matrix, neighbours=placed, entries=entries)

    # Translations of the entries that it was learnt from are nearer than those to come will be.
    trials = _Trials(texts, np.random.default_rng(seed))
    for fold in range(_FOLDS):
        tried = ids[fold::_FOLDS]
        learnt = ~np.isin(np.array(entries)[pairs[:, 0]], tried)
        trials.hold(whitened(differences[learnt]), tried)
    if len(trials.translated) < ENOUGH_PAIRS or not (trials.others and trials.beside):
        return SupportModel.shipped(debias, vectors.shape[1], len(ids), len(trials.translated))
    across = float(np.quantile(trials.translated, REFUSED))
    within = max(across, float(np.quantile(trials.beside, 1.0 - FOREIGN)))
    return replace(
        whitened(differences),
        across=across,
        within=within,
        description=f"learnt from {len(trials.translated)} pairs of sentences that people "
        f"translated, of which {REFUSED:.0%} are not recognised; "
        f"{float((np.array(trials.others) >= across).mean()):.0%} of the sentences of other "
        f"entries pass for support in another language, and {FOREIGN:.0%} in the same",
    )


class _Trials:
    """Sentences held against answers of which it is known what they say.

    Attributes:
        translated: How near sentences are to their own entry in other languages.
        others: How near some are to another entry in another language.
        beside: How near some are to another entry in their own language.
    """

    def __init__(self, texts: Sequence[SupportText], chance: np.random.Generator) -> None:
        self.translated: list[float] = []
        self.others: list[float] = []
        self.beside: list[float] = []
        self._texts = texts
        self._chance = chance
        self._rows: dict[str, dict[str, list[int]]] = {}
        for row, text in enumerate(texts):
            self._rows.setdefault(text.entry_id, {}).setdefault(text.lang, []).append(row)

    def hold(self, model: SupportModel, entries: Collection[str]) -> None:
        """Hold the sentences of some entries, all of which are the model's neighbours."""
        for entry_id in entries:
            self.translated += self._of_entry(model, entry_id)
        rows = [row for each in entries for own in self._rows[each].values() for row in own]
        for row in self._chance.permutation(rows)[: _MOST_TRIED // _FOLDS].tolist():
            self.others += self._foreign(model, row, same_language=False)
            self.beside += self._foreign(model, row, same_language=True)

    def _of_entry(self, model: SupportModel, entry_id: str) -> Iterator[float]:
        # An answer that was cut lacks what translations of its end say.
        whole = [each for each in self._rows[entry_id].values() if len(each) < MOST_OF_A_RECORD]
        rows = [row for each in whole for row in each]
        if len(whole) < 2:
            return
        nearness = model.nearness(model.neighbours[rows], model.neighbours[rows], {entry_id})
        ends = np.cumsum([len(each) for each in whole]).tolist()
        parts = [slice(end - len(each), end) for end, each in zip(ends, whole, strict=True)]
        for one, other in permutations(parts, 2):
            yield from nearness[one, other].max(axis=1).tolist()

    def _foreign(self, model: SupportModel, row: int, *, same_language: bool) -> Iterator[float]:
        text = self._texts[row]
        choices = [
            (entry_id, lang)
            for entry_id, languages in self._rows.items()
            for lang in languages
            if entry_id != text.entry_id and (lang == text.lang) is same_language
        ]
        if choices:
            other, lang = choices[int(self._chance.integers(len(choices)))]
            # As at serving, where what another entry says of it is not to hand.
            placed, passages = model.neighbours, self._rows[other][lang]
            entries = {other, text.entry_id}
            yield float(model.nearness(placed[row : row + 1], placed[passages], entries).max())
