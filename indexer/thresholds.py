"""From which probability on an answer is delivered, so that the error budget is kept."""

from __future__ import annotations

from typing import Final

import numpy as np

from indexer.logistic import BoolVector, FloatVector

ERROR_BUDGET: Final = 0.05
"""Share of delivered answers that may be wrong."""

ASSURANCE: Final = 0.9
"""How sure it shall be, by what the trials tell, that no more of what is delivered is wrong."""

NEVER: Final = 0.999
"""The threshold where trials show that none keeps the budget."""


def cautious_threshold(budget: float) -> float:
    """The threshold where trials do not show that a lower one keeps the budget.

    Whatever is asked, the share of wrong answers is at most the greatest chance of one to be wrong
    (Chow, 1970: "On optimum recognition error and reject tradeoff"). Half the budget is left to
    chances that are told wrong, since no trials have confirmed them here.

    Args:
        budget: Greatest share of delivered answers that may be wrong.
    """
    return 1.0 - budget / 2.0


def threshold_within(
    budget: float, probability: FloatVector, right: BoolVector, weight: FloatVector
) -> float:
    """The lowest threshold that trials show to keep the budget, or that is cautious enough without.

    Args:
        budget: Greatest share of delivered answers that may be wrong.
        probability: As for `lowest_threshold`, as are the others.
        right: Whether each first entry was.
        weight: How often each stands for a visitor's question.
    """
    shown = lowest_threshold(probability, right, weight, budget)
    return min(shown, cautious_threshold(budget))


def lowest_threshold(
    probability: FloatVector, right: BoolVector, weight: FloatVector, budget: float
) -> float:
    """Find the lowest threshold that keeps the wrong share of what is delivered in the budget.

    Not the share that was seen is held against the budget, but the greatest that would be seen so
    rarely, at `ASSURANCE` (selection with guaranteed risk, Geifman and El-Yaniv, 2017: "Selective
    Classification for Deep Neural Networks"). Mistakes of unlike weight are a weighted sum of
    Poisson counts, whose upper limit is that of Fay and Feuer (1997): for equal weights the exact
    one, and never below the nominal level for others as far as is known.

    Args:
        probability: Shape (trials,), of each first entry being right.
        right: Shape (trials,), whether it was.
        weight: Shape (trials,), how often each stands for a visitor's question.
        budget: Greatest share of delivered answers that may be wrong.

    Returns:
        A threshold in [0, 1]; `NEVER` where none keeps the budget.
    """
    from scipy.stats import gamma  # noqa: PLC0415 - only indexing fits, and serving starts fast

    order = np.argsort(-probability, kind="stable")
    wrong = np.where(right, 0.0, weight)[order]
    # What one more mistake would weigh at most.
    another = float(weight.max(initial=0.0))
    mistakes = np.cumsum(wrong) + another
    variance = np.cumsum(wrong**2) + another**2
    scale = variance / mistakes
    highest = gamma.ppf(ASSURANCE, mistakes / scale, scale=scale) / np.cumsum(weight[order])
    ranked = probability[order]
    # Equal probabilities are delivered together or not at all.
    last_of_equals = np.append(ranked[1:] < ranked[:-1], np.True_)
    kept = np.flatnonzero((highest <= budget) & last_of_equals)
    return float(ranked[kept[-1]]) if len(kept) else NEVER
