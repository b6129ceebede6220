from __future__ import annotations

from models.circuit_breaker import CircuitBreaker


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def opened_breaker(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, pause_seconds=30, clock=clock)
    for _ in range(3):
        assert breaker.seconds_to_wait() is None
        breaker.failed()
    return breaker


def test_failures_that_are_not_in_a_row_leave_it_closed() -> None:
    breaker = CircuitBreaker(failures=2, pause_seconds=30, clock=Clock())

    assert breaker.failed() is False
    breaker.succeeded()
    assert breaker.failed() is False

    assert breaker.seconds_to_wait() is None


def test_failures_in_a_row_open_it_for_the_pause() -> None:
    clock = Clock()
    breaker = opened_breaker(clock)

    assert breaker.is_open
    assert breaker.seconds_to_wait() == 30
    clock.now += 20
    assert breaker.seconds_to_wait() == 10


def test_after_the_pause_one_alone_may_try() -> None:
    clock = Clock()
    breaker = opened_breaker(clock)
    clock.now += 30

    assert breaker.seconds_to_wait() is None
    assert breaker.seconds_to_wait() == 1


def test_a_try_that_succeeds_closes_it() -> None:
    clock = Clock()
    breaker = opened_breaker(clock)
    clock.now += 30
    breaker.seconds_to_wait()

    breaker.succeeded()

    assert not breaker.is_open
    assert [breaker.seconds_to_wait() for _ in range(3)] == [None, None, None]


def test_a_try_that_fails_opens_it_for_another_pause() -> None:
    clock = Clock()
    breaker = opened_breaker(clock)
    clock.now += 31
    breaker.seconds_to_wait()

    assert breaker.failed() is True

    assert breaker.seconds_to_wait() == 30


def test_a_try_that_tells_nothing_leaves_the_next_one_to_try() -> None:
    clock = Clock()
    breaker = opened_breaker(clock)
    clock.now += 31
    breaker.seconds_to_wait()

    breaker.ended()

    assert breaker.seconds_to_wait() is None


def test_the_pause_is_told_without_taking_the_try() -> None:
    clock = Clock()
    breaker = opened_breaker(clock)
    clock.now += 10

    assert [breaker.seconds_left(), breaker.seconds_left()] == [20, 20]
    clock.now += 20
    assert [breaker.seconds_left(), breaker.seconds_left()] == [0, 0]
    assert breaker.seconds_to_wait() is None
    assert CircuitBreaker().seconds_left() == 0
