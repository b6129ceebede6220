"""What the confidence model reads off a ranking; more of each speaks for the first entry."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from indexer.fusion import Evidence
from indexer.query import FloatArray

FEATURES = (
    "score of the best entry",
    "its lead over the second",
    "its lead over the next five",
    "its best cosine",
    "its answer's relative cosine",
    "its share of words in a question",
    "its share of words in a record",
    "best by words too",
    "share of languages whose closest question is its",
    "share of languages whose closest answer is its",
    "length of the question",
    "its centroid's cosine",
    "its centroid's lead",
    "its centroid's cosine beyond what is typical",
)

# The lead of the only entry that was found: a common one, so that it decides nothing.
_LONELY_LEAD = 0.05


def features_of(
    terms_asked: int,
    evidence: Evidence,
    closest: float,
    typical: float,
    order: npt.NDArray[np.intp],
) -> FloatArray:
    """Describe how the first of the found entries stands out.

    Args:
        terms_asked: Distinct terms of the question.
        evidence: For every entry found.
        closest: Best cosine over all texts of the first entry.
        typical: The centroid's cosine, weighed, that phrasings of the first entry reach.
        order: Positions of the entries found, best first.

    Returns:
        Shape (features,), in the order of `FEATURES`.
    """
    best = int(order[0])
    leader, *others = evidence.scores[order[:6]].tolist()
    phrases, words = evidence.shares[:, best].tolist()
    matched = evidence.shares.sum(axis=0)
    question_votes, answer_votes = evidence.votes(best)
    centroid = float(evidence.centroids[best])
    return np.array(
        (
            leader,
            leader - others[0] if others else _LONELY_LEAD,
            leader - sum(others) / len(others) if others else _LONELY_LEAD,
            closest,
            evidence.relative[1, best],
            phrases,
            words,
            float(matched[best] > 0.0 and matched[best] >= matched.max()),
            question_votes,
            answer_votes,
            math.log1p(terms_asked),
            centroid,
            _lead(evidence.centroids, best),
            centroid - typical,
        ),
        np.float32,
    )


def _lead(values: FloatArray, best: int) -> float:
    """By how much one value exceeds the best of the others."""
    if len(values) == 1:
        return _LONELY_LEAD
    greatest = float(values.max())
    if values[best] < greatest:
        return float(values[best]) - greatest
    return greatest - float(np.partition(values, -2)[-2])
