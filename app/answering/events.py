"""An answer as it comes about: what is known first, then its text in pieces, then all of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.answering.answer import Answer, AnswerKind, Citation, Remark
from indexer.decision import Outcome
from knowledge_base.languages import Direction
from models.language_id import IdentifiedLanguage


@dataclass(frozen=True, slots=True)
class Meta:
    """What a reader must know before the first word: that, and how, a machine speaks.

    Attributes:
        disclosure: Says in the visitor's language that a machine speaks.
        language: BCP 47 tag of the text that follows.
        direction: In which direction it is written.
        kind: Where it comes from.
        ai_generated: Whether a machine wrote it.
        remark: What is said above it, in the visitor's language.
    """

    answer_id: str
    conversation_id: str
    outcome: Outcome
    query_language: IdentifiedLanguage
    disclosure: str
    generation: str
    language: str
    direction: Direction
    kind: AnswerKind
    ai_generated: bool
    remark: Remark | None


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the text; no piece is ever taken back.

    Attributes:
        text: Markdown; the pieces joined are the answer's text.
        entry_id: The entry that it is grounded in; None for a notice.
        passage: The sentence of that entry that it rests on; None where it is all of it.
    """

    text: str
    entry_id: str | None
    passage: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A record that the text so far is taken from, once for each."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Final:
    """The whole answer; its text is the deltas joined."""

    answer: Answer


AnswerEvent = Meta | Delta | Cited | Final
"""Always one Meta, then at least one Delta with Cited among them, then one Final."""
