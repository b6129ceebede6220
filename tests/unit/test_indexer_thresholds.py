"""From which probability on an answer is delivered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.thresholds import NEVER, lowest_threshold


class TestLowestThreshold:
    @staticmethod
    def of(
        trials: list[tuple[float, bool]], budget: float, weight: list[float] | None = None
    ) -> float:
        return lowest_threshold(
            np.array([probability for probability, _ in trials]),
            np.array([right for _, right in trials], np.bool_),
            np.array([1.0] * len(trials) if weight is None else weight),
            budget,
        )

    def test_is_that_of_the_least_sure_when_all_are_right(self) -> None:
        trials = [(0.9 - number / 100, True) for number in range(60)]

        assert self.of(trials, 0.05) == pytest.approx(0.31)

    def test_stops_before_the_errors_exceed_the_budget(self) -> None:
        trials = [(0.9, True)] * 45 + [(0.8, True)] * 10 + [(0.5, False)] * 5

        assert self.of(trials, 0.05) == 0.8

    def test_goes_past_an_error_that_the_budget_allows(self) -> None:
        trials = [(0.9, True)] * 60 + [(0.8, False)] + [(0.7, True)] * 40

        assert self.of(trials, 0.05) == 0.7

    def test_needs_so_many_that_more_errors_would_have_shown(self) -> None:
        """Where 2.3 mistakes are expected, one in ten draws has none: 5 % of 47 are more."""
        assert self.of([(0.9, True)] * 46, 0.05) == NEVER
        assert self.of([(0.9, True)] * 47, 0.05) == 0.9

    def test_delivers_equals_together_or_not_at_all(self) -> None:
        trials = [(0.9, True)] * 50 + [(0.5, True)] * 10 + [(0.5, False)] * 10

        assert self.of(trials, 0.05) == 0.9

    def test_weighs_trials(self) -> None:
        trials = [(0.9, True)] * 50 + [(0.5, False)] * 2 + [(0.4, True)] * 10
        light = [1.0] * 50 + [0.01] * 2 + [1.0] * 10

        assert self.of(trials, 0.05) == 0.9
        assert self.of(trials, 0.05, light) == 0.4

    def test_sees_more_clearly_through_many_light_mistakes_than_through_one_of_their_weight(
        self,
    ) -> None:
        right, weight = [(0.9, True)] * 100, [1.0] * 100
        light = [*right, *[(0.9, False)] * 10], [*weight, *[0.2] * 10]
        heavy = [*right, *[(0.9, False)] * 2], [*weight, *[1.0] * 2]

        assert self.of(light[0], 0.052, light[1]) == 0.9
        assert self.of(heavy[0], 0.052, heavy[1]) == NEVER

    def test_is_out_of_reach_when_all_are_wrong(self) -> None:
        assert self.of([(0.99, False)] * 50, 0.05) == NEVER

    @given(
        st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=120),
        st.floats(0.01, 0.5),
    )
    def test_always_keeps_the_budget(self, trials: list[tuple[float, bool]], budget: float) -> None:
        threshold = self.of(trials, budget)

        delivered = [right for probability, right in trials if probability >= threshold]
        if threshold != NEVER:
            assert delivered
            assert delivered.count(False) <= budget * len(delivered)
