"""Risk and coverage: how wrong answers would be if only the surest questions were answered.

The curve and the area under it are those of selective classification (El-Yaniv and Wiener, 2010;
Geifman et al., 2019): questions are answered in order of confidence, and an answer is wrong when
the best entry is not the expected one, so always where nothing may be answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.evaluation.estimates import UNKNOWN, Estimate, Vector, estimate

POINTS: Final = 100
"""Points that a curve has at most."""


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """One point of the curve.

    Attributes:
        coverage: Share of the questions answered, the surest first, in (0, 1].
        risk: Share of those answered wrongly, in [0, 1].
        confidence: Of the last of them.
    """

    coverage: float
    risk: float
    confidence: float


class RiskOrder:
    """Questions in order of confidence.

    Args:
        confidence: Shape (questions,).
        wrong: Shape (questions,); 1 where the best entry is not the expected one.
    """

    def __init__(self, confidence: Vector, wrong: Vector) -> None:
        self._order = np.argsort(-confidence, kind="stable")
        self._confidence = confidence[self._order]
        self._wrong = wrong[self._order]
        changes = self._confidence[1:] != self._confidence[:-1]
        self._starts = np.flatnonzero(np.append(np.True_, changes)) if len(wrong) else changes
        self._group = np.cumsum(np.append(0, changes))[: len(wrong)]

    def curve(self) -> tuple[RiskPoint, ...]:
        """At most `POINTS` points, by coverage; equally sure questions are answered together."""
        count = len(self._order)
        if not count:
            return ()
        ends = np.append(self._starts[1:], count) - 1
        if len(ends) > POINTS:
            ends = ends[np.unique(np.linspace(0, len(ends) - 1, POINTS).round().astype(int))]
        wrong = np.cumsum(self._wrong)[ends]
        return tuple(
            RiskPoint(float((end + 1) / count), float(sum_ / (end + 1)), float(confidence))
            for end, sum_, confidence in zip(ends, wrong, self._confidence[ends], strict=True)
        )

    def area(self, seed: int) -> Estimate:
        """Estimate the area under the curve: the mean risk over all coverages, in [0, 1]."""
        if not len(self._order):
            return UNKNOWN
        return estimate(len(self._order), self._areas, seed)

    def _areas(self, times: Vector) -> Vector:
        """Areas of draws, given how often each question is in each: shape (draws,).

        Equally sure questions are taken to be mixed evenly, so that their order does not count.
        """
        drawn = times[:, self._order]
        answered = np.cumsum(drawn, axis=1)
        many = np.add.reduceat(drawn, self._starts, axis=1)
        bad = np.add.reduceat(drawn * self._wrong, self._starts, axis=1)
        rate = np.divide(bad, many, out=np.zeros_like(bad), where=many > 0)
        wrong = np.cumsum(drawn * rate[:, self._group], axis=1)
        risk = np.divide(wrong, answered, out=np.zeros_like(wrong), where=answered > 0)
        areas: Vector = (drawn * risk).sum(axis=1) / answered[:, -1]
        return areas
