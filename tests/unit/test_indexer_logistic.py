"""A logistic regression whose every feature can only speak for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.logistic import BoolVector, Logistic, fit_logistic
from indexer.query import FloatArray


def drawn(model: Logistic, rows: int, seed: int = 0) -> tuple[FloatArray, BoolVector]:
    """Features, and labels as often true as a model says."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, len(model.weights))).astype(np.float32)
    return features, random.random(rows) < model.probabilities(features)


def test_a_known_model_is_recovered() -> None:
    known = Logistic(-0.5, (2.0, 0.0, 1.0))
    features, label = drawn(known, 20_000)

    fitted = fit_logistic(features, label, np.ones(len(label)))

    assert fitted.intercept == pytest.approx(known.intercept, abs=0.1)
    assert fitted.weights == pytest.approx(known.weights, abs=0.1)


def test_the_scale_of_a_feature_does_not_matter() -> None:
    features, label = drawn(Logistic(0.0, (1.0, 0.5)), 2_000)
    scaled = features * np.array([1000.0, 0.01], np.float32) + np.array([5.0, -3.0], np.float32)
    weight = np.ones(len(label))

    np.testing.assert_allclose(
        fit_logistic(scaled, label, weight).probabilities(scaled),
        fit_logistic(features, label, weight).probabilities(features),
        atol=0.01,
    )


def test_what_speaks_against_gets_no_weight() -> None:
    features, label = drawn(Logistic(0.0, (-3.0, 1.0)), 2_000)

    against, speaks_for = fit_logistic(features, label, np.ones(len(label))).weights

    assert against == 0.0
    assert speaks_for > 0.3


def test_a_trial_that_weighs_twice_counts_as_two() -> None:
    features, label = drawn(Logistic(0.3, (1.0,)), 300)
    twice = np.arange(len(label)) < 100

    weighed = fit_logistic(features, label, np.where(twice, 2.0, 1.0))
    repeated = fit_logistic(
        np.concatenate([features, features[twice]]),
        np.concatenate([label, label[twice]]),
        np.ones(400),
    )

    features_asked = features[:50]
    np.testing.assert_allclose(
        weighed.probabilities(features_asked), repeated.probabilities(features_asked), atol=0.01
    )


def test_one_row_gets_what_many_get() -> None:
    model = Logistic(-1.0, (0.5, 2.0))
    features, _ = drawn(model, 20)

    np.testing.assert_allclose(
        [model.probability(row) for row in features], model.probabilities(features), rtol=1e-5
    )


@pytest.mark.parametrize("logit", [-1e30, -1e3, 1e3, 1e30])
def test_what_is_far_off_the_scale_is_still_a_probability(logit: float) -> None:
    model = Logistic(logit, (0.0,))
    nothing = np.zeros((1, 1), np.float32)

    for probability in (model.probability(nothing[0]), float(model.probabilities(nothing)[0])):
        assert 0.0 < probability < 1.0
        assert (probability > 0.5) == (logit > 0)


@pytest.mark.parametrize("value", [False, True])
def test_labels_that_are_all_alike_give_a_finite_model(value: bool) -> None:
    features, _ = drawn(Logistic(0.0, (1.0, 1.0)), 50)

    fitted = fit_logistic(features, np.full(50, value), np.ones(50))

    assert (fitted.probabilities(features) > 0.5).all() == value
    assert np.isfinite([fitted.intercept, *fitted.weights]).all()


def test_a_feature_that_never_changes_decides_nothing() -> None:
    features, label = drawn(Logistic(0.0, (2.0, 0.0)), 500)
    features[:, 1] = 7.0

    fitted = fit_logistic(features, label, np.ones(500))

    assert fitted.weights[1] == 0.0
    assert fitted.weights[0] > 1.0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(2, 60))
def test_no_weight_is_ever_negative(seed: int, columns: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    features = random.normal(size=(rows, columns)).astype(np.float32)

    fitted = fit_logistic(features, random.random(rows) < 0.5, random.random(rows) + 0.1)

    assert min(fitted.weights) >= 0.0
    assert np.isfinite(fitted.probabilities(features)).all()
