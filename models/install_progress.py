"""How an installation tells what it is doing, and the errors that end it."""

from typing import Protocol

from models.embedding import EmbedderError


class InstallProgress(Protocol):
    """Whoever shows the progress of an installation."""

    def step(self, what: str, total: int | None) -> None:
        """Begin a step.

        Args:
            what: What happens now, for people.
            total: Bytes that the step will work through, if known.
        """
        ...

    def advance(self, amount: int) -> None:
        """Report bytes that the current step is done with since the last report."""
        ...


class SilentProgress:
    """Shows nothing."""

    def step(self, what: str, total: int | None) -> None:
        """Ignore the step."""

    def advance(self, amount: int) -> None:
        """Ignore the bytes."""


class InstallError(EmbedderError):
    """A model could not be installed; the message says why and what helps."""


class SourceUnavailableError(InstallError):
    """One source does not have the model, or cannot be reached."""
