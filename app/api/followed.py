"""An iterator followed by a thread of its own, so that whoever reads it can tell silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Event, Thread
from typing import Generic, Self, TypeVar

Item = TypeVar("Item")

_AHEAD = 8
"""Items that may wait to be read; at least two, for the last one and the end behind it."""


@dataclass(frozen=True, slots=True)
class _Next(Generic[Item]):
    item: Item


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None = None


class Followed(Generic[Item]):
    """What a generator yields, and None for every while in which it yields nothing.

    A thread runs the generator, a few items ahead of the reader at most. Reading raises what the
    generator raises. Whoever is done closes this, read to its end or not.

    Args:
        items: A generator, which nobody else may touch from now on.
        patience: How many seconds of silence are one None.
    """

    def __init__(self, items: Iterator[Item], patience: float) -> None:
        self._items = items
        self._patience = patience
        self._steps: Queue[_Next[Item] | _End] = Queue(_AHEAD)
        self._is_unwanted = Event()
        self._is_over = False
        # What is logged on the way carries the id of the request.
        run = copy_context().run
        self._thread = Thread(
            target=run, args=(self._follow,), name=f"followed-{id(self):x}", daemon=True
        )
        self._thread.start()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item | None:
        if self._is_over:
            raise StopIteration
        try:
            step = self._steps.get(timeout=self._patience)
        except Empty:
            return None
        if isinstance(step, _Next):
            return step.item
        self._is_over = True
        if step.error is not None:
            raise step.error
        raise StopIteration

    def close(self) -> None:
        """End the generator where it is, and wait until it has ended.

        Waiting keeps the reader's thread, so that there are never more generators under way than
        the server has threads; a generator that answers within bounded time bounds the wait.
        """
        self._is_over = True
        self._is_unwanted.set()
        with suppress(Empty):
            while True:
                self._steps.get_nowait()
        self._thread.join()

    def _follow(self) -> None:
        end = _End()
        try:
            with closing(self._items) as items:  # type: ignore[type-var] # a generator has close
                for item in items:
                    if self._is_unwanted.is_set():
                        break
                    self._steps.put(_Next(item))
        except Exception as error:  # noqa: BLE001 - it is raised where the items are read
            end = _End(error)
        self._steps.put(end)
