"""A probability read off a ranking, by one model for all languages and an offset for some."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Self

import numpy as np

from indexer.features import LOG_LEAD, SCORE_LEAD
from indexer.language_offsets import fit_offsets
from indexer.logistic import BoolVector, FloatVector, Logistic, fit_logistic, sigmoid
from indexer.phrasings import Trial, TrialKind
from indexer.query import FloatArray

UNTRIED: Final = "und"
"""Stands for every language that no trial was asked in."""

_FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class Probability:
    """A logistic regression, and what it is lowered by in some languages.

    Attributes:
        pooled: For all languages.
        offsets: In logits, by language; of one that was not tried, under `UNTRIED`.
    """

    pooled: Logistic
    offsets: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, features: FloatArray, language: str) -> float:
        """The probability, in (0, 1), for a ranking.

        Args:
            features: Shape (features,).
            language: Of the question, or `und`.
        """
        if offset := self.offset_in(language):
            return self.pooled.moved(offset).probability(features)
        return self.pooled.probability(features)

    def offset_in(self, language: str) -> float:
        """What a language lowers it by, in logits; one that was not tried, by as much as most."""
        return self.offsets.get(language, self.offsets.get(UNTRIED, 0.0))

    @classmethod
    def fit(cls, trials: Sequence[Trial], label: BoolVector, weight: FloatVector) -> Self:
        """Learn from trials.

        Offsets are learnt from questions near the topic alone: those on other topics are asked in
        some languages only, which would make these look harder.

        Args:
            trials: What was asked.
            label: Shape (trials,), what to give the probability of.
            weight: Shape (trials,), how much each counts.
        """
        pooled = fit_logistic(features_of(trials), label, weight)
        near = np.array([trial.kind is not TrialKind.FAR for trial in trials], np.bool_)
        chosen = [trial for trial, is_near in zip(trials, near, strict=True) if is_near]
        offsets = fit_offsets(
            pooled.logits(features_of(chosen)),
            label[near],
            weight[near],
            [trial.language for trial in chosen],
        )
        tried = {trial.language for trial in chosen}
        return cls(pooled, offsets and _of_all(offsets, tried))

    def of_trials(self, trials: Sequence[Trial]) -> FloatVector:
        """Probabilities for trials, shape (trials,)."""
        offsets = np.array([self.offset_in(trial.language) for trial in trials])
        return sigmoid(self.pooled.logits(features_of(trials)) + offsets)


def _of_all(offsets: Mapping[str, float], tried: Collection[str]) -> Mapping[str, float]:
    every = {language: offsets.get(language, 0.0) for language in sorted(tried)}
    return MappingProxyType(every | {UNTRIED: sum(every.values()) / len(every)})


def features_of(trials: Sequence[Trial]) -> FloatArray:
    """Stack the features of trials, shape (trials, features).

    The lead in the score is left out where one in likelihood was learnt from phrasings.
    """
    features = np.stack([trial.features for trial in trials])
    if features[:, LOG_LEAD].any():
        features[:, SCORE_LEAD] = 0.0
    return features


def held_out(
    trials: Sequence[Trial], label: BoolVector, weight: FloatVector, seed: int
) -> FloatVector:
    """Probabilities for every trial by a model that did not see it, shape (trials,)."""
    fold = np.random.default_rng(seed).permutation(len(label)) % _FOLDS
    probability = np.zeros(len(label))
    for number in range(_FOLDS):
        seen, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = Probability.fit([trials[row] for row in seen.tolist()], label[seen], weight[seen])
        probability[asked] = model.of_trials([trials[row] for row in asked.tolist()])
    return probability
