"""Progress on stderr: a bar with rate and time left on a terminal, a line a step elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from app.cli.output import note, notes


class RateColumn(ProgressColumn):
    """How many a second."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self._unit = unit

    def render(self, task: Task) -> Text:
        """Show the rate once it is known."""
        return Text(f"{task.speed:,.0f} {self._unit}/s" if task.speed else "")


class StepProgress:
    """One step after the other, each with a bar where its size is known.

    Args:
        columns: What is shown right of a bar.
        quiet: Show nothing, neither bars nor lines.
    """

    def __init__(self, *columns: ProgressColumn, quiet: bool = False) -> None:
        console = notes()
        self._is_drawn = console.is_terminal and not quiet
        self._is_told = not console.is_terminal and not quiet
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            *columns,
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not self._is_drawn,
        )
        self._task: TaskID | None = None

    def step(self, what: str, total: int | None) -> None:
        """Begin a step.

        Args:
            what: What happens now.
            total: How much there is to do; None where that is not known.
        """
        if self._is_told:
            note(what)
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(what, total=total)

    def advance(self, amount: int) -> None:
        """Report what was done since the last report."""
        if self._task is not None:
            self._progress.advance(self._task, amount)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


def bytes_progress(*, quiet: bool = False) -> StepProgress:
    """Progress of a download or of reading files."""
    return StepProgress(DownloadColumn(), TransferSpeedColumn(), quiet=quiet)


class CountProgress(StepProgress):
    """Progress of work on things that are counted.

    Args:
        unit: What they are called, in the plural.
        quiet: Show nothing.
    """

    def __init__(self, unit: str, *, quiet: bool = False) -> None:
        super().__init__(MofNCompleteColumn(), RateColumn(unit), quiet=quiet)
