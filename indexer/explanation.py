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
    """How a probability came about: the logistic function of intercept, offset and contributions.

    Attributes:
        features: In the order of the model.
        intercept: In logits.
        language_offset: What questions in this language are lowered by, in logits; at most 0.
        probability: That the top entry answers, before a question that is one of its phrasings to
            the word raises it; 0 where nothing was found.
        threshold: From which on it is delivered.
        verbatim: Whether the question is such a phrasing.
    """

    features: tuple[FeatureShare, ...]
    intercept: float
    language_offset: float
    probability: float
    threshold: float
    verbatim: bool


def explain(model: ConfidenceModel, ranking: Ranking) -> ConfidenceExplanation:
    """Take a model's probability for a ranking apart."""
    pooled, language = model.right.pooled, ranking.language
    offset, threshold = model.right.offset_in(language), model.threshold_in(language)
    if not ranking.entries:
        return ConfidenceExplanation((), pooled.intercept, offset, 0.0, threshold, False)
    shares = tuple(
        FeatureShare(name, float(value), float(value) * weight)
        for name, value, weight in zip(FEATURES, ranking.features, pooled.weights, strict=True)
    )
    probability = model.right.of(ranking.features, language)
    return ConfidenceExplanation(
        shares, pooled.intercept, offset, probability, threshold, ranking.verbatim
    )
