"""What to say: an approved text where there is one, a notice in its place where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from app.answering.act_grammar import DialogueAct
from app.answering.answer import Alternative, AnswerKind, AnswerText, Citation, Remark
from app.answering.markdown import RENDERINGS_REMEMBERED, plain_to_html, to_html
from app.answering.ports import KnowledgeIndex
from app.answering.servable import ServableTexts
from app.notices import Notice, Notices
from indexer.decision import Decision, Outcome, Reason
from indexer.ranking import Ranking, ScoredEntry
from knowledge_base.entry import Origin, Record
from knowledge_base.languages import base_language, direction, language_name

ALTERNATIVES = 3
_HANDOFF_NOTICES = {
    Reason.LOW_CONFIDENCE: Notice.HANDOFF_LOW_CONFIDENCE,
    Reason.NOTHING_SIMILAR: Notice.HANDOFF_NOTHING_SIMILAR,
    Reason.REQUESTED: Notice.HANDOFF_REQUESTED,
    Reason.UNDETERMINED_LANGUAGE: Notice.HANDOFF_UNDETERMINED_LANGUAGE,
}


_SMALL_TALK_NOTICES = {
    DialogueAct.GREETING: Notice.SMALL_TALK_GREETING,
    DialogueAct.HOW_ARE_YOU: Notice.SMALL_TALK_HOW_ARE_YOU,
    DialogueAct.IDENTITY: Notice.SMALL_TALK_IDENTITY,
    DialogueAct.THANKS: Notice.SMALL_TALK_THANKS,
    DialogueAct.GOODBYE: Notice.SMALL_TALK_GOODBYE,
    DialogueAct.ACKNOWLEDGEMENT: Notice.SMALL_TALK_ACKNOWLEDGEMENT,
}


@dataclass(frozen=True, slots=True)
class Composition:
    """What a visitor gets to read.

    Attributes:
        text: The answer, or the notice in its place.
        citations: The record that the answer was taken from; none for a notice.
        alternatives: What else may be meant, best first.
    """

    text: AnswerText
    citations: tuple[Citation, ...]
    alternatives: tuple[Alternative, ...]


def compose(
    decision: Decision,
    ranking: Ranking,
    reader: str,
    servable: ServableTexts,
    notices: Notices,
    *,
    act: DialogueAct | None = None,
) -> Composition:
    """Say what was decided, in the reader's language where the words exist.

    Args:
        decision: Its candidates may all be shown.
        ranking: All that was found.
        reader: Canonical tag of the reader's language.
        servable: Knows which texts may be shown.
        notices: Speaks the reader's language.
        act: What small talk is replied to.
    """
    if decision.outcome is Outcome.SMALL_TALK:
        reply = _SMALL_TALK_NOTICES[act or DialogueAct.GREETING]
        return Composition(compose_notice(reply, reader, notices), (), ())
    if decision.outcome is Outcome.ANSWERED:
        top = decision.candidates[0]
        record = servable.choose(top.entry_id, reader)
        if record is not None:
            others = (entry for entry in ranking.entries if entry.entry_id != top.entry_id)
            text = compose_answer(record, reader, notices)
            return Composition(text, (cite(record, top),), _alternatives(others, reader, servable))
    notice = _notice_for(decision.outcome, decision.reason)
    closest = (*decision.candidates, *ranking.entries)
    if decision.reason is Reason.REQUESTED:
        closest = decision.candidates
    text = compose_notice(notice, reader, notices)
    return Composition(text, (), _alternatives(closest, reader, servable))


def compose_answer(record: Record, language: str, notices: Notices) -> AnswerText:
    """Deliver a record's answer word for word.

    Args:
        record: The text chosen for the reader.
        language: The reader's language; where the record's is another one, a remark says so.
        notices: Speaks the reader's language.
    """
    is_readers = base_language(record.lang) == base_language(language)
    return AnswerText(
        text=record.answer,
        html=to_html(record.answer),
        language=record.lang,
        direction=direction(record.lang),
        kind=AnswerKind.CURATED if is_readers else AnswerKind.ORIGINAL,
        ai_generated=record.origin is Origin.MACHINE,
        remark=None if is_readers else _other_language(record.lang, language, notices),
    )


def render_beforehand(index: KnowledgeIndex) -> None:
    """Render answers as HTML before they are asked for: as many as are remembered."""
    records = (
        record for entry_id in index.entry_ids for record in index.records_of(entry_id).values()
    )
    for record in islice(records, RENDERINGS_REMEMBERED):
        to_html(record.answer)


def cite(record: Record, entry: ScoredEntry) -> Citation:
    """Name the record that a text is taken from."""
    return Citation(record.id, record.lang, record.question, record.url, entry.score)


def compose_notice(notice: Notice, language: str, notices: Notices) -> AnswerText:
    """Say something of the service's own in the reader's language."""
    said = notices.text(notice, language)
    return AnswerText(
        text=said.text,
        html=plain_to_html(said.text),
        language=said.language,
        direction=direction(said.language),
        kind=AnswerKind.NOTICE,
    )


def _notice_for(outcome: Outcome, reason: Reason | None) -> Notice:
    if outcome is Outcome.CLARIFY or reason is None:
        return Notice.CLARIFY
    return _HANDOFF_NOTICES.get(reason, Notice.HANDOFF_LOW_CONFIDENCE)


def _alternatives(
    entries: Iterable[ScoredEntry], reader: str, servable: ServableTexts
) -> tuple[Alternative, ...]:
    found: dict[str, Alternative] = {}
    for entry in entries:
        if len(found) == ALTERNATIVES:
            break
        if entry.entry_id in found:
            continue
        record = servable.choose(entry.entry_id, reader)
        if record is not None:
            found[entry.entry_id] = Alternative(
                entry.entry_id, record.question, record.lang, entry.score
            )
    return tuple(found.values())


def _other_language(original: str, language: str, notices: Notices) -> Remark:
    spoken = notices.language(language)
    said = notices.text(
        Notice.ORIGINAL_LANGUAGE,
        language,
        language=language_name(language, spoken),
        original=language_name(original, spoken),
    )
    return Remark(said.text, said.language, direction(said.language))
