"""The parts of a build that take time, and who looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from time import perf_counter
from typing import Protocol

from indexer.embedding_run import EmbeddingProgress


class Step(StrEnum):
    """The parts of a build that take time."""

    COMPARE_FILES = "compare_files"
    READ = "read"
    CHECK = "check"
    COMPARE = "compare"
    EMBED = "embed"
    INDEX = "index"
    CALIBRATE = "calibrate"
    ASK_GOLDEN = "ask_golden"
    PUBLISH = "publish"


class BuildProgress(EmbeddingProgress, Protocol):
    """Whoever wants to see how a build goes on."""

    def begin(self, step: Step) -> None:
        """A step begins, and the one before is done."""
        ...


class Unwatched:
    """Progress that nobody looks at."""

    def begin(self, step: Step) -> None:
        """Say nothing."""

    def embedding(self, total: int) -> None:
        """Say nothing."""

    def embedded(self, count: int) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class StepTiming:
    """How long a step took, in seconds."""

    step: Step
    seconds: float


class Steps:
    """Tells whoever watches which step is under way, and keeps how long each took."""

    def __init__(self, progress: BuildProgress) -> None:
        self.progress = progress
        self._timings: list[StepTiming] = []

    @contextmanager
    def step(self, step: Step) -> Iterator[None]:
        """Everything inside belongs to a step."""
        self.progress.begin(step)
        started = perf_counter()
        yield
        self._timings.append(StepTiming(step, perf_counter() - started))

    @property
    def timings(self) -> tuple[StepTiming, ...]:
        """The steps that ended, in order."""
        return tuple(self._timings)
