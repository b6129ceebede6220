"""What can be wrong with content: problems that name the place and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from knowledge_base.entry import Location

_SHOWN_IN_MESSAGE = 3


class Severity(StrEnum):
    """How much a problem matters: errors keep content from being published."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(StrEnum):
    """The kinds of problems, as programs and documentation name them."""

    UNSAFE_PATH = "unsafe-path"
    SKIPPED_FILE = "skipped-file"
    UNKNOWN_FORMAT = "unknown-format"
    UNREADABLE_FILE = "unreadable-file"
    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    ENCODING = "encoding"
    SYNTAX = "syntax"
    FORBIDDEN_SYNTAX = "forbidden-syntax"
    FORMULA = "formula"
    UNKNOWN_FIELD = "unknown-field"
    MISSING_FIELD = "missing-field"
    INVALID_FIELD = "invalid-field"
    CONTROL_CHARACTER = "control-character"
    TOO_LONG = "too-long"
    UNTRANSLATED = "untranslated"
    DERIVED_ID = "derived-id"
    DUPLICATE_ENTRY = "duplicate-entry"
    DUPLICATE_QUESTION = "duplicate-question"
    MISSING_DEFAULT_LANGUAGE = "missing-default-language"
    MISSING_TRANSLATION = "missing-translation"
    STALE_TRANSLATION = "stale-translation"
    DRAFT = "draft"
    UNREACHABLE_RELATED = "unreachable-related"
    LONG_ANSWER = "long-answer"
    LANGUAGE_MISMATCH = "language-mismatch"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    APPROVED_MACHINE_TEXT = "approved-machine-text"
    UNKNOWN_EXPECTATION = "unknown-expectation"
    NO_CONTENT = "no-content"
    IN_THE_WAY = "in-the-way"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in the content.

    Attributes:
        severity: Whether it stops publication.
        code: The kind of problem.
        message: What is wrong and the way out, in one or two sentences.
        location: The file, and row or line, at fault.
        entry_id: The entry concerned.
        lang: The language concerned.
        field: The field or column concerned.
    """

    severity: Severity
    code: Code
    message: str
    location: Location | None = None
    entry_id: str | None = None
    lang: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        where = [] if self.location is None else [f"{self.location}:"]
        entry = " ".join(part for part in (self.entry_id, self.lang) if part)
        what = [f"[{entry}]"] if entry else []
        if self.field is not None and self.field not in self.message:
            what.append(f"{self.field}:")
        return " ".join([*where, f"{self.severity}:", *what, f"{self.message} ({self.code})"])


class KnowledgeBaseError(Exception):
    """Content could not be read or written as asked."""


class MissingPathError(KnowledgeBaseError):
    """A path names no file and no folder.

    Args:
        path: What was named.
        wanted: What it should name.
    """

    def __init__(self, path: Path, wanted: str = "a content file or folder") -> None:
        super().__init__(f"{path} does not exist; name {wanted} that does")
        self.path = path


class ContentError(KnowledgeBaseError):
    """Content is not fit for what was asked of it.

    Attributes:
        problems: Everything found wrong, most of it not in the message.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "; ".join(str(problem) for problem in self.problems[:_SHOWN_IN_MESSAGE])
        more = len(self.problems) - _SHOWN_IN_MESSAGE
        super().__init__(f"{shown}; and {more} more" if more > 0 else shown)
