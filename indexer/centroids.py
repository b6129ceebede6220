"""One point for each entry, in a space where phrasings of one entry lie close together.

What an entry's phrasings differ in, within and across languages, is noise; what entries differ in
is what counts. So vectors are whitened by the scatter of phrasings about their entry's mean, and a
question is compared with the means: linear discriminant analysis, with its covariance shrunk
(Friedman, 1989, "Regularized Discriminant Analysis"), known in speaker recognition as within-class
covariance normalisation (Hatch et al., 2006).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.query import FloatArray
from indexer.vectors import inner_products
from indexer.vectors import lengths as vector_lengths

IntArray = npt.NDArray[np.int32]

LEAST_SHRINKAGE = 0.4
"""Weight of the overall scatter, taken to be round, however many phrasings there are."""

_FILE = "centroids.npz"


class EntryCentroids:
    """The mean of each entry's phrasings, whitened.

    Attributes:
        weight: How much they are to be believed, in [0, 1]: nothing where every entry has one
            phrasing, which says nothing of what phrasings differ in.
    """

    def __init__(self, whitening: FloatArray, sums: FloatArray, weight: float) -> None:
        self.weight = weight
        self._whitening = whitening
        self._sums = sums
        self._lengths = vector_lengths(sums)

    @classmethod
    def fit(cls, vectors: FloatArray, entry_of: IntArray, entries: int) -> Self:
        """Average the phrasings of each entry, and learn what they differ in.

        Args:
            vectors: Debiased questions and alternates, shape (n, dimension), of length 1.
            entry_of: Shape (n,); the entry number of each.
            entries: How many entries there are; those without phrasings get a zero.
        """
        dimension = vectors.shape[1]
        sums = np.zeros((entries, dimension), np.float32)
        np.add.at(sums, entry_of, vectors)
        counts = np.bincount(entry_of, minlength=entries)
        spread = vectors - (sums / np.maximum(counts, 1)[:, None])[entry_of]
        freedom = len(vectors) - np.count_nonzero(counts)
        shrinkage = max(LEAST_SHRINKAGE, dimension / (dimension + freedom))
        overall = vectors - vectors.sum(axis=0) / max(len(vectors), 1)
        scatter = (1.0 - shrinkage) * (spread.T @ spread) / max(freedom, 1)
        variance = float(np.sum(overall * overall)) / max(overall.size, 1)
        scatter[np.diag_indices(dimension)] += shrinkage * max(variance, 1e-9)
        values, axes = np.linalg.eigh(scatter.astype(np.float64))
        whitening = ((axes / np.sqrt(np.maximum(values, 1e-12))) @ axes.T).astype(np.float32)
        weight = (1.0 - shrinkage) / (1.0 - LEAST_SHRINKAGE)
        return cls(whitening, sums @ whitening, weight)

    def cosines(
        self, question: FloatArray, entries: IntArray, without: FloatArray | None = None
    ) -> FloatArray:
        """Compare a question, shape (dimension,), with some entries.

        Args:
            question: Seen from where the phrasings were when they were averaged; of length 1.
            entries: Numbers of the entries, shape (m,).
            without: Shape (m, dimension); phrasings to leave out, summed for each entry.

        Returns:
            Shape (m,), in [-1, 1], weighed; 0 for an entry without phrasings.
        """
        sums, lengths = self._sums, self._lengths
        if len(entries) < len(sums):
            sums, lengths = sums[entries], lengths[entries]
        if without is not None:
            sums = sums - without @ self._whitening
            lengths = vector_lengths(sums)
        # Whitening is symmetric: its rows are its columns.
        whitened = inner_products(self._whitening, question)
        scale = self.weight / max(math.sqrt(whitened @ whitened), 1e-9)
        cosines = inner_products(sums, whitened) * np.float32(scale)
        cosines /= np.maximum(lengths, 1e-9)
        return cosines

    def write(self, folder: Path) -> None:
        """Write the centroids into a generation's folder."""
        np.savez(
            folder / _FILE,
            whitening=self._whitening,
            sums=self._sums,
            weight=np.float64(self.weight),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read centroids back; the caller has verified the folder's checksums."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays["whitening"], arrays["sums"], float(arrays["weight"]))
