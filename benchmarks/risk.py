"""Measures of a confidence: does it tell right from wrong, and is it what it says it is?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta, rankdata

BoolVector = npt.NDArray[np.bool_]
FloatVector = npt.NDArray[np.float64]

INTERVAL = 0.95
"""How often an interval is to hold the share that it is put around."""

_BINS = 10
_DRAWS = 200


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share may lie, given how few questions it was counted on; both ends in [0, 1]."""

    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:.1%} to {self.high:.1%}"


def auroc(confidence: FloatVector, label: BoolVector) -> float:
    """Chance that a labelled question has a higher confidence than one that is not labelled.

    Equal confidences count one half (the Mann-Whitney statistic).

    Args:
        confidence: Shape (questions,).
        label: Shape (questions,).

    Returns:
        In [0, 1]; NaN where all questions are labelled alike.
    """
    positives = int(label.sum())
    pairs = positives * (len(label) - positives)
    if not pairs:
        return float("nan")
    ranks = rankdata(confidence)[label].sum()
    return float((ranks - positives * (positives + 1) / 2) / pairs)


def risk_coverage(confidence: FloatVector, right: BoolVector) -> FloatVector:
    """Share wrong among the n most confident answers, for each n.

    Answers of equal confidence are wrong as often as all of them together.

    Args:
        confidence: Shape (questions,).
        right: Shape (questions,); never for a question that nothing answers.

    Returns:
        Shape (questions,), for n = 1, 2, ...
    """
    levels, position = np.unique(-confidence, return_inverse=True)
    wrong = np.bincount(position, ~right, minlength=len(levels))
    each = wrong / np.maximum(np.bincount(position, minlength=len(levels)), 1)
    expected = each[np.sort(position)]
    curve: FloatVector = np.cumsum(expected) / np.arange(1, len(right) + 1)
    return curve


def area_under_risk(confidence: FloatVector, right: BoolVector) -> float:
    """Mean risk over all coverages (Geifman et al., 2019); lower is better."""
    return float(risk_coverage(confidence, right).mean())


def right_at_risk(
    confidence: FloatVector, right: BoolVector, answerable: BoolVector, risk: float
) -> float:
    """Share of the answerable questions answered rightly by the best threshold in hindsight.

    Args:
        confidence: Shape (questions,).
        right: Shape (questions,).
        answerable: Shape (questions,).
        risk: Greatest share of wrong answers among those delivered, in [0, 1].
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    # Equal confidences are delivered together or not at all.
    last_of_equals = np.append(ranked[1:] < ranked[:-1], np.True_)
    wrong = np.cumsum(~right[order]) / np.arange(1, len(right) + 1)
    kept = np.flatnonzero((wrong <= risk) & last_of_equals)
    delivered = kept[-1] + 1 if len(kept) else 0
    return float(right[order][:delivered].sum() / max(answerable.sum(), 1))


def calibration_error(probability: FloatVector, right: BoolVector) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al., 2015).

    Args:
        probability: Shape (questions,), that the first entry is right, in [0, 1].
        right: Shape (questions,), whether it is.
    """
    bins = np.minimum((probability * _BINS).astype(np.intp), _BINS - 1)
    gaps = np.bincount(bins, probability - right, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(right))


def error_by_chance(groups: Sequence[FloatVector]) -> float:
    """Greatest calibration error of several groups that chance alone makes, at the median.

    It is what confidence would show whose every probability is exact: few questions in a bin are
    never right as often as they should be.

    Args:
        groups: Probabilities of each group's questions; at least one group.
    """
    chance = np.random.default_rng(0)
    greatest = [
        max(calibration_error(group, chance.random(len(group)) < group) for group in groups)
        for _ in range(_DRAWS)
    ]
    return float(np.median(greatest))


def interval(count: float, total: float) -> Interval:
    """Put an exact binomial interval around a share (Clopper and Pearson, 1934).

    Args:
        count: Of what is counted; may be a mean over rounds that ask the same questions.
        total: Out of how many.
    """
    tail = (1.0 - INTERVAL) / 2.0
    low = float(beta.ppf(tail, count, total - count + 1)) if count > 0 else 0.0
    high = float(beta.ppf(1.0 - tail, count + 1, total - count)) if count < total else 1.0
    return Interval(low, high)
