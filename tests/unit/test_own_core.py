"""A process keeps to a core of its own while every process has questions."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable

import pytest

from app.own_core import OwnCore, Seats


class Affinity:
    """What threads were bound to, in order; binding fails while it is forbidden."""

    def __init__(self) -> None:
        self.cores: list[set[int]] = []
        self.is_forbidden = False

    def bind(self, thread: int, cores: Iterable[int]) -> None:
        assert thread == 0  # the calling one
        if self.is_forbidden:
            raise PermissionError(1, "Operation not permitted")
        self.cores.append(set(cores))


@pytest.fixture
def affinity(monkeypatch: pytest.MonkeyPatch) -> Affinity:
    affinity = Affinity()
    monkeypatch.setattr(os, "sched_setaffinity", affinity.bind)
    return affinity


def test_it_keeps_to_its_core_while_every_process_has_questions(affinity: Affinity) -> None:
    seats = Seats(2, cores=[7, 4])
    first, second = OwnCore(seats, 0), OwnCore(seats, 1)
    with first:
        assert not first.keep()
        with second:
            assert first.keep()
            first.release()
            assert second.keep()
            second.release()
        assert not first.keep()
    assert affinity.cores == [{4}, {4, 7}, {7}, {4, 7}]


def test_a_process_has_questions_until_its_last_client_is_answered(affinity: Affinity) -> None:
    seats = Seats(2, cores=[0, 1])
    first, second = OwnCore(seats, 0), OwnCore(seats, 1)
    with first, second:
        with second:
            assert first.keep()
        assert first.keep()
    assert not first.keep()
    assert affinity.cores == [{0}, {0}]


def test_a_process_that_was_killed_has_no_questions_any_more(affinity: Affinity) -> None:
    seats = Seats(2, cores=[0, 1])
    core = OwnCore(seats, 0)
    with core:
        seats.note(1, has_questions=True)
        assert core.keep()
        seats.note(1, has_questions=False)
        assert not core.keep()
    assert affinity.cores == [{0}]


@pytest.mark.parametrize(("processes", "cores"), [(1, [0]), (2, [0]), (2, [0, 1, 2]), (3, [0, 1])])
def test_there_is_no_core_of_ones_own_unless_processes_and_cores_are_as_many(
    affinity: Affinity, processes: int, cores: list[int]
) -> None:
    seats = Seats(processes, cores)
    own_cores = [OwnCore(seats, seat) for seat in range(processes)]
    for core in own_cores:
        core.__enter__()
    assert not any(core.keep() for core in own_cores)
    assert affinity.cores == []


def test_where_binding_is_forbidden_it_is_tried_once(affinity: Affinity) -> None:
    affinity.is_forbidden = True
    seats = Seats(2, cores=[0, 1])
    core = OwnCore(seats, 0)
    with core, OwnCore(seats, 1):
        assert not core.keep()
        affinity.is_forbidden = False
        assert not core.keep()
    assert affinity.cores == []


def test_a_new_process_takes_the_seat_that_is_free() -> None:
    seats = Seats(3, cores=[0, 1, 2])
    assert seats.choose([]) == 0
    assert seats.choose([0, 2]) == 1
    assert seats.choose([0, 1, 2]) == 0
    assert seats.choose([0, 1, 2, 0]) == 1


def test_the_kernel_takes_the_thread_at_its_word_and_others_stay_free() -> None:
    allowed = os.sched_getaffinity(0)
    seats = Seats(len(allowed))
    for seat in range(len(allowed)):
        seats.note(seat, has_questions=True)
    core = OwnCore(seats, len(allowed) - 1)
    seen: list[set[int]] = []

    def keep() -> None:
        core.keep()
        seen.append(os.sched_getaffinity(0))
        core.release()
        seen.append(os.sched_getaffinity(0))

    thread = threading.Thread(target=keep)
    thread.start()
    thread.join()
    assert seen == [{max(allowed)}, allowed]
    assert os.sched_getaffinity(0) == allowed
