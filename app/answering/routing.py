"""Where a question goes: the index's decision, held against its words and what may be shown."""

from __future__ import annotations

from dataclasses import replace

from app.answering.act_grammar import DialogueAct
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


def heed(act: DialogueAct | None, decision: Decision, *, is_verbatim: bool) -> Decision:
    """Heed what a visitor does with words other than asking.

    A wish for a person goes to a person, whatever the index found; entries that are likely meant
    stay, so that the visitor need not wait for what is known. Small talk is not answered from the
    content, unless an editor wrote an entry for those very words.

    Args:
        act: None for a question.
        decision: Of the index, its candidates such as may be shown.
        is_verbatim: The words are a phrasing of the top entry.
    """
    if act is None:
        return decision
    if act is DialogueAct.WISH_FOR_PERSON:
        likely = () if decision.outcome is Outcome.HANDOFF else decision.candidates
        return replace(
            decision, outcome=Outcome.HANDOFF, reason=Reason.REQUESTED, candidates=likely
        )
    if is_verbatim and decision.outcome is Outcome.ANSWERED:
        return decision
    return replace(decision, outcome=Outcome.SMALL_TALK, reason=None, candidates=())
