"""A memory of translations that costs no answer when it cannot be used."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import TypeVar

from app.translating.memory import MemoryUnusableError, TranslationMemory
from models.circuit_breaker import CircuitBreaker
from models.marked_text import MarkedText
from models.translation import Pair, Translated

Found = TypeVar("Found")

_LOG = logging.getLogger(__name__)
_WAIT_SECONDS = 1.0
_PAUSE_SECONDS = 60.0


class BestEffortMemory:
    """The file of `TranslationMemory`, opened for each use, and done without where that fails.

    May be used by several threads at once.
    """

    def __init__(self, file: Path, *, clock: Callable[[], float] = monotonic) -> None:
        """Name the file; it is not opened yet.

        Args:
            file: An SQLite file, which other processes may use as well.
            clock: Gives the time in seconds; a file that cannot be used is left alone for a minute.
        """
        self._file = file
        self._breaker = CircuitBreaker(failures=1, pause_seconds=_PAUSE_SECONDS, clock=clock)

    def find(self, identity: str, pair: Pair, text: MarkedText) -> Translated | None:
        """Look for what came of a text, None if that is not known or the file cannot be read."""
        return self._use(lambda memory: memory.find(identity, pair, text))

    def keep(
        self, identity: str, pair: Pair, translations: Mapping[MarkedText, Translated]
    ) -> None:
        """Remember what came of texts, if the file can be written."""
        self._use(lambda memory: memory.keep(identity, pair, translations))

    def _use(self, use: Callable[[TranslationMemory], Found]) -> Found | None:
        was_open = self._breaker.is_open
        if self._breaker.seconds_to_wait() is not None:
            return None
        try:
            with TranslationMemory(self._file, _WAIT_SECONDS) as memory:
                found = use(memory)
        except MemoryUnusableError as error:
            self._breaker.failed()
            if not was_open:
                _LOG.warning("translations are not kept for now: %s", error)
            return None
        self._breaker.succeeded()
        return found
