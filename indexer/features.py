"""What the confidence model reads off a ranking; more of each speaks for the first entry.

Only what means the same when a visitor asks as when the index is asked its own phrasings. By how
much an entry leads the others in its score does not, where there are phrasings to learn from, since
editors word alternates unlike visitors; it is for content that has none.
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
    "its lead in the score",
)

LOG_LEAD = FEATURES.index("its lead in log likelihood")
SCORE_LEAD = FEATURES.index("its lead in the score")

# The lead of the only entry that was found: a common one, so that it decides nothing.
_LONELY_LOG_LEAD, _LONELY_SCORE_LEAD = 1.0, 0.05


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
            _lead(evidence.likely, best, _LONELY_LOG_LEAD),
            closest,
            evidence.relative[1, best],
            phrases,
            words,
            question_votes,
            answer_votes,
            math.log1p(terms_asked),
            _lead(evidence.scores, best, _LONELY_SCORE_LEAD),
        ),
        np.float32,
    )


def _lead(values: FloatArray, best: int, lonely: float) -> float:
    """By how much one value exceeds the best of the others; `lonely` where there are none."""
    if len(values) == 1:
        return lonely
    greatest = float(values.max())
    if values[best] < greatest:
        return float(values[best]) - greatest
    return greatest - float(np.partition(values, -2)[-2])
