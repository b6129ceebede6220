"""So many at once, and a bounded wait for the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore

from models.generation import GeneratorBusyError


class Turns:
    """Hands out turns to threads."""

    def __init__(self, at_once: int, wait_seconds: float) -> None:
        """Set the bounds.

        Args:
            at_once: How many may have a turn at the same time.
            wait_seconds: How long the others wait for one.
        """
        self._free = Semaphore(at_once)
        self._at_once = at_once
        self._wait_seconds = wait_seconds

    def take(self, most_seconds: float) -> None:
        """Wait for a turn; whoever has it must `give` it back.

        Args:
            most_seconds: Wait no longer than this, either.

        Raises:
            GeneratorBusyError: There was none in time.
        """
        seconds = min(self._wait_seconds, most_seconds)
        if not self._free.acquire(timeout=seconds):
            raise GeneratorBusyError(
                f"{self._at_once} texts are being written, and none was done within "
                f"{seconds:g} s; raise POLYFAQ_GENERATOR_AT_ONCE or POLYFAQ_GENERATOR_WAIT_SECONDS"
            )

    def give(self) -> None:
        """Let the next one have its turn."""
        self._free.release()

    @contextmanager
    def turn(self, most_seconds: float) -> Iterator[None]:
        """Have a turn, as `take` and `give` do.

        Raises:
            GeneratorBusyError: There was none in time.
        """
        self.take(most_seconds)
        try:
            yield
        finally:
            self.give()
