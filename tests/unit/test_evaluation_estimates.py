"""Figures, their intervals, calibration and risk."""

import numpy as np
import pytest

from app.evaluation.calibration import BINS, ENOUGH, PER_BIN, calibration_error, reliability
from app.evaluation.estimates import DRAWS, UNKNOWN, Vector, draws, estimate, share
from app.evaluation.risk import POINTS, RiskOrder


def ones(count: int, of: int) -> Vector:
    return np.array([1.0] * count + [0.0] * (of - count))


class TestDraws:
    @pytest.mark.parametrize("count", [1, 7, 5000])
    def test_each_draws_as_many_questions_as_there_are(self, count: int) -> None:
        parts = list(draws(count, seed=1))

        assert sum(len(part) for part in parts) == DRAWS
        assert all((part.sum(axis=1) == count).all() for part in parts)

    def test_no_part_is_large_however_many_questions_there_are(self) -> None:
        first = next(iter(draws(1_000_000, seed=1)))

        assert first.size <= 2_000_000

    def test_they_are_the_same_each_time(self) -> None:
        (first,), (again,), (other,) = (list(draws(9, seed)) for seed in (3, 3, 4))

        assert (first == again).all()
        assert (first != other).any()


class TestShare:
    def test_the_interval_of_a_share_is_about_that_of_the_binomial_distribution(self) -> None:
        found = share(ones(80, 200), np.ones(200), seed=0)

        half = 1.96 * (0.4 * 0.6 / 200) ** 0.5
        assert found.value == pytest.approx(0.4)
        assert found.low == pytest.approx(0.4 - half, abs=0.015)
        assert found.high == pytest.approx(0.4 + half, abs=0.015)

    def test_only_the_questions_it_is_of_count(self) -> None:
        of = ones(10, 100)

        assert share(ones(5, 100), of, seed=0).value == 0.5

    @pytest.mark.parametrize(("asked", "bound"), [(1, 0.975), (10, 0.3085), (100, 0.0362)])
    def test_none_of_a_few_may_still_be_some_of_many(self, asked: int, bound: float) -> None:
        none, everyone = (share(ones(n, asked), np.ones(asked), seed=0) for n in (0, asked))

        assert (none.value, none.low) == (0.0, 0.0)
        assert none.high == pytest.approx(bound, abs=1e-3)
        assert (everyone.value, everyone.high) == (1.0, 1.0)
        assert everyone.low == pytest.approx(1 - bound, abs=1e-3)

    def test_of_nothing_nothing_is_known(self) -> None:
        assert share(np.zeros(0), np.zeros(0), seed=0) == UNKNOWN
        assert share(np.zeros(3), np.zeros(3), seed=0) == UNKNOWN

    def test_draws_without_any_such_question_do_not_count(self) -> None:
        found = share(np.array([0.4, 0, 0, 0]), np.array([1.0, 0, 0, 0]), seed=0)

        assert found.value == pytest.approx(0.4)
        assert found.low is None


def test_an_interval_holds_its_figure_even_where_noise_adds_to_it() -> None:
    random = np.random.default_rng(0)
    gaps = random.normal(size=400)

    found = estimate(400, lambda times: np.abs(times @ gaps / 400), seed=0)

    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.value <= found.high


class TestCalibration:
    def test_confidence_that_comes_true_has_no_error(self) -> None:
        confidence = np.repeat([0.25, 0.75], 200)
        right = np.concatenate([ones(50, 200), ones(150, 200)])

        assert calibration_error(confidence, right, seed=0).value == pytest.approx(0.0)

    def test_the_error_is_the_mean_distance_from_what_came_true(self) -> None:
        confidence = np.repeat([0.2, 0.9], 100)
        right = np.concatenate([ones(30, 100), ones(60, 100)])

        found = calibration_error(confidence, right, seed=0)

        assert found.value == pytest.approx((0.1 + 0.3) / 2)
        assert found.low is not None
        assert found.low > 0.1

    def test_too_few_questions_have_none(self) -> None:
        few = ENOUGH - 1

        assert calibration_error(np.full(few, 0.5), ones(20, few), seed=0) == UNKNOWN
        assert calibration_error(np.full(ENOUGH, 0.5), ones(20, ENOUGH), seed=0).value is not None

    def test_bins_hold_as_many_questions_each(self) -> None:
        confidence = np.linspace(0, 1, 500)

        bins = reliability(confidence, np.ones(500))

        assert [each.questions for each in bins] == [50] * BINS
        assert [each.confidence for each in bins] == sorted(each.confidence for each in bins)

    def test_equally_sure_questions_share_a_bin(self) -> None:
        bins = reliability(np.repeat([0.1, 0.9], [3, 97]), np.ones(100))

        assert [each.questions for each in bins] == [3, 97]

    def test_few_questions_have_few_bins(self) -> None:
        assert len(reliability(np.linspace(0, 1, 3 * PER_BIN), np.ones(3 * PER_BIN))) == 3
        assert len(reliability(np.array([0.5]), np.array([1.0]))) == 1
        assert reliability(np.zeros(0), np.zeros(0)) == ()


class TestRisk:
    def test_the_surest_are_answered_first(self) -> None:
        order = RiskOrder(np.array([0.2, 0.9, 0.5, 0.7]), np.array([1.0, 0.0, 1.0, 0.0]))

        assert [(p.coverage, p.risk) for p in order.curve()] == [
            (0.25, 0.0),
            (0.5, 0.0),
            (0.75, pytest.approx(1 / 3)),
            (1.0, 0.5),
        ]

    def test_the_area_is_the_mean_risk(self) -> None:
        order = RiskOrder(np.array([0.2, 0.9, 0.5, 0.7]), np.array([1.0, 0.0, 1.0, 0.0]))

        assert order.area(seed=0).value == pytest.approx((0 + 0 + 1 / 3 + 1 / 2) / 4)

    def test_the_order_of_equally_sure_questions_does_not_count(self) -> None:
        confidence = np.array([0.9, 0.5, 0.5, 0.5, 0.1])
        areas = [
            RiskOrder(confidence, np.array([0.0, *middle, 1.0])).area(seed=0).value
            for middle in ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0])
        ]

        assert areas[0] == pytest.approx(areas[1])
        assert areas[0] == pytest.approx(areas[2])

    def test_equally_sure_questions_are_one_point_of_the_curve(self) -> None:
        curve = RiskOrder(np.full(8, 0.5), ones(2, 8)).curve()

        assert [(p.coverage, p.risk, p.confidence) for p in curve] == [(1.0, 0.25, 0.5)]

    def test_a_better_order_has_a_smaller_area(self) -> None:
        wrong = ones(50, 200)
        best = RiskOrder(np.linspace(0, 1, 200), wrong).area(seed=0)
        worst = RiskOrder(np.linspace(1, 0, 200), wrong).area(seed=0)

        assert best.high is not None
        assert worst.low is not None
        assert best.high < worst.low

    def test_many_questions_make_a_curve_of_bounded_length_that_ends_with_all(self) -> None:
        curve = RiskOrder(np.linspace(0, 1, 5000), np.zeros(5000)).curve()

        assert len(curve) == POINTS
        assert curve[-1].coverage == 1.0

    def test_no_questions_have_no_curve(self) -> None:
        order = RiskOrder(np.zeros(0), np.zeros(0))

        assert order.curve() == ()
        assert order.area(seed=0) == UNKNOWN
