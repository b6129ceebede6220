"""Figures with the interval that chance leaves them, by resampling the questions.

The bootstrap (Efron, 1979): questions are drawn again and again with replacement, and the figure
is taken of each draw. The interval holds the middle 95 % of those, moved by the bias that the
draws show, for figures that grow with noise, such as a calibration error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]

DRAWS: Final = 1000
LEVEL: Final = 0.95
"""Share of the draws that an interval holds."""

_CELLS: Final = 2_000_000
"""Numbers held at once while drawing."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval.

    Attributes:
        value: The figure; None where there was nothing, or too little, to take it of.
        low: Lower end of the interval; None where the draws say nothing.
        high: Upper end.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


UNKNOWN: Final = Estimate(None)


def draws(count: int, seed: int) -> Iterator[Vector]:
    """How often each of `count` questions is in each draw: shape (some draws, count), in parts."""
    random = np.random.default_rng(seed)
    at_once = max(1, min(DRAWS, _CELLS // max(count, 1)))
    for start in range(0, DRAWS, at_once):
        rows = min(at_once, DRAWS - start)
        drawn = random.integers(count, size=(rows, count)) + np.arange(rows)[:, None] * count
        yield np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count).astype(float)


def estimate(
    count: int, figure: Callable[[Vector], Vector], seed: int, *, shared_by: int | None = None
) -> Estimate:
    """Take a figure of `count` questions, and of the draws from them.

    Args:
        count: Number of questions.
        figure: Takes how often each question is there, shape (draws, count), and gives the
            figure of each draw, shape (draws,); NaN where it has none.
        seed: Decides the draws.
        shared_by: When the figure is a share, or a mean of numbers in [0, 1], of how many
            questions. Draws cannot tell how far 0 or 1 is from the truth, so that end comes from
            the binomial distribution (Clopper and Pearson, 1934).
    """
    if not count:
        return UNKNOWN
    value = float(figure(np.ones((1, count)))[0])
    if np.isnan(value):
        return UNKNOWN
    if shared_by is not None and value in {0.0, 1.0}:
        bound = ((1.0 - LEVEL) / 2) ** (1.0 / shared_by)
        return Estimate(value, 0.0, 1.0 - bound) if value == 0.0 else Estimate(value, bound, 1.0)
    drawn = np.concatenate([figure(part) for part in draws(count, seed)])
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn) or np.ptp(drawn) < 1e-12:
        return Estimate(value)
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(drawn, [tail, 100.0 - tail]) - (drawn.mean() - value)
    return Estimate(value, max(0.0, min(value, float(low))), min(1.0, max(value, float(high))))


def share(part: Vector, of: Vector, seed: int) -> Estimate:
    """Estimate the sum of some numbers in [0, 1] by the number of questions they are of.

    Args:
        part: Shape (questions,); 0 for questions that are not among those.
        of: Shape (questions,); 1 for questions that are, else 0.
        seed: Decides the draws.
    """

    def figure(times: Vector) -> Vector:
        whole = times @ of
        ratio: Vector = np.divide(
            times @ part, whole, out=np.full(len(times), np.nan), where=whole > 0
        )
        return ratio

    return estimate(len(part), figure, seed, shared_by=int(of.sum()) or None)
