"""How near a sentence must be to an answer's sentences to be taken for supported by them.

Vectors are debiased by language as for search, and whitened by what translations differ in. From a
cosine is taken how near both sentences are to their neighbours in other entries: some sentences are
near to everything (Conneau et al., 2018, "Word Translation Without Parallel Data", cross-domain
similarity local scaling).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from indexer.debias import LanguageDebias
from indexer.query import FloatArray
from indexer.vectors import normalized
from models.embedding import Role

ENOUGH_ENTRIES: Final = 6
ENOUGH_PAIRS: Final = 60
"""Pairs of translated sentences, below which the bounds shipped with polyfaq are used."""

_NEIGHBOURS: Final = 10
_FILE, _ARRAYS = "support.json", "support-vectors.npz"


@dataclass(frozen=True, slots=True)
class SupportModel:
    """What tells supported sentences from others.

    Attributes:
        debias: Takes the language out of sentences' vectors.
        whitening: Makes less of what translations differ in, shape (dimension, dimension).
        neighbours: Placed sentences of the knowledge base, shape (n, dimension).
        entries: The entry of each, shape (n,).
        across: Least nearness of sentences in two languages.
        within: Least nearness of sentences in one language.
        description: How it came about, in words, for the manifest.
    """

    debias: LanguageDebias
    whitening: FloatArray
    neighbours: FloatArray
    entries: tuple[str, ...]
    across: float
    within: float
    description: str

    @classmethod
    def shipped(cls, debias: LanguageDebias, dimension: int, entries: int, pairs: int) -> Self:
        """The bounds for content that teaches too little: learnt from the sample content.

        Args:
            debias: Takes the language out of sentences' vectors.
            dimension: Of these.
            entries: How many entries there were to learn from.
            pairs: How many pairs of translated sentences.
        """
        return cls(
            debias,
            np.eye(dimension, dtype=np.float32),
            np.zeros((0, dimension), np.float32),
            (),
            _SHIPPED_ACROSS,
            _SHIPPED_WITHIN,
            f"the bounds shipped with polyfaq, since this content teaches too little: {entries} "
            f"entries and {pairs} pairs of sentences that people translated, where "
            f"{ENOUGH_ENTRIES} and {ENOUGH_PAIRS} are needed",
        )

    def place(self, vectors: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Debias and whiten sentences' vectors, shape (n, dimension), made in the passage role."""
        debiased = self.debias.apply(vectors, languages, [Role.PASSAGE] * len(languages))
        return normalized(debiased @ self.whitening)

    def crowding(self, placed: FloatArray, entries: Collection[str]) -> FloatArray:
        """How near each sentence is to its neighbours in other entries than the named ones.

        Args:
            placed: Placed sentences, shape (n, dimension).
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
            sentences: Placed, shape (n, dimension).
            passages: Placed, shape (m, dimension).
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
        np.savez(folder / _ARRAYS, whitening=self.whitening, neighbours=self.neighbours)
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
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            whitening, neighbours = arrays["whitening"], arrays["neighbours"]
        return cls(
            LanguageDebias.read(folder),
            whitening,
            neighbours,
            tuple(document["entries"]),
            float(document["across"]),
            float(document["within"]),
            document["description"],
        )


# Cosines, for without neighbours nothing is taken from them.
_SHIPPED_ACROSS = 0.75
_SHIPPED_WITHIN = 0.85
