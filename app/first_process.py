"""The first process that answers, which loads alone: two at once both take twice as long."""

from __future__ import annotations

import os
from collections.abc import Callable
from select import POLLIN, poll
from time import monotonic

_LOADS_SECONDS = 15.0
_LOOK_MILLISECONDS = 100


class FirstProcess:
    """Says whether the first process has loaded; made before any is forked."""

    def __init__(self) -> None:
        """Prepare a pipe that is readable in every process once one of them has written to it."""
        self._ready, self._says_ready = os.pipe()

    def wait(self, is_alive: Callable[[], bool]) -> None:
        """Wait until it has loaded, as long as that may take.

        Args:
            is_alive: Whether there is still something to wait for.
        """
        until = monotonic() + _LOADS_SECONDS
        while is_alive() and monotonic() < until:
            if self._is_ready(_LOOK_MILLISECONDS):
                return

    def announce(self) -> None:
        """Tell the others that this process, the first or a later one, has loaded."""
        # A pipe that nobody reads would be full after some ten thousand restarts.
        if not self._is_ready(0):
            os.write(self._says_ready, b"1")

    def _is_ready(self, milliseconds: int) -> bool:
        ready = poll()
        ready.register(self._ready, POLLIN)
        return bool(ready.poll(milliseconds))
