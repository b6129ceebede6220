"""Work that callers wait for so long and no longer, and that those who want the same share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock, Semaphore, Thread
from typing import Generic, TypeVar

Value = TypeVar("Value")


class TooMuchWorkError(Exception):
    """So many wait already that one more would not be served in time."""


class SharedWork(Generic[Value]):
    """Works in threads of its own, which no one's impatience ends.

    What a caller no longer waits for is finished all the same: whoever asks next gets it.
    """

    def __init__(self, at_once: int, most_waiting: int) -> None:
        """Set the bounds.

        Args:
            at_once: How many pieces of work are done at the same time.
            most_waiting: How many callers wait at the same time, and how many pieces of work wait
                for their turn.
        """
        self._turns = Semaphore(at_once)
        self._most_running = at_once + most_waiting
        self._most_waiting = most_waiting
        self._lock = Lock()
        self._running: dict[Hashable, Future[Value]] = {}
        self._waiting = 0

    def result(self, key: Hashable, work: Callable[[], Value], seconds: float) -> Value:
        """Have work done, or wait for the same work that another caller has begun.

        Args:
            key: The same for the same work.
            work: Does it, within bounded time.
            seconds: How long to wait.

        Raises:
            TooMuchWorkError: Too many wait.
            TimeoutError: It is not done yet.
            Exception: Whatever the work raised.
        """
        with self._lock:
            running = self._running.get(key)
            if self._waiting >= self._most_waiting:
                raise TooMuchWorkError
            if running is None:
                if len(self._running) >= self._most_running:
                    raise TooMuchWorkError
                running = self._begin(key, work)
            self._waiting += 1
        try:
            return running.result(seconds)
        finally:
            with self._lock:
                self._waiting -= 1

    def _begin(self, key: Hashable, work: Callable[[], Value]) -> Future[Value]:
        future: Future[Value] = Future()
        # A server that stops does not wait for a translator.
        thread = Thread(target=self._run, args=(key, work, future), daemon=True)
        try:
            thread.start()
        except RuntimeError:
            raise TooMuchWorkError from None
        self._running[key] = future
        return future

    def _run(self, key: Hashable, work: Callable[[], Value], future: Future[Value]) -> None:
        # Whoever asks once it is done is not served what another was told.
        try:
            with self._turns:
                value = work()
        except Exception as error:  # noqa: BLE001 - whoever waits gets it
            self._end(key)
            future.set_exception(error)
        else:
            self._end(key)
            future.set_result(value)

    def _end(self, key: Hashable) -> None:
        with self._lock:
            del self._running[key]
