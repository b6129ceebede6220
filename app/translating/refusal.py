"""Why a translation was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """The kinds of refusals, as programs and documentation name them."""

    EMPTY = "empty"
    PIECES = "pieces"
    STRUCTURE = "structure"
    UNTRANSLATED = "untranslated"
    LENGTH = "length"
    LANGUAGE = "language"
    UNKNOWN_WORDS = "unknown-words"
    NO_ROUTE = "no-route"
    FAILED = "failed"
    UNWRITABLE = "unwritable"


class RefusedError(Exception):
    """A translation is not fit to be a draft.

    Attributes:
        reason: The kind of fault.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text that was not translated.

    Attributes:
        entry_id: The entry.
        lang: The language it was to be in.
        field: `question`, `answer` or `alternates`; None where the whole entry is concerned.
        reason: The kind of fault.
        message: What is wrong, in a sentence.
    """

    entry_id: str
    lang: str
    field: str | None
    reason: Reason
    message: str
