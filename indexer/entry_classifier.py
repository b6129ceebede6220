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

PENALTY: Final = 30.0
"""Inverse strength of the ridge penalty: what the log loss of one phrasing is worth."""

MOST_PRODUCTS: Final = 1_000_000
"""Phrasings times entries beyond which learning would take longer than it is worth."""

_MOST_STEPS: Final = 16
"""Steps after which the order of entries, and how sure it is, no longer changes."""

_TOLERANCE: Final = 1e-2
"""Gradient of one phrasing's log loss that is as good as none."""

_FILE: Final = "entry-classifier.npz"


class EntryClassifier:
    """Log odds of the entries.

    Args:
        weights: Shape (entries, dimension).
        known: Shape (entries,); whether an entry had a phrasing to be learnt from.
    """

    def __init__(self, weights: FloatArray, known: BoolArray) -> None:
        self._weights = weights
        self._known = known
        self._knows_all = bool(known.all())
        self._knows_nothing = not known.any()

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
        weights = np.zeros((entries, vectors.shape[1]), np.float32)
        if counts.max(initial=0) < 2 or len(vectors) * len(classes) > MOST_PRODUCTS:
            return cls(weights, np.zeros(entries, np.bool_))
        number = np.cumsum(known) - 1
        weight = (len(vectors) / len(classes) / counts[entry_of]).astype(np.float32)
        weights[classes] = _minimise(vectors, number[entry_of], weight, len(classes))
        return cls(weights, known)

    def log_likelihoods(self, question: FloatArray, entries: IntArray) -> FloatArray:
        """Tell how likely each of some entries is, when one of them is the right one.

        Args:
            question: Debiased, shape (dimension,), of length 1.
            entries: Their numbers, shape (m,), m at least 1.

        Returns:
            Shape (m,); an entry that has only an answer is as likely as the least likely of the
            others.
        """
        if self._knows_nothing:
            return np.full(len(entries), -math.log(len(entries)), np.float32)
        weights = self._weights if len(entries) == len(self._weights) else self._weights[entries]
        logits = weights @ question
        if not self._knows_all:
            known = self._known[entries]
            logits = np.where(known, logits, logits.min(where=known, initial=0.0))
        greatest = logits.max()
        shifted: FloatArray = logits - greatest
        shifted -= np.log(np.exp(shifted).sum())
        return shifted

    def write(self, folder: Path) -> None:
        """Write the classifier into a generation's folder."""
        np.savez(folder / _FILE, weights=self._weights, known=self._known)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a classifier back; the caller has verified the folder's checksums."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays["weights"], arrays["known"])


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
