"""The canonical content record: one entry in one language."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType


class Origin(StrEnum):
    """Who wrote a record's text."""

    HUMAN = "human"
    MACHINE = "machine"


class Status(StrEnum):
    """Whether a record may be shown to visitors: only approved ones are."""

    APPROVED = "approved"
    DRAFT = "draft"
    ARCHIVED = "archived"


def default_status(origin: Origin) -> Status:
    """Tell the status of a record that states none: machine text waits for approval."""
    return Status.DRAFT if origin is Origin.MACHINE else Status.APPROVED


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands in the files that editors keep.

    Attributes:
        file: Path as the editor named it.
        line: Line or row number, from 1; None where the format has neither.
        sheet: Worksheet name in a workbook.
    """

    file: str
    line: int | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        place = self.file if self.sheet is None else f"{self.file} [{self.sheet}]"
        return place if self.line is None else f"{place}:{self.line}"


@dataclass(frozen=True, slots=True)
class Record:
    """One entry in one language, as editors wrote it.

    Attributes:
        id: Stable key of the entry, the same in all its languages.
        lang: BCP 47 tag in canonical case (`en`, `pt-BR`, `zh-Hant`).
        question: Plain text.
        answer: Markdown.
        alternates: Other ways to ask the question.
        metadata: Free keys, usable as filters.
        source_hash: `source_hash` of the source-language record that this text was translated from.
        location: Where the record was read; no part of its value.
    """

    id: str
    lang: str
    question: str
    answer: str
    alternates: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    url: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    related: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    origin: Origin = Origin.HUMAN
    status: Status = Status.APPROVED
    source_hash: str | None = None
    location: Location | None = field(default=None, compare=False)

    def is_servable(self, today: date) -> bool:
        """Tell whether visitors may see this text on the given day."""
        return (
            self.status is Status.APPROVED
            and (self.valid_from is None or self.valid_from <= today)
            and (self.valid_until is None or today <= self.valid_until)
        )


def source_hash(question: str, answer: str) -> str:
    """Fingerprint the text a translation is made from: 16 hexadecimal digits.

    Surrounding and repeated white space and Unicode composition do not count, so that re-wrapping
    a file leaves its translations fresh.
    """
    normal = "\x00".join(
        " ".join(unicodedata.normalize("NFC", text).split()) for text in (question, answer)
    )
    return hashlib.sha256(normal.encode()).hexdigest()[:16]
