"""Processes that answer load one after another at first."""

from app.first_process import FirstProcess


def test_nobody_waits_once_the_first_has_loaded() -> None:
    first = FirstProcess()
    looks = iter([True, False])

    first.announce()
    first.wait(lambda: next(looks))

    assert next(looks) is False


def test_nobody_waits_for_what_has_ended() -> None:
    FirstProcess().wait(lambda: False)


def test_saying_it_again_and_again_fills_no_pipe() -> None:
    first = FirstProcess()

    for _ in range(100_000):
        first.announce()
