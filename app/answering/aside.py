"""Work beside the embedding: the model leaves a core idle that can read the words meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Deferred(Generic[Value]):
    """Work that whoever comes first does, and does once."""

    __slots__ = ("_claim", "_done", "_failure", "_value", "_work")

    def __init__(self, work: Callable[[], Value]) -> None:
        self._work = work
        self._claim = Lock()
        self._done = Lock()
        self._done.acquire()
        self._failure: BaseException | None = None
        self._value: Value

    def run(self) -> None:
        """Do the work, unless somebody does it already."""
        if not self._claim.acquire(blocking=False):
            return
        try:
            self._value = self._work()
        except BaseException as failure:  # noqa: BLE001 - raised where the result is wanted
            self._failure = failure
        finally:
            self._done.release()

    def result(self) -> Value:
        """Give what came of the work, doing it now if nobody has begun; to be asked for once."""
        self.run()
        self._done.acquire()
        if self._failure is not None:
            raise self._failure
        return self._value


class Aside:
    """A thread that takes work off those that wait for the model, one piece at a time."""

    def __init__(self) -> None:
        """Start no thread yet: one that is started before a fork would be lost in it."""
        self._waiting: SimpleQueue[Deferred[Any]] = SimpleQueue()
        self._idle = Lock()
        self._thread: Thread | None = None

    def begin(self, work: Callable[[], Value]) -> Deferred[Value]:
        """Have work done beside what comes next, if nothing else is.

        Returns:
            Gives the result; whoever asks for it before the thread has begun does the work.
        """
        deferred = Deferred(work)
        if self._idle.acquire(blocking=False):
            if self._thread is None:
                thread = Thread(target=self._work, name="aside", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    # The system gives no more threads just now.
                    self._idle.release()
                    return deferred
                self._thread = thread
            self._waiting.put(deferred)
        return deferred

    def _work(self) -> None:
        while True:
            self._waiting.get().run()
            self._idle.release()
