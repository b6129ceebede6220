"""What answering asks of machines that write: a text, verified sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.answering.answer import AnswerKind, Citation
from app.answering.ports import KnowledgeIndex
from knowledge_base.entry import Record


class Purpose(StrEnum):
    """Why a machine may write."""

    LANGUAGE = "language"
    """The entry that answers has no text in the reader's language."""
    ENTRIES = "entries"
    """Two or three entries are likely meant, and the answer may lie across them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text that no person has written, whoever asks for it.

    Attributes:
        purpose: Why a machine may write it.
        records: What it may be grounded in, the best first: texts that the visitor may be shown.
        citations: How each of the records is cited.
    """

    purpose: Purpose
    records: tuple[Record, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A text that is wanted.

    Attributes:
        purpose: Why it is.
        question: As the visitor asked it, redacted.
        reader: Canonical tag of the language to write in.
        records: What it may be grounded in, the best first: texts that the visitor may be shown.
        conversation_id: Whose budget it is written from.
    """

    purpose: Purpose
    question: str
    reader: str
    records: tuple[Record, ...]
    conversation_id: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence rests on.

    Attributes:
        record: The text of an entry.
        passage: The sentence in it, plain text.
    """

    record: Record
    passage: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A piece of a machine's text that passed all checks.

    Attributes:
        text: Markdown with the white space that leads it: pieces joined are the text.
        record: What it is grounded in: one of the assignment's records, or the same entry's text in
            another language that the visitor may be shown.
        passage: The sentence of the record that it rests on; None where it is all of it.
    """

    text: str
    record: Record
    passage: str | None = None


class Unwritten(StrEnum):
    """Why there is no text, or no more of it."""

    NO_ROUTE = "no_route"
    BUDGET = "budget"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    NOT_TOLD = "not_told"
    REFUSED = "refused"


class UnwrittenError(Exception):
    """A text was not written, or not to its end; what passed before stands.

    Attributes:
        reason: The kind of failure.
        is_logged: A line of the log tells of it already.
    """

    def __init__(self, reason: Unwritten, message: str, *, is_logged: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.is_logged = is_logged


class Writer(Protocol):
    """Writes what no person has written, and lets nothing out unverified.

    Implementations may be called by several threads at once; each call ends within bounded time.
    """

    @property
    def kind(self) -> AnswerKind:
        """What its texts are: TRANSLATED or GENERATED."""
        ...

    def takes(self, assignment: Assignment) -> bool:
        """Tell, at no cost, whether this is a text it might write."""
        ...

    def write(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        """Write a text.

        Args:
            assignment: What is wanted.
            index: The generation that its records are from.

        Yields:
            Pieces, each verified. Whoever stops taking them ends the writing.

        Raises:
            UnwrittenError: There is no text, or it ends here, before its end.
        """
        ...
