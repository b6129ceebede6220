"""Why a ranking got the confidence that it got."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.confidence import ConfidenceModel
from indexer.features import FEATURES
from indexer.ranking import Ranking


@dataclass(frozen=True, slots=True)
class FeatureShare:
    """What one feature of a ranking said.

    Attributes:
        name: In words.
        value: Its value.
        contribution: What it added, in logits: its value times its weight.
    """

    name: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class ConfidenceExplanation:
    """How a probability came about: the logistic function of the intercept and all contributions.

    Attributes:
        features: In the order of the model.
        intercept: In logits.
        probability: That the top entry answers, before a question that is one of its phrasings to
            the word raises it; 0 where nothing was found.
        threshold: From which on it is delivered.
        verbatim: Whether the question is such a phrasing.
    """

    features: tuple[FeatureShare, ...]
    intercept: float
    probability: float
    threshold: float
    verbatim: bool


def explain(model: ConfidenceModel, ranking: Ranking) -> ConfidenceExplanation:
    """Take a model's probability for a ranking apart."""
    if not ranking.entries:
        return ConfidenceExplanation((), model.right.intercept, 0.0, model.threshold, False)
    shares = tuple(
        FeatureShare(name, float(value), float(value) * weight)
        for name, value, weight in zip(FEATURES, ranking.features, model.right.weights, strict=True)
    )
    probability = model.right.probability(ranking.features)
    return ConfidenceExplanation(
        shares, model.right.intercept, probability, model.threshold, ranking.verbatim
    )
