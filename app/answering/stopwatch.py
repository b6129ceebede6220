"""How long each step of an answer took."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Takes the time from one step to the next."""

    __slots__ = ("_laps", "_last", "_start")

    def __init__(self) -> None:
        self._start = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """Name the step that ends now."""
        now = perf_counter()
        self._laps[step] = round((now - self._last) * 1000, 3)
        self._last = now

    def read(self) -> dict[str, float]:
        """Give the milliseconds of each step, and of all of it as `total`."""
        return {"total": round((perf_counter() - self._start) * 1000, 3), **self._laps}
