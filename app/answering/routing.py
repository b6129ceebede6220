"""Where a question goes: the index's decision, held against what may be shown and understood."""

from __future__ import annotations

from dataclasses import replace

from app.answering.servable import ServableTexts
from indexer.decision import Decision, Outcome, Reason
from models.language_id import UNDETERMINED, IdentifiedLanguage


def route(decision: Decision, language: IdentifiedLanguage, servable: ServableTexts) -> Decision:
    """Settle the outcome of a question.

    The index decides on similarity alone. An entry that may not be shown today is not answered
    with, and the entry after it is no answer to the same question: a person is asked. A question
    in no known language that is like nothing known is handed over for that reason.

    Returns:
        A decision whose candidates may all be shown.
    """
    shown = tuple(entry for entry in decision.candidates if servable.has_text(entry.entry_id))
    outcome, reason = decision.outcome, decision.reason
    is_top_hidden = shown[:1] != decision.candidates[:1]
    if (outcome is Outcome.ANSWERED and (is_top_hidden or not shown)) or (
        outcome is Outcome.CLARIFY and len(shown) < 2
    ):
        outcome, reason = Outcome.HANDOFF, Reason.LOW_CONFIDENCE
    elif reason is Reason.NOTHING_SIMILAR and language.tag == UNDETERMINED:
        reason = Reason.UNDETERMINED_LANGUAGE
    return replace(decision, outcome=outcome, reason=reason, candidates=shown)
