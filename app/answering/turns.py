"""Questions that share a core take turns: the model for all that wait, then the interpreter.

A run of the model sweeps a core's caches, and what the interpreter does right after one takes twice
as long as at other times. So the questions that a core answers together have the model one after
the other, and what the interpreter has to do for them follows at a stretch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock
from types import TracebackType
from typing import Protocol, Self, TypeVar

_Result = TypeVar("_Result")
_Queue = deque[Lock]
"""Questions that wait, each for a lock that only the one whose turn ends releases."""


class Core(Protocol):
    """The core that a process has for itself while all cores have questions."""

    def keep(self) -> bool:
        """Have the calling thread keep to it, and say whether there is such a core now."""
        ...

    def release(self) -> None:
        """Let the calling thread run anywhere again."""
        ...


class Turns:
    """The turns of one process: a question at a time has the model, or the interpreter.

    Args:
        core: What its threads share at times. Threads that may run on any core have no turns: they
            would wait while a core is idle.
    """

    def __init__(self, core: Core | None = None) -> None:
        self._core = core
        self._lock = Lock()
        self._is_taken = False
        self._for_model: _Queue = deque()
        self._for_interpreter: _Queue = deque()

    def turn(self) -> Turn:
        """Make a question's turn, to be entered while it is answered.

        What is done within it must wait for nothing but the model: others wait for it.
        """
        return Turn(self)

    def enter(self) -> bool:
        """Have the interpreter when it is free; say whether there are turns now."""
        if self._core is None or not self._core.keep():
            return False
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return True
            place = _place_in(self._for_interpreter)
        place.acquire()
        return True

    def leave(self) -> None:
        """Let the next have the interpreter, or the model if nobody waits for that."""
        with self._lock:
            queue = self._for_interpreter or self._for_model
            if queue:
                queue.popleft().release()
            else:
                self._is_taken = False
        if self._core is not None:
            self._core.release()

    def run(self, model: Callable[[], _Result]) -> _Result:
        """Run the model after those who wait for the interpreter, and have that after its runs."""
        self._change(self._for_interpreter, self._for_model)
        try:
            return model()
        finally:
            self._change(self._for_model, self._for_interpreter)

    def _change(self, first: _Queue, then: _Queue) -> None:
        """Let all in one queue go first, then those in another, and be the last of these."""
        with self._lock:
            if not first and not then:
                return
            place = _place_in(then)
            (first or then).popleft().release()
        place.acquire()


class Turn:
    """One question's turn; to be entered once."""

    __slots__ = ("_has_turns", "_turns")

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._has_turns = False

    def __enter__(self) -> Self:
        self._has_turns = self._turns.enter()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._has_turns:
            self._turns.leave()

    def run(self, model: Callable[[], _Result]) -> _Result:
        """Run the model when it is this question's turn."""
        return self._turns.run(model) if self._has_turns else model()


def _place_in(queue: _Queue) -> Lock:
    """Stand in a queue: the lock can be taken once it is one's turn."""
    place = Lock()
    place.acquire()
    queue.append(place)
    return place
