"""What callers get, as OpenAPI describes it; `documents` builds the same shapes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.answering.act_grammar import DialogueAct
from app.answering.answer import AnswerKind
from app.handoff.tickets import TicketStatus
from app.journal import Rating
from indexer.decision import Outcome, Reason
from knowledge_base.languages import Direction
from models.language_id import LanguageSource

Share = Annotated[float, Field(ge=0, le=1)]
Scalar = str | bool | int | float | None
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NoticeOut(_Response):
    """A sentence of the service's own, plain text."""

    text: str
    language: str
    direction: Direction


class TextMetaOut(_Response):
    """Where a text comes from, and how to show it."""

    language: str
    direction: Direction
    kind: AnswerKind
    ai_generated: bool
    notice: Annotated[
        NoticeOut | None,
        Field(
            description="Says that the text is in another language, or that a machine wrote it; "
            "shown above it."
        ),
    ]


class AnswerTextOut(TextMetaOut):
    """The text that answers, or the notice in its place."""

    text: Annotated[str, Field(description="Markdown.")]
    html: Annotated[str, Field(description="The same as HTML that is safe to insert.")]


class QueryLanguageOut(_Response):
    """The language that a question was taken to be in."""

    tag: Annotated[str, Field(description="`und` where it is not known.")]
    confidence: Share
    source: LanguageSource


class ConfidenceOut(_Response):
    """Probability that the top entry answers, and from which on it is delivered."""

    value: Share
    threshold: Share


class CitationOut(_Response):
    """The record that an answer was taken from."""

    entry_id: str
    language: str
    question: str
    url: str | None
    score: float


class AlternativeOut(_Response):
    """An entry that may also be meant."""

    entry_id: str
    question: str
    language: str
    score: float


class HandoffOut(_Response):
    """The ticket that a question led to."""

    ticket_id: str
    status: TicketStatus
    message: str


class FeatureOut(_Response):
    """What one feature of the ranking said."""

    name: str
    value: float
    contribution: Annotated[float, Field(description="In logits: the value times its weight.")]


class CandidateOut(_Response):
    """An entry that was found."""

    entry_id: str
    language: Annotated[str, Field(description="Of the text that matched best.")]
    score: float
    dense: Annotated[float, Field(description="Best cosine of its texts.")]
    lexical: Annotated[float, Field(description="Share of the question's words, weighed.")]


class ExplanationOut(_Response):
    """Why a question was decided as it was: its contributions add up to a logit."""

    act: Annotated[DialogueAct | None, Field(description="What the words do besides asking.")]
    features: list[FeatureOut]
    intercept: float
    language_offset: Annotated[
        float, Field(description="What questions in this language are lowered by; at most 0.")
    ]
    probability: Share
    threshold: Share
    verbatim: Annotated[
        bool, Field(description="The question is a phrasing of the top entry, word for word.")
    ]
    candidates: list[CandidateOut]


class AnswerOut(_Response):
    """The reply to a question."""

    answer_id: str
    conversation_id: str
    outcome: Outcome
    reason: Reason | None
    answer: AnswerTextOut
    query_language: QueryLanguageOut
    confidence: ConfidenceOut
    citations: list[CitationOut]
    alternatives: Annotated[list[AlternativeOut], Field(max_length=3)]
    handoff: HandoffOut | None
    disclosure: str
    generation: str
    timings_ms: dict[str, float]
    explanation: Annotated[
        ExplanationOut | None, Field(description="Only where it was asked for.")
    ] = None


class MetaOut(_Response):
    """What is known before the first word of a streamed answer."""

    answer_id: str
    conversation_id: str
    outcome: Outcome
    answer: TextMetaOut
    query_language: QueryLanguageOut
    disclosure: str
    generation: str


class DeltaOut(_Response):
    """The next piece of a streamed text."""

    text: Annotated[str, Field(description="Markdown; the pieces joined are `answer.text`.")]
    html: Annotated[
        str, Field(description="All of the text so far as HTML that is safe to insert.")
    ]
    entry_id: Annotated[str | None, Field(description="The entry that the piece is grounded in.")]


class HitOut(_Response):
    """One entry found."""

    entry_id: str
    language: str
    question: str
    answer: str
    url: str | None
    score: float


class SearchOut(_Response):
    """Ranked entries, best first."""

    results: list[HitOut]
    query_language: QueryLanguageOut
    generation: str


class FeedbackOut(_Response):
    """Feedback that was stored."""

    answer_id: str
    rating: Rating


class HandoffOpenedOut(_Response):
    """A ticket that was opened on a visitor's wish."""

    ticket_id: str
    status: TicketStatus
    conversation_id: str
    message: str
    language: str
    direction: Direction


class TicketStatusOut(_Response):
    """What a visitor may know of a ticket."""

    ticket_id: str
    status: TicketStatus
    created_at: Time
    updated_at: Time
    resolved_at: Time | None


class TicketQuestionOut(_Response):
    """One question on a ticket."""

    text: str | None
    language: str
    reason: Reason
    answer_id: str | None
    generation: str | None
    asked_at: Time
    retrieved: list[AlternativeOut]


class TicketOut(TicketStatusOut):
    """All that operators may know of a ticket."""

    conversation_id: str
    language: str
    reason: Reason
    contact: str | None
    user: dict[str, Scalar]
    questions: list[TicketQuestionOut]


class TicketPageOut(_Response):
    """Tickets, newest first."""

    handoffs: list[TicketOut]
    next_cursor: str | None


class LanguageOut(_Response):
    """A language that has content."""

    tag: str
    name: Annotated[str, Field(description="In the language itself.")]
    direction: Direction


class LanguagesOut(_Response):
    """The languages that have content."""

    languages: list[LanguageOut]
    default_language: str
    generation: str


class InterfaceTextsOut(_Response):
    """The texts of the page in one language."""

    language: str
    direction: Direction
    texts: dict[str, str]


class HealthOut(_Response):
    """The process lives."""

    status: Literal["ok"]


class ReadinessOut(_Response):
    """The process can answer."""

    status: Literal["ready"]
    generation: str


class FieldFaultOut(_Response):
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class ProblemOut(_Response):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[FieldFaultOut]
