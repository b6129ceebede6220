"""Calibration: whether entries that are said to be right with 80 % are right in 80 %."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from app.evaluation.estimates import UNKNOWN, Estimate, Vector, estimate

BINS: Final = 10
"""Bins at most; each holds about as many questions, and equally sure ones are never parted."""

PER_BIN: Final = 10
"""Questions that there are for each bin, so that few questions have few bins."""

ENOUGH: Final = 50
"""Questions below which no calibration error is told: it would be mostly chance."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Questions that the index was about equally sure of.

    Attributes:
        questions: Number of them.
        confidence: Mean confidence, in [0, 1].
        right: Share whose best entry is the expected one, in [0, 1].
    """

    questions: int
    confidence: float
    right: float


def reliability(confidence: Vector, right: Vector) -> tuple[ReliabilityBin, ...]:
    """Compare confidence with what became true, the least sure questions first.

    Args:
        confidence: Shape (questions,), in [0, 1].
        right: Shape (questions,); 1 where the best entry is the expected one.
    """
    bins = _bins(confidence)
    return tuple(
        ReliabilityBin(
            int(np.count_nonzero(bins == number)),
            float(confidence[bins == number].mean()),
            float(right[bins == number].mean()),
        )
        for number in np.unique(bins)
    )


def calibration_error(confidence: Vector, right: Vector, seed: int) -> Estimate:
    """Estimate the expected calibration error (Naeini et al., 2015) over bins of equal count.

    Returns:
        The mean over questions of the gap between a bin's confidence and its share of right ones;
        unknown for fewer than `ENOUGH` questions.
    """
    if len(confidence) < ENOUGH:
        return UNKNOWN
    bins = _bins(confidence)
    gaps = (bins[:, None] == np.unique(bins)) * (confidence - right)[:, None]

    def figure(times: Vector) -> Vector:
        errors: Vector = np.abs(times @ gaps).sum(axis=1) / times.sum(axis=1)
        return errors

    return estimate(len(confidence), figure, seed)


def _bins(confidence: Vector) -> npt.NDArray[np.intp]:
    count = len(confidence)
    if not count:
        return np.zeros(0, np.intp)
    bins = max(1, min(BINS, count // PER_BIN))
    ranked = np.sort(confidence)
    # Equally sure questions all go where the middle one of them belongs.
    first = np.searchsorted(ranked, confidence, "left")
    end = np.searchsorted(ranked, confidence, "right")
    numbers: npt.NDArray[np.intp] = (first + end - 1) * bins // (2 * count)
    return numbers
