"""Makes less of what translations of a sentence differ in, so that vectors tell more what it says.

Taking out each language's mean leaves what no language has in common: how a thing is put. Pairs of
sentences that people translated show in which directions that moves a vector; all vectors are
divided by how far it does (within-class covariance normalisation: Hatch, Kajarekar and Stolcke,
2006, "Within-Class Covariance Normalization for SVM-Based Speaker Recognition").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.query import FloatArray
from indexer.support_texts import SupportText

SHRINKAGE: Final = 3.0
"""How much more than the mean of all directions counts than what was seen in each. More where there
are fewer pairs than directions."""


def translations(texts: Sequence[SupportText], placed: FloatArray) -> npt.NDArray[np.int64]:
    """Find the sentences of an entry that are each other's nearest in two languages.

    Args:
        texts: Sentences of some entries, each in some languages.
        placed: Their debiased vectors, shape (n, dimension).

    Returns:
        Rows of the two, shape (pairs, 2).
    """
    by_entry: dict[str, dict[str, list[int]]] = {}
    for row, text in enumerate(texts):
        by_entry.setdefault(text.entry_id, {}).setdefault(text.lang, []).append(row)
    pairs: list[tuple[int, int]] = []
    for languages in by_entry.values():
        for one, other in combinations(languages.values(), 2):
            cosines = placed[one] @ placed[other].T
            back = cosines.argmax(axis=0)
            pairs += [
                (one[row], other[column])
                for row, column in enumerate(cosines.argmax(axis=1).tolist())
                if back[column] == row
            ]
    return np.array(pairs, np.int64).reshape(-1, 2)


def whitening(differences: FloatArray) -> FloatArray:
    """Learn how much less to make of each direction.

    Args:
        differences: Of translations' debiased vectors, shape (pairs, dimension).

    Returns:
        Shape (dimension, dimension), to multiply vectors by from the right.
    """
    pairs, dimension = differences.shape
    if pairs == 0:
        return np.eye(dimension, dtype=np.float32)
    within = differences.T.astype(np.float64) @ differences / pairs
    spread, directions = np.linalg.eigh(within)
    floor = SHRINKAGE * (1.0 + dimension / pairs) * max(float(spread.mean()), 1e-9)
    matrix = (directions / np.sqrt(np.maximum(spread, 0.0) + floor)) @ directions.T
    # Its size does not matter to cosines; this one keeps numbers near 1.
    scaled: FloatArray = (matrix * np.sqrt(floor)).astype(np.float32)
    return scaled
