"""What a visitor asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from indexer.query import Filters

UserValue = str | int | float | bool | None
"""What a website may tell about its visitor under one key."""


class Mode(StrEnum):
    """How far the service may go to answer."""

    AUTO = "auto"
    CURATED = "curated"
    RETRIEVE = "retrieve"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, as it came in.

    Attributes:
        text: As typed, not yet redacted.
        language: Canonical BCP 47 tag that overrides detection; None to detect.
        page_language: Canonical tag of the page the visitor is on; a hint.
        accept_languages: Canonical tags the browser asks for, each with its quality in [0, 1].
        conversation_id: The conversation it belongs to; None starts a new one.
        user: What the website tells about the visitor; passed on with a ticket, never searched.
        filters: Which entries may answer.
        mode: AUTO; CURATED never delivers machine-written text; RETRIEVE decides the same but
            opens no ticket.
        explain: Say why it was decided as it was; for operators.
        idempotency_key: Given again, it must not open a second ticket.
    """

    text: str
    language: str | None = None
    page_language: str | None = None
    accept_languages: tuple[tuple[str, float], ...] = ()
    conversation_id: str | None = None
    user: Mapping[str, UserValue] = field(default_factory=lambda: MappingProxyType({}))
    filters: Filters = field(default_factory=Filters)
    mode: Mode = Mode.AUTO
    explain: bool = False
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """A question to rank entries by, without a decision.

    Attributes:
        text: As typed, not yet redacted.
        language: Canonical BCP 47 tag that overrides detection; None to detect.
        accept_languages: Canonical tags the browser asks for, each with its quality in [0, 1].
        filters: Which entries may be found.
        limit: At most this many entries, from 1.
    """

    text: str
    language: str | None = None
    accept_languages: tuple[tuple[str, float], ...] = ()
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
