"""Leaves a failing server alone for a while, then tries it with one request."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic


class CircuitBreaker:
    """Opens after failures in a row; after a pause lets one request through, which decides.

    After Nygard, "Release It!" (2007), chapter 5. May be used by several threads at once.
    """

    def __init__(
        self,
        failures: int = 3,
        pause_seconds: float = 30.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Set the bounds.

        Args:
            failures: So many in a row open it.
            pause_seconds: How long it stays open before it is tried again.
            clock: Gives the time in seconds.
        """
        self._failures_to_open = failures
        self._pause = pause_seconds
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._opened_at = 0.0
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether it failed so often that only a trial gets through."""
        return self._failures >= self._failures_to_open

    def seconds_left(self) -> float:
        """Tell, without asking for leave to try, how long nobody gets it; 0 where someone may."""
        with self._lock:
            if not self.is_open or self._is_probing:
                return 0.0
            return max(self._opened_at + self._pause - self._clock(), 0.0)

    def seconds_to_wait(self) -> float | None:
        """Ask for leave to try.

        Returns:
            None for yes: then one of `succeeded`, `failed` or `ended` must follow. Otherwise how
            many seconds to wait.
        """
        with self._lock:
            if not self.is_open:
                return None
            left = self._opened_at + self._pause - self._clock()
            if left <= 0 and not self._is_probing:
                self._is_probing = True
                return None
            return max(left, 1.0)

    def succeeded(self) -> None:
        """Note that the server answered as it should; closes it."""
        with self._lock:
            self._failures = 0
            self._is_probing = False

    def failed(self) -> bool:
        """Note that it did not.

        Returns:
            Whether this opened it.
        """
        with self._lock:
            self._failures += 1
            self._is_probing = False
            if self.is_open:
                self._opened_at = self._clock()
            return self.is_open

    def ended(self) -> None:
        """Note that a try ended without telling anything of the server."""
        with self._lock:
            self._is_probing = False
