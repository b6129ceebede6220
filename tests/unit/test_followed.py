import threading
from collections.abc import Iterator
from contextlib import closing
from contextvars import ContextVar
from threading import Event, Semaphore, current_thread

import pytest

from app.api.followed import Followed

PATIENCE = 30.0
REQUEST: ContextVar[str] = ContextVar("REQUEST")


class Counting:
    """Counts on for ever, each number only with leave; notes where it runs and that it ended."""

    def __init__(self) -> None:
        self.leave = Semaphore(0)
        self.counted = 0
        self.threads: set[str] = set()
        self.has_ended = Event()

    def __call__(self) -> Iterator[int]:
        try:
            while True:
                self.leave.acquire(timeout=PATIENCE)
                self.threads.add(current_thread().name)
                self.counted += 1
                yield self.counted
        finally:
            self.has_ended.set()


@pytest.fixture
def counting() -> Counting:
    return Counting()


def test_items_come_in_their_order_and_end() -> None:
    with closing(Followed((letter for letter in "abc"), PATIENCE)) as followed:
        assert list(followed) == ["a", "b", "c"]
        assert list(followed) == []


def test_silence_is_told(counting: Counting) -> None:
    with closing(Followed(counting(), 0.01)) as followed:
        assert [next(followed), next(followed)] == [None, None]
        counting.leave.release()
        assert next(item for item in followed if item is not None) == 1
        counting.leave.release()


def test_what_is_raised_is_raised_to_the_reader() -> None:
    def fail() -> Iterator[int]:
        yield 1
        raise LookupError("after one")

    with closing(Followed(fail(), PATIENCE)) as followed:
        assert next(followed) == 1
        with pytest.raises(LookupError, match="after one"):
            next(followed)
        assert list(followed) == []


def test_it_is_no_more_than_a_few_items_ahead(counting: Counting) -> None:
    counting.leave.release(1000)
    with closing(Followed(counting(), PATIENCE)) as followed:
        assert next(followed) == 1
    assert counting.counted < 20


def test_closing_ends_the_generator_and_its_thread(counting: Counting) -> None:
    counting.leave.release(1000)
    followed = Followed(counting(), PATIENCE)
    assert next(followed) == 1
    (name,) = counting.threads
    followed.close()
    assert counting.has_ended.is_set()
    assert name not in {thread.name for thread in threading.enumerate()}
    assert list(followed) == []


def test_closing_waits_for_what_cannot_be_interrupted(counting: Counting) -> None:
    followed = Followed(counting(), 0.01)
    assert next(followed) is None
    closer = threading.Thread(target=followed.close)
    closer.start()
    counting.leave.release()
    closer.join(PATIENCE)
    assert not closer.is_alive()
    assert (counting.counted, counting.has_ended.is_set()) == (1, True)


def test_closing_twice_is_closing(counting: Counting) -> None:
    counting.leave.release(1000)
    followed = Followed(counting(), PATIENCE)
    followed.close()
    followed.close()
    assert counting.has_ended.is_set()


def test_what_is_bound_to_the_request_is_bound_in_the_thread() -> None:
    def told() -> Iterator[str]:
        yield REQUEST.get()

    token = REQUEST.set("r-1")
    try:
        with closing(Followed(told(), PATIENCE)) as followed:
            assert list(followed) == ["r-1"]
    finally:
        REQUEST.reset(token)
