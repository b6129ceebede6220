"""What an index learns from its phrasings, beyond where each of them lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from indexer.centroids import EntryCentroids
from indexer.entry_classifier import EntryClassifier
from indexer.entry_table import IntArray
from indexer.query import FloatArray


@dataclass(frozen=True, slots=True)
class Learnt:
    """Centroids and a classifier of the same phrasings."""

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
        return cls(
            EntryCentroids.fit(vectors, entry_of, entries),
            EntryClassifier.fit(vectors, entry_of, entries),
        )

    def write(self, folder: Path) -> None:
        """Write it into a generation's folder."""
        self.centroids.write(folder)
        self.classifier.write(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read it back; the caller has verified the folder's checksums."""
        return cls(EntryCentroids.read(folder), EntryClassifier.read(folder))
