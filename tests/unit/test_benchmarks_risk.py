import numpy as np
import pytest

from benchmarks.risk import (
    area_under_risk,
    auroc,
    calibration_error,
    error_by_chance,
    interval,
    right_at_risk,
    risk_coverage,
)


def test_a_confidence_that_knows_has_an_auroc_of_one() -> None:
    assert auroc(np.array([0.9, 0.8, 0.2]), np.array([True, True, False])) == 1.0


def test_a_confidence_that_is_the_same_for_all_is_a_coin_toss() -> None:
    assert auroc(np.full(4, 0.5), np.array([True, False, False, True])) == 0.5


def test_auroc_counts_the_pairs_in_the_right_order() -> None:
    confidence = np.array([0.9, 0.7, 0.6, 0.5])
    assert auroc(confidence, np.array([True, False, True, False])) == 3 / 4


def test_auroc_of_questions_that_are_all_alike_is_not_a_number() -> None:
    assert np.isnan(auroc(np.array([0.1, 0.2]), np.array([True, True])))


def test_the_risk_is_that_of_the_surest_answers() -> None:
    curve = risk_coverage(np.array([0.1, 0.9, 0.5, 0.7]), np.array([False, True, True, False]))
    assert curve.tolist() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2])


def test_equal_confidences_are_wrong_as_often_whatever_their_order() -> None:
    confidence = np.array([0.9, 0.5, 0.5])
    one = area_under_risk(confidence, np.array([True, True, False]))
    other = area_under_risk(confidence, np.array([True, False, True]))
    assert one == other == pytest.approx((0 + 1 / 4 + 1 / 3) / 3)


def test_answers_are_counted_up_to_the_last_threshold_that_keeps_the_risk() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, False, True, True, False])
    answerable = np.array([True, True, True, True, False])
    assert right_at_risk(confidence, right, answerable, 0.25) == 3 / 4
    assert right_at_risk(confidence, right, answerable, 0.1) == 1 / 4


def test_equal_confidences_are_delivered_together_or_not_at_all() -> None:
    right = np.array([True, False])
    assert right_at_risk(np.array([0.5, 0.5]), right, np.array([True, True]), 0.1) == 0.0


def test_probabilities_that_come_true_have_no_calibration_error() -> None:
    right = np.array([True, True, True, False])
    assert calibration_error(np.full(4, 0.75), right) == pytest.approx(0.0)
    assert calibration_error(np.ones(4), right) == pytest.approx(0.25)


def test_chance_makes_a_calibration_error_of_few_questions() -> None:
    few, many = (np.random.default_rng(0).random(number) for number in (50, 5000))

    assert error_by_chance([few]) > 0.05
    assert error_by_chance([many]) < 0.02
    assert error_by_chance([few, many]) >= error_by_chance([few])
    assert error_by_chance([np.ones(10)]) == 0.0


def test_an_interval_is_that_of_clopper_and_pearson() -> None:
    found = interval(5, 100)
    assert found.low == pytest.approx(0.0164, abs=1e-4)
    assert found.high == pytest.approx(0.1128, abs=1e-4)


@pytest.mark.parametrize(("count", "end"), [(0, "low"), (20, "high")])
def test_an_interval_reaches_the_end_where_nothing_or_everything_is_counted(
    count: int, end: str
) -> None:
    assert getattr(interval(count, 20), end) == count / 20
