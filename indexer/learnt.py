"""What an index learns from its phrasings, beyond where each of them lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from indexer.centroids import EntryCentroids
from indexer.entry_classifier import EntryClassifier
from indexer.entry_table import IntArray
from indexer.query import FloatArray
from indexer.vectors import normalized, unit

_FILE = "origin.npy"


@dataclass(frozen=True, slots=True)
class Learnt:
    """Centroids and a classifier of the same phrasings.

    Attributes:
        origin: The mean of the phrasings, shape (dimension,), that both measure from.
        centroids: How near each entry's phrasings are.
        classifier: Which entry's they are.
    """

    origin: FloatArray
    centroids: EntryCentroids
    classifier: EntryClassifier

    @classmethod
    def fit(cls, vectors: FloatArray, entry_of: IntArray, entries: int) -> Self:
        """Learn from phrasings.

        Args:
            vectors: Debiased questions and alternates, shape (n, dimension), of length 1.
            entry_of: Shape (n,); the entry number of each.
            entries: How many entries there are.
        """
        origin = vectors.sum(axis=0) / np.float32(max(len(vectors), 1))
        centred = normalized(vectors - origin)
        return cls(
            origin,
            EntryCentroids.fit(centred, entry_of, entries),
            EntryClassifier.fit(centred, entry_of, entries),
        )

    def centred(self, vector: FloatArray) -> FloatArray:
        """See a debiased vector, shape (dimension,), from the origin; of length 1."""
        return unit(vector - self.origin)

    def write(self, folder: Path) -> None:
        """Write it into a generation's folder."""
        np.save(folder / _FILE, self.origin)
        self.centroids.write(folder)
        self.classifier.write(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it back; the caller has verified the folder's checksums."""
        origin = np.load(folder / _FILE, allow_pickle=False)
        return cls(origin, EntryCentroids.read(folder), EntryClassifier.read(folder))
