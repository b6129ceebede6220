"""Whether a machine may write in place of what people wrote, and from what."""

from __future__ import annotations

from app.answering.answer import AnswerKind
from app.answering.compose import Composition, cite
from app.answering.servable import ServableTexts
from app.answering.writing import Purpose, Wanted
from indexer.decision import Decision, Outcome
from models.language_id import UNDETERMINED


def wanted_text(
    decision: Decision, composed: Composition, reader: str, servable: ServableTexts
) -> Wanted | None:
    """Tell what a machine may write: curated text comes first.

    Args:
        decision: Its candidates may all be shown.
        composed: What the visitor gets to read unless something is written.
        reader: Canonical tag of the reader's language, or `und`, in which nothing can be written.
        servable: Knows which texts may be shown.

    Returns:
        None where people have written what answers, or nothing is known that does.
    """
    if reader == UNDETERMINED:
        return None
    if decision.outcome is Outcome.ANSWERED and composed.text.kind is AnswerKind.ORIGINAL:
        purpose = Purpose.LANGUAGE
    elif decision.outcome is Outcome.CLARIFY:
        purpose = Purpose.ENTRIES
    else:
        return None
    found = [
        (record, cite(record, entry))
        for entry in decision.candidates
        if (record := servable.choose(entry.entry_id, reader)) is not None
    ]
    return Wanted(
        purpose,
        tuple(record for record, _ in found),
        tuple(citation for _, citation in found),
    )
