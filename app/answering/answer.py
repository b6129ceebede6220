"""What a visitor is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.answering.explanation import Explanation
from indexer.decision import Confidence, Outcome, Reason
from knowledge_base.languages import Direction
from models.language_id import IdentifiedLanguage


class AnswerKind(StrEnum):
    """Where the delivered text comes from."""

    CURATED = "curated"
    TRANSLATED = "translated"
    GENERATED = "generated"
    ORIGINAL = "original"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of the service's own that accompanies an answer.

    Attributes:
        text: Plain text.
        language: BCP 47 tag of the text.
        direction: In which direction the text is written.
    """

    text: str
    language: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The text that answers, or the notice in its place.

    Attributes:
        text: Markdown of a record, word for word, or a notice in plain text.
        html: The same as safe HTML.
        language: BCP 47 tag of the text.
        direction: In which direction the text is written.
        kind: Where the text comes from.
        ai_generated: Whether a machine wrote it.
        remark: Says in the visitor's language that the text is in another one; None otherwise.
    """

    text: str
    html: str
    language: str
    direction: Direction
    kind: AnswerKind
    ai_generated: bool = False
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence of a machine's, and what it rests on.

    Attributes:
        sentence: Markdown, as it was delivered.
        passage: Plain text of the sentence of the record that supports it.
    """

    sentence: str
    passage: str


@dataclass(frozen=True, slots=True)
class Citation:
    """The record that a delivered text was taken from.

    Attributes:
        score: Fused score of the entry in [0, 1].
        supports: Which sentences rest on which of its own; none where the text is a person's, or a
            translation of all of it.
    """

    entry_id: str
    language: str
    question: str
    url: str | None
    score: float
    supports: tuple[Supported, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """An entry that may also be meant, its question in the visitor's language where it exists.

    Attributes:
        score: Fused score of the entry in [0, 1].
    """

    entry_id: str
    question: str
    language: str
    score: float


@dataclass(frozen=True, slots=True)
class Handoff:
    """A ticket that waits for a person, as the visitor is told of it.

    Attributes:
        message: What happens next, in the visitor's language.
    """

    ticket_id: str
    status: str
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to one question.

    Attributes:
        reason: None exactly when the outcome is ANSWERED or SMALL_TALK.
        text: Never missing: a notice where there is no answer.
        alternatives: At most three, best first; they begin with the top entry unless answered.
        handoff: The ticket; None where none was opened.
        disclosure: Says in the visitor's language that a machine speaks.
        generation: Id of the one index generation behind all of it.
        timings_ms: Milliseconds a step took; `total` always, the others where they were needed.
        explanation: Why it was decided so; None unless asked for.
    """

    answer_id: str
    conversation_id: str
    outcome: Outcome
    reason: Reason | None
    text: AnswerText
    query_language: IdentifiedLanguage
    confidence: Confidence
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]
    handoff: Handoff | None
    disclosure: str
    generation: str
    timings_ms: Mapping[str, float]
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One entry found, in the visitor's language where it exists.

    Attributes:
        answer: Markdown, word for word.
        score: Fused score in [0, 1].
    """

    entry_id: str
    language: str
    question: str
    answer: str
    url: str | None
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked entries, best first, without a decision."""

    hits: tuple[SearchHit, ...]
    query_language: IdentifiedLanguage
    generation: str
