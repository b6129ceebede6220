"""Which entry a question belongs to, learnt from all phrasings at once.

A nearest phrasing says how close an entry is; what tells entries apart from one another it does
not know. A multinomial logistic regression with a ridge penalty, on the debiased vectors of all
questions and alternates, learns that, and how sure it is of an entry says more about whether the
entry is right than any cosine does.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final, Self

import numpy as np

from indexer.entry_table import BoolArray, IntArray
from indexer.logistic import FloatVector
from indexer.query import FloatArray
from indexer.vectors import inner_products
from indexer.vectors import lengths as vector_lengths

PENALTY: Final = 30.0
"""Inverse strength of the ridge penalty: what the log loss of one phrasing is worth."""

MOST_PRODUCTS: Final = 1_000_000
"""Phrasings times entries beyond which learning would take longer than it is worth."""

_LEAST_TO_LEARN: Final = 2
"""Phrasings of one entry, at least, to see what phrasings have in common."""

_MOST_STEPS: Final = 16
"""Steps after which the order of entries, and how sure it is, no longer changes."""

_TOLERANCE: Final = 1e-2
"""Gradient of one phrasing's log loss that is as good as none."""

_FILE: Final = "entry-classifier.npz"


class EntryClassifier:
    """Log odds of the entries.

    Args:
        weights: Shape (entries, dimension); none where nothing is known.
        known: Shape (entries,); whether an entry had a phrasing to be learnt from.
        pulls: Shape (phrasings,); how far each drew its entry's weights to itself.
    """

    def __init__(self, weights: FloatArray, known: BoolArray, pulls: FloatArray) -> None:
        self.pulls = pulls
        self._weights = weights
        self._known = known
        self._knows_all = bool(known.all())

    @classmethod
    def fit(cls, vectors: FloatArray, entry_of: IntArray, entries: int) -> Self:
        """Learn from phrasings; each entry counts the same, however many it has.

        Args:
            vectors: Debiased questions and alternates, shape (n, dimension), of length 1.
            entry_of: Shape (n,); the entry number of each.
            entries: How many entries there are.

        Returns:
            A classifier that finds all entries equally likely where there is too much to learn,
            or only one phrasing an entry to learn from.
        """
        counts = np.bincount(entry_of, minlength=entries)
        known = counts > 0
        classes = np.flatnonzero(known)
        if counts.max(initial=0) < _LEAST_TO_LEARN or len(vectors) * len(classes) > MOST_PRODUCTS:
            nothing = np.zeros((0, vectors.shape[1]), np.float32)
            return cls(nothing, np.zeros(entries, np.bool_), np.zeros(len(vectors), np.float32))
        class_of = (np.cumsum(known) - 1)[entry_of]
        weight = (len(vectors) / len(classes) / counts[entry_of]).astype(np.float32)
        learnt = _minimise(vectors, class_of, weight, len(classes))
        logits = vectors @ learnt.T
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        unsure = 1.0 - logits[np.arange(len(vectors)), class_of] / logits.sum(axis=1)
        weights = np.zeros((entries, vectors.shape[1]), np.float32)
        weights[classes] = learnt
        return cls(weights, known, (PENALTY * weight * unsure).astype(np.float32))

    def log_likelihoods(
        self, question: FloatArray, entries: IntArray, without: FloatArray | None = None
    ) -> FloatArray:
        """Tell how likely each of some entries is, when one of them is the right one.

        Args:
            question: Debiased, shape (dimension,), of length 1.
            entries: Their numbers, shape (m,), m at least 1.
            without: Shape (m, dimension); debiased phrasings to leave out, times their pulls,
                summed for each entry. The weights at the minimum are such a sum; what is left of
                an entry's is taken to be as long as before, as if it had been learnt alone.

        Returns:
            Shape (m,); an entry that has only an answer is as likely as the least likely of the
            others.
        """
        known = None if self._knows_all else self._known[entries]
        if known is not None and not known.any():
            return np.full(len(entries), -math.log(len(entries)), np.float32)
        weights = self._weights if len(entries) == len(self._weights) else self._weights[entries]
        if without is not None:
            left = weights - without
            left *= (vector_lengths(weights) / np.maximum(vector_lengths(left), 1e-9))[:, None]
            weights = left
        logits = inner_products(weights, question)
        if known is not None:
            logits = np.where(known, logits, logits.min(where=known, initial=np.inf))
        greatest = logits.max()
        shifted: FloatArray = logits - greatest
        shifted -= np.log(np.exp(shifted).sum())
        return shifted

    def write(self, folder: Path) -> None:
        """Write the classifier into a generation's folder."""
        np.savez(folder / _FILE, weights=self._weights, known=self._known, pulls=self.pulls)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a classifier back; the caller has verified the folder's checksums."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays["weights"], arrays["known"], arrays["pulls"])


def _minimise(
    vectors: FloatArray, class_of: IntArray, weight: FloatArray, classes: int
) -> FloatArray:
    from scipy.optimize import minimize  # noqa: PLC0415 - only indexing fits, and serving starts fast

    rows, shape = np.arange(len(vectors)), (classes, vectors.shape[1])

    def loss(flat: FloatVector) -> tuple[float, FloatVector]:
        weights = flat.astype(np.float32).reshape(shape)
        logits = vectors @ weights.T
        logits -= logits.max(axis=1, keepdims=True)
        own = logits[rows, class_of]
        np.exp(logits, out=logits)
        total = logits.sum(axis=1)
        logits *= (weight / total)[:, None]
        logits[rows, class_of] -= weight
        value = float(weight @ (np.log(total) - own)) + float(flat @ flat) / (2.0 * PENALTY)
        gradient: FloatVector = (logits.T @ vectors).ravel() + flat / PENALTY
        return value / len(vectors), gradient / len(vectors)

    found = minimize(
        loss,
        np.zeros(classes * vectors.shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _MOST_STEPS, "gtol": _TOLERANCE / len(vectors)},
    ).x
    weights: FloatArray = found.reshape(shape).astype(np.float32)
    return weights
