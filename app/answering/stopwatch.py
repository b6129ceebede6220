"""How long each step of an answer took."""

from __future__ import annotations

from time import perf_counter


class Stopwatch:
    """Takes the time from one step to the next."""

    __slots__ = ("_laps", "_start")

    def __init__(self) -> None:
        self._start = perf_counter()
        self._laps: list[tuple[str, float]] = []

    def lap(self, step: str) -> None:
        """Name the step that ends now."""
        self._laps.append((step, perf_counter()))

    def read(self) -> dict[str, float]:
        """Give the milliseconds of each step, and of all of it as `total`."""
        milliseconds = {"total": _milliseconds(self._start, perf_counter())}
        begun = self._start
        for step, ended in self._laps:
            milliseconds[step] = _milliseconds(begun, ended)
            begun = ended
        return milliseconds


def _milliseconds(begun: float, ended: float) -> float:
    return round((ended - begun) * 1000, 3)
