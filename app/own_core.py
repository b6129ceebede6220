"""A core for each process that answers, which it keeps to while all of them have questions."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from mmap import mmap
from threading import Lock
from types import TracebackType
from typing import Self


class Seats:
    """Where processes that answer stand, and which of them have questions.

    Made before they are forked, it is shared by all of them.

    Args:
        processes: How many there are.
        cores: Numbers of the cores that they may run on. With as many as there are processes, each
            has one of its own.
    """

    def __init__(self, processes: int, cores: Iterable[int] | None = None) -> None:
        found = sorted(os.sched_getaffinity(0) if cores is None else cores)
        self._cores = tuple(found) if len(found) == processes > 1 else ()
        self._busy = mmap(-1, processes)

    @property
    def cores(self) -> tuple[int, ...]:
        """The core of each seat; none where processes and cores are not as many."""
        return self._cores

    @property
    def all_have_questions(self) -> bool:
        """Whether every process has some."""
        return self._busy.find(b"\0") < 0

    def choose(self, taken: Iterable[int]) -> int:
        """Choose a seat for another process, where the fewest are."""
        counts = Counter(taken)
        return min(range(len(self._busy)), key=counts.__getitem__)

    def note(self, seat: int, *, has_questions: bool) -> None:
        """Let the others know whether a process has questions; one that ended has none."""
        self._busy[seat] = has_questions


class OwnCore:
    """The core of this process; to be entered while a client has its attention.

    Args:
        seats: Of all processes.
        seat: Of this one.
    """

    def __init__(self, seats: Seats, seat: int) -> None:
        self._seats = seats
        self._seat = seat
        self._all = frozenset(seats.cores)
        self._own = frozenset(seats.cores[seat : seat + 1])
        self._clients = 0
        self._counting = Lock()

    def __enter__(self) -> Self:
        with self._counting:
            self._clients += 1
            if self._clients == 1:
                self._seats.note(self._seat, has_questions=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._counting:
            self._clients -= 1
            if not self._clients:
                self._seats.note(self._seat, has_questions=False)

    def keep(self) -> bool:
        """Have the calling thread keep to the core, if every process has questions.

        The core of one that has none is for whoever comes.

        Returns:
            Whether it does. It has to be released before it starts other threads or processes,
            which would keep to the core for ever.
        """
        if not self._own or not self._seats.all_have_questions:
            return False
        return self._may_run_on(self._own)

    def release(self) -> None:
        """Let the calling thread run anywhere again."""
        self._may_run_on(self._all)

    def _may_run_on(self, cores: frozenset[int]) -> bool:
        try:
            os.sched_setaffinity(0, cores)
        except OSError:  # it is forbidden, or the cores are others by now
            self._own = frozenset()
            return False
        return True
