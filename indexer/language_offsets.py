"""By how much the index is less sure of an answer when it is asked in some language.

The features of a ranking mean about the same in every language, not quite the same: a model knows
some languages better than others. What trials tell beyond the pooled model is an offset in logits
for each language, drawn towards 0 the more, the fewer trials there are in it (empirical Bayes:
Robbins, 1956; Morris, 1983). How far languages differ at all is learnt from all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.logistic import BoolVector, FloatVector, sigmoid

SPREADS: Final = (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5)
"""Standard deviations of offsets between languages that are considered, in logits."""

_STEPS: Final = 12
_LARGEST_STEP: Final = 2.0


def fit_offsets(
    logits: FloatVector, label: BoolVector, weight: FloatVector, languages: Sequence[str]
) -> Mapping[str, float]:
    """Learn an offset for every language in which trials go worse than the pooled model says.

    An offset only ever lowers: what speaks for a language is learnt from a few texts of the best
    that editors write, what speaks against it is a warning.

    Args:
        logits: Of the pooled model, shape (trials,).
        label: Shape (trials,), what it gives the probability of.
        weight: Shape (trials,), how much each counts.
        languages: The language of each.

    Returns:
        Negative numbers; languages at 0 are left out.
    """
    names, language_of = np.unique(np.array(languages, np.str_), return_inverse=True)
    if len(names) < 2:
        return MappingProxyType({})
    fitted = [_fit(logits, label, weight, language_of, spread) for spread in SPREADS]
    offsets = max(fitted, key=lambda each: each[0])[1]
    return MappingProxyType(
        {
            name: float(offset)
            for name, offset in zip(names.tolist(), offsets.tolist(), strict=True)
            if offset < 0.0
        }
    )


def _fit(
    logits: FloatVector,
    label: BoolVector,
    weight: FloatVector,
    language_of: npt.NDArray[np.intp],
    spread: float,
) -> tuple[float, FloatVector]:
    """Find the likeliest offsets if languages differ by a spread, by Newton's method.

    Returns:
        The log of how likely the spread is (Laplace's approximation), and the offsets, shape
        (languages,).
    """
    count = int(language_of.max()) + 1
    offsets, common = np.zeros(count), 0.0
    precision = 1.0 / max(spread, 1e-6) ** 2
    bends: FloatVector = np.zeros(count)
    for _ in range(_STEPS):
        excess, curvature = _slopes(logits + common + offsets[language_of], label, weight)
        step = float(excess.sum() / max(curvature.sum(), 1e-9))
        common -= min(max(step, -_LARGEST_STEP), _LARGEST_STEP)
        excess, curvature = _slopes(logits + common + offsets[language_of], label, weight)
        bends = np.bincount(language_of, curvature, count).astype(np.float64)
        steps = np.bincount(language_of, excess, count) + precision * offsets
        offsets -= np.clip(steps / (bends + precision), -_LARGEST_STEP, _LARGEST_STEP)
    logit = logits + common + offsets[language_of]
    likelihood = float((weight * (label * logit - np.logaddexp(0.0, logit))).sum())
    likelihood -= 0.5 * precision * float(offsets @ offsets)
    return likelihood - 0.5 * float(np.log1p(bends / precision).sum()), offsets


def _slopes(
    logit: FloatVector, label: BoolVector, weight: FloatVector
) -> tuple[FloatVector, FloatVector]:
    """First and second derivative of each trial's log loss, both (trials,)."""
    probability = sigmoid(logit)
    excess: FloatVector = weight * (probability - label)
    curvature: FloatVector = weight * probability * (1.0 - probability)
    return excess, curvature
