from app.api.rate_limit import RateLimit


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_minutes_worth_may_come_at_once_and_no_more() -> None:
    limit = RateLimit(60, Clock())
    waits = [limit.wait_for("a") for _ in range(61)]
    assert waits[:60] == [0.0] * 60
    assert waits[60] == 1.0


def test_time_brings_questions_back_up_to_a_minutes_worth() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    for _ in range(60):
        limit.wait_for("a")
    clock.seconds = 2.5
    assert [limit.wait_for("a") for _ in range(3)] == [0.0, 0.0, 0.5]
    clock.seconds = 1e6
    assert [limit.wait_for("a") > 0 for _ in range(61)] == [False] * 60 + [True]


def test_clients_do_not_share() -> None:
    limit = RateLimit(1, Clock())
    assert [limit.wait_for(client) > 0 for client in "abab"] == [False, False, True, True]


def test_a_flood_of_addresses_takes_bounded_memory() -> None:
    limit = RateLimit(1, Clock())
    for number in range(50_010):
        limit.wait_for(str(number))
    assert limit.wait_for("50009") > 0
    assert limit.wait_for("0") == 0
