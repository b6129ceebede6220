"""An answer before it is given to anyone."""

from __future__ import annotations

from dataclasses import dataclass

from app.answering.answer import Alternative, AnswerText, Citation
from app.answering.explanation import Explanation
from app.answering.writing import Wanted
from indexer.decision import Confidence, Outcome, Reason
from models.language_id import IdentifiedLanguage


@dataclass(frozen=True, slots=True)
class Draft:
    """All of an answer that is the same for everyone who asks the same.

    Attributes:
        question: Redacted.
        reader: BCP 47 tag of the language the visitor is talked to in.
        explanation: None unless asked for.
        top_entry: The best entry; None where nothing was found.
        wanted: The text that a machine may write in place of this one; None where none may.
    """

    question: str
    outcome: Outcome
    reason: Reason | None
    text: AnswerText
    query_language: IdentifiedLanguage
    reader: str
    confidence: Confidence
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]
    top_entry: str | None
    disclosure: str
    generation: str
    explanation: Explanation | None = None
    wanted: Wanted | None = None
