import math
from dataclasses import replace

import numpy as np
import pytest

from indexer.confidence import ConfidenceModel
from indexer.explanation import explain
from indexer.features import FEATURES
from indexer.language_confidence import LanguageConfidence
from indexer.ranking import Ranking, ScoredEntry

MODEL = ConfidenceModel.shipped(0)
ENTRIES = (ScoredEntry("a", 0.9, 0.9, 0.9, "en"),)


def ranking(*, language: str = "en", verbatim: bool = False) -> Ranking:
    features = np.linspace(0.1, 0.9, len(FEATURES), dtype=np.float32)
    return Ranking(ENTRIES, features, language, verbatim)


def test_the_contributions_and_the_intercept_add_up_to_the_probability() -> None:
    explained = explain(MODEL, ranking())
    logit = explained.intercept + sum(share.contribution for share in explained.features)
    assert 1 / (1 + math.exp(-logit)) == pytest.approx(explained.probability, abs=1e-6)
    assert explained.probability == pytest.approx(MODEL.decide(ranking()).confidence.value)


def test_a_language_that_does_worse_lowers_the_probability() -> None:
    worse = replace(MODEL, right=replace(MODEL.right, offsets={"xx": -0.7}))

    lowered, as_it_is = (explain(worse, ranking(language=tag)) for tag in ("xx", "en"))

    assert (lowered.language_offset, as_it_is.language_offset) == (-0.7, 0.0)
    odds = [each.probability / (1 - each.probability) for each in (lowered, as_it_is)]
    assert math.log(odds[0] / odds[1]) == pytest.approx(-0.7, abs=1e-6)
    assert worse.decide(ranking(language="xx")).confidence.value == lowered.probability


def test_a_language_with_a_threshold_of_its_own_is_held_against_it() -> None:
    own = replace(MODEL, languages={"xx": LanguageConfidence(300, 0.6, 0.97)})

    assert explain(own, ranking(language="xx")).threshold == 0.97
    assert explain(own, ranking(language="und")).threshold == MODEL.threshold


def test_every_feature_is_named() -> None:
    assert tuple(share.name for share in explain(MODEL, ranking()).features) == FEATURES


def test_what_raises_the_confidence_beyond_the_features_is_told() -> None:
    explained = explain(MODEL, ranking(verbatim=True))
    assert explained.verbatim
    assert explained.probability == explain(MODEL, ranking()).probability


def test_where_nothing_was_found_there_is_nothing_to_explain() -> None:
    explained = explain(MODEL, Ranking((), np.zeros(0, np.float32)))
    assert (explained.features, explained.probability) == ((), 0.0)
    assert explained.threshold == MODEL.threshold
