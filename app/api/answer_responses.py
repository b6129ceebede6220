"""What those get who ask or search, as OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.answering.act_grammar import DialogueAct
from app.answering.answer import AnswerKind
from app.api.responses import Response
from app.handoff.tickets import TicketStatus
from indexer.decision import Outcome, Reason
from knowledge_base.languages import Direction
from models.language_priors import LanguageSource

Share = Annotated[float, Field(ge=0, le=1)]


class NoticeOut(Response):
    """A sentence of the service's own, plain text."""

    text: str
    language: str
    direction: Direction


class TextMetaOut(Response):
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


class QueryLanguageOut(Response):
    """The language that a question was taken to be in."""

    tag: Annotated[str, Field(description="`und` where it is not known.")]
    confidence: Share
    source: LanguageSource


class ConfidenceOut(Response):
    """Probability that the top entry answers, and from which on it is delivered."""

    value: Share
    threshold: Share


class SupportedOut(Response):
    """A sentence of a machine's, and the sentence of the record that it rests on."""

    sentence: Annotated[str, Field(description="Markdown, as it was delivered.")]
    passage: Annotated[str, Field(description="Plain text.")]


class CitationOut(Response):
    """The record that an answer was taken from."""

    entry_id: str
    language: str
    question: str
    url: str | None
    score: float
    supports: Annotated[
        list[SupportedOut],
        Field(description="Of a text that a machine wrote from it: what each sentence rests on."),
    ]


class AlternativeOut(Response):
    """An entry that may also be meant."""

    entry_id: str
    question: str
    language: str
    score: float


class HandoffOut(Response):
    """The ticket that a question led to."""

    ticket_id: str
    status: TicketStatus
    message: str


class FeatureOut(Response):
    """What one feature of the ranking said."""

    name: str
    value: float
    contribution: Annotated[float, Field(description="In logits: the value times its weight.")]


class CandidateOut(Response):
    """An entry that was found."""

    entry_id: str
    language: Annotated[str, Field(description="Of the text that matched best.")]
    score: float
    dense: Annotated[float, Field(description="Best cosine of its texts.")]
    lexical: Annotated[float, Field(description="Share of the question's words, weighed.")]


class ExplanationOut(Response):
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


class AnswerOut(Response):
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


class MetaOut(Response):
    """What is known before the first word of a streamed answer."""

    answer_id: str
    conversation_id: str
    outcome: Outcome
    answer: TextMetaOut
    query_language: QueryLanguageOut
    disclosure: str
    generation: str


class DeltaOut(Response):
    """The next piece of a streamed text."""

    text: Annotated[str, Field(description="Markdown; the pieces joined are `answer.text`.")]
    html: Annotated[
        str, Field(description="All of the text so far as HTML that is safe to insert.")
    ]
    entry_id: Annotated[str | None, Field(description="The entry that the piece is grounded in.")]
    passage: Annotated[
        str | None,
        Field(description="The sentence of that entry that the piece rests on; null if all of it."),
    ]


class HitOut(Response):
    """One entry found."""

    entry_id: str
    language: str
    question: str
    answer: str
    url: str | None
    score: float


class SearchOut(Response):
    """Ranked entries, best first."""

    results: list[HitOut]
    query_language: QueryLanguageOut
    generation: str
