"""What is kept of every answer, and of what visitors thought of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.answering.answer import AnswerKind
from app.answering.question import Mode
from indexer.decision import Outcome, Reason
from models.language_priors import LanguageSource


class Rating(StrEnum):
    """What a visitor thought of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answered question, as it is stored.

    Attributes:
        asked_at: Aware, UTC.
        question: Personal data already redacted.
        language: BCP 47 tag the question was taken to be in, or `und`.
        language_confidence: Probability of that tag in [0, 1].
        entry_id: The delivered entry, else the top one; None where nothing was found.
        answer_language: BCP 47 tag of the delivered text.
        confidence: Probability in [0, 1] that the top entry answers the question.
        threshold: The probability from which on it is delivered.
        ticket_id: The ticket it led to.
        timings_ms: Milliseconds per step.
    """

    answer_id: str
    conversation_id: str
    asked_at: datetime
    question: str
    mode: Mode
    language: str
    language_confidence: float
    language_source: LanguageSource
    outcome: Outcome
    reason: Reason | None
    kind: AnswerKind
    entry_id: str | None
    answer_language: str
    confidence: float
    threshold: float
    generation: str
    ticket_id: str | None
    timings_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a visitor thought of one answer.

    Attributes:
        reason: A short keyword of the website's own.
        comment: Free text, personal data already redacted.
        correction: What the answer should have been, redacted.
        given_at: Aware, UTC.
    """

    answer_id: str
    rating: Rating
    reason: str | None
    comment: str | None
    correction: str | None
    given_at: datetime


class JournalUnavailableError(Exception):
    """The journal cannot be written or read just now; the message says why."""


class Journal(Protocol):
    """Keeps answers and feedback.

    Every method may raise `JournalUnavailableError`; all are thread-safe.
    """

    def append(self, records: Sequence[AnswerRecord]) -> None:
        """Store answers in one transaction; called by one background thread."""
        ...

    def last_language(self, conversation_id: str) -> str | None:
        """Give the language of a conversation's last question; None where it is not known."""
        ...

    def add_feedback(self, feedback: Feedback) -> bool:
        """Store feedback; a later one replaces an earlier one on the same answer.

        Returns:
            False where there is no such answer.
        """
        ...
