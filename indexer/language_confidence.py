"""What trials say of the confidence in each language by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from indexer.logistic import BoolVector, FloatVector
from indexer.phrasings import Trial, TrialKind, of_kind, trial_weights
from indexer.thresholds import threshold_within

ENOUGH_OF_ITS_OWN: Final = 200
"""Answerable trials in a language from which on it has a threshold of its own: with fewer, the
bound on what may be wrong would cost more answers than the language's peculiarity is worth."""


@dataclass(frozen=True, slots=True)
class LanguageConfidence:
    """What trials say of the questions in one language.

    Attributes:
        asked: Answerable trials in it.
        coverage: Share of these that was delivered, held out of the fit; in [0, 1].
        threshold: Its own; None where there were too few for one.
    """

    asked: int
    coverage: float
    threshold: float | None = None


def by_language(
    trials: Sequence[Trial],
    probability: FloatVector,
    right: BoolVector,
    threshold: float,
    error_budget: float,
) -> Mapping[str, LanguageConfidence]:
    """Look at each language by itself; questions on other topics count in every one.

    Args:
        trials: All of them.
        probability: Shape (trials,), by models that did not see them.
        right: Shape (trials,), whether the first entry was.
        threshold: For languages that get none of their own.
        error_budget: Share of delivered answers that may be wrong, in (0, 1).

    Returns:
        One item for each language that something answerable was asked in.
    """
    language = np.array([trial.language for trial in trials])
    far = of_kind(trials, TrialKind.FAR)
    answerable = of_kind(trials, TrialKind.ANSWERABLE)
    asked = Counter(language[answerable].tolist())
    found = {}
    for name in sorted(asked):
        of_it = answerable & (language == name)
        own = None
        if asked[name] >= ENOUGH_OF_ITS_OWN and len(asked) > 1:
            rows = np.flatnonzero(far | (language == name))
            weight = trial_weights([trials[row] for row in rows.tolist()])
            own = threshold_within(error_budget, probability[rows], right[rows], weight)
        lowest = threshold if own is None else own
        coverage = float((probability[of_it] >= lowest).mean())
        found[name] = LanguageConfidence(asked[name], coverage, own)
    return MappingProxyType(found)


def delivered_of(
    trials: Sequence[Trial],
    probability: FloatVector,
    threshold: float,
    languages: Mapping[str, LanguageConfidence],
) -> BoolVector:
    """Tell which trials are delivered, each by its language's threshold; shape (trials,)."""
    own = {name: each.threshold for name, each in languages.items() if each.threshold is not None}
    thresholds = np.array([own.get(trial.language, threshold) for trial in trials])
    delivered: BoolVector = probability >= thresholds
    return delivered
