"""Work beside the embedding: done once, by whoever comes first."""

from functools import partial
from threading import Event, Thread, current_thread

import pytest

from app.answering.aside import Aside, Deferred


def test_work_that_nobody_began_is_done_when_its_result_is_wanted() -> None:
    assert Deferred(current_thread).result() is current_thread()


def test_work_is_done_beside_what_comes_next() -> None:
    begun = Event()

    def work() -> str:
        begun.set()
        return current_thread().name

    deferred = Aside().begin(work)
    assert begun.wait(10)
    assert deferred.result() == "aside"


def test_a_second_piece_does_not_wait_for_the_first() -> None:
    aside, begun, end = Aside(), Event(), Event()

    def long() -> str:
        begun.set()
        end.wait(10)
        return "long"

    first = aside.begin(long)
    assert begun.wait(10)
    second = aside.begin(current_thread)
    assert second.result() is current_thread()
    end.set()
    assert first.result() == "long"


def test_the_thread_takes_work_again_and_again() -> None:
    aside = Aside()
    for number in range(100):
        assert aside.begin(partial(str, number)).result() == str(number)


def test_a_failure_is_raised_where_the_result_is_wanted() -> None:
    aside = Aside()

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        aside.begin(fail).result()
    assert aside.begin(lambda: "still there").result() == "still there"


def test_work_is_done_where_the_system_gives_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    aside = Aside()
    with monkeypatch.context() as patch:
        patch.setattr(Thread, "start", refuse)
        assert aside.begin(current_thread).result() is current_thread()
    begun = Event()
    deferred = aside.begin(begun.set)
    assert begun.wait(10)
    deferred.result()
