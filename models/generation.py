"""The contract between whoever has messages and whatever goes on writing after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Author(StrEnum):
    """Who wrote a message, as chat models name them."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a conversation.

    Attributes:
        author: Who wrote it.
        text: What it says.
    """

    author: Author
    text: str


@dataclass(frozen=True, slots=True)
class GenerationLimits:
    """How much may be written.

    Attributes:
        tokens: At most so many tokens of the model.
        seconds: In at most this time, waiting for a turn included.
    """

    tokens: int
    seconds: float


class Generator(Protocol):
    """Writes the next message of a conversation, the likeliest one.

    What it writes is not to be trusted: it may be wrong, in another language, or anything else.
    Implementations may be called by several threads at once.
    """

    @property
    def identity(self) -> str:
        """What writes: a name that changes whenever another text may come out."""
        ...

    def generate(self, messages: Sequence[Message], limits: GenerationLimits) -> Iterator[str]:
        """Write, within bounded time and memory.

        Args:
            messages: The conversation; the last message is the user's.
            limits: How much may be written.

        Yields:
            Pieces of the text as they are written. A text is whole only when they end without an
            error; whoever stops taking them ends the writing.

        Raises:
            GeneratorUnavailableError: Nothing can be written at present.
            GenerationFailedError: This could not be written, other texts may.
        """
        ...


class GeneratorError(Exception):
    """A generator cannot be used; the message says which, why, and what to do."""


class GeneratorUnavailableError(GeneratorError):
    """Nothing can be written at present, whatever is asked."""


class GeneratorUnreachableError(GeneratorUnavailableError):
    """A server is not reached."""


class GeneratorRefusedError(GeneratorUnavailableError):
    """A server is reached and wants nothing to do with us: no key, no such model, too often."""


class GeneratorPausedError(GeneratorUnavailableError):
    """A server failed so often that it is left alone for a while."""


class GenerationModelError(GeneratorUnavailableError):
    """A model cannot be loaded."""


class ModelMissingError(GenerationModelError):
    """No model is where it is expected."""


class ModelDamagedError(GenerationModelError):
    """A model's files are not whole, or not in a form that can be read."""


class NotAChatModelError(GenerationModelError):
    """A model that does not write, or that does not know conversations."""


class ModelTooLargeError(GenerationModelError):
    """A model needs more memory than there is."""


class ExtraMissingError(GenerationModelError):
    """A model needs an optional dependency that is not installed."""


class GenerationFailedError(GeneratorError):
    """This text could not be written, others may be."""


class GenerationTimedOutError(GenerationFailedError):
    """The text was not whole in time."""


class BrokenReplyError(GenerationFailedError):
    """A server answered with an error, with nonsense, or broke off."""


class RequestRejectedError(GenerationFailedError):
    """A server does not take this request, such as one with more text than its model reads."""


class TooLongError(GenerationFailedError):
    """The messages are longer than the model reads, or the text than it may be."""


class GeneratorBusyError(GenerationFailedError):
    """Too many texts are being written; there was no turn in time."""
