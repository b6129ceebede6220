"""What the confidence model reads off a ranking; more of each speaks for the first entry.

Only what means the same when a visitor asks as when the index is asked its own phrasings: by how
much an entry leads the others in cosines does not, since editors word alternates unlike visitors.
"""

from __future__ import annotations

import math

import numpy as np

from indexer.fusion import Evidence
from indexer.query import FloatArray

FEATURES = (
    "log of its likelihood by its phrasings",
    "its lead in log likelihood",
    "its best cosine",
    "its answer's relative cosine",
    "its share of words in a question",
    "its share of words in a record",
    "share of languages whose closest question is its",
    "share of languages whose closest answer is its",
    "length of the question",
)

# The lead of the only entry that was found: a common one, so that it decides nothing.
_LONELY_LEAD = 1.0


def features_of(terms_asked: int, evidence: Evidence, closest: float, best: int) -> FloatArray:
    """Describe how the first of the found entries stands out.

    Args:
        terms_asked: Distinct terms of the question.
        evidence: For every entry found.
        closest: Best cosine over all texts of the first entry.
        best: Its place among the entries found.

    Returns:
        Shape (features,), in the order of `FEATURES`.
    """
    phrases, words = evidence.shares[:, best].tolist()
    question_votes, answer_votes = evidence.votes(best)
    return np.array(
        (
            evidence.likely[best],
            _lead(evidence.likely, best),
            closest,
            evidence.relative[1, best],
            phrases,
            words,
            question_votes,
            answer_votes,
            math.log1p(terms_asked),
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
