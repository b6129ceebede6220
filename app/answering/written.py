"""Answers that machines wrote: who writes them, and what visitors get where nobody did."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.answering.answer import Alternative, AnswerKind, AnswerText, Citation, Remark, Supported
from app.answering.compose import ALTERNATIVES, compose_notice
from app.answering.draft import Draft
from app.answering.fallback import Fallback
from app.answering.markdown import to_html
from app.answering.ports import KnowledgeIndex
from app.answering.writing import (
    Assignment,
    Passed,
    Purpose,
    Unwritten,
    UnwrittenError,
    Wanted,
    Writer,
)
from app.notices import Notice, Notices
from indexer.decision import Outcome, Reason
from knowledge_base.entry import Record
from knowledge_base.languages import direction, language_name

_LOG = logging.getLogger(__name__)


class Writers:
    """Those who may write, asked one after the other."""

    def __init__(self, writers: Sequence[Writer]) -> None:
        self._writers = tuple(writers)

    def __bool__(self) -> bool:
        return bool(self._writers)

    def whole(
        self, assignment: Assignment, index: KnowledgeIndex
    ) -> tuple[AnswerKind, list[Passed]]:
        """Have a text written to its end.

        Raises:
            UnwrittenError: Nobody could; the last one's reason.
        """
        failure = _nobody(assignment)
        for writer in self._taking(assignment):
            try:
                return writer.kind, list(_begun(writer.write(assignment, index)))
            except UnwrittenError as error:
                failure = error
                _tell(writer.kind, error)
        raise failure

    def pieces(
        self, assignment: Assignment, index: KnowledgeIndex
    ) -> Iterator[tuple[AnswerKind, Passed]]:
        """Have a text written piece by piece; whoever began it is the only one to go on with it.

        Raises:
            UnwrittenError: Nobody could begin, or who began could not end.
        """
        failure = _nobody(assignment)
        for writer in self._taking(assignment):
            has_begun = False
            try:
                for piece in _begun(writer.write(assignment, index)):
                    has_begun = True
                    yield writer.kind, piece
            except UnwrittenError as error:
                failure = error
                _tell(writer.kind, error, " to its end" * has_begun)
                if has_begun:
                    raise
            else:
                return
        raise failure

    def _taking(self, assignment: Assignment) -> Iterator[Writer]:
        return (writer for writer in self._writers if writer.takes(assignment))


def written_draft(
    draft: Draft,
    wanted: Wanted,
    kind: AnswerKind,
    pieces: Sequence[Passed],
    notices: Notices,
    *,
    is_whole: bool = True,
) -> Draft:
    """Put what was written in the place of what there was.

    Args:
        draft: What the visitor would have been told.
        wanted: What was to be written.
        kind: TRANSLATED or GENERATED.
        pieces: At least one.
        notices: Speaks the reader's language.
        is_whole: The text came to its end.
    """
    text = "".join(piece.text for piece in pieces)
    cited = cited_by(pieces, wanted)
    known = {citation.entry_id for citation in cited}
    return replace(
        draft,
        outcome=Outcome.ANSWERED,
        reason=None,
        text=AnswerText(
            text=text,
            html=to_html(text),
            language=draft.reader,
            direction=direction(draft.reader),
            kind=kind,
            ai_generated=True,
            remark=remark_on(kind, pieces[0].record.lang, draft.reader, notices, is_whole=is_whole),
        ),
        citations=cited,
        alternatives=tuple(each for each in draft.alternatives if each.entry_id not in known),
        top_entry=cited[0].entry_id,
    )


def cited_by(pieces: Sequence[Passed], wanted: Wanted) -> tuple[Citation, ...]:
    """Name the records that pieces are grounded in, in the order of their first mention."""
    grounds: dict[tuple[str, str], list[Passed]] = {}
    for piece in pieces:
        grounds.setdefault((piece.record.id, piece.record.lang), []).append(piece)
    return tuple(
        replace(citation_of(found[0].record, wanted), supports=_supported(found))
        for found in grounds.values()
    )


def _supported(pieces: Sequence[Passed]) -> tuple[Supported, ...]:
    return tuple(
        Supported(piece.text.strip(), piece.passage)
        for piece in pieces
        if piece.passage is not None
    )


def citation_of(record: Record, wanted: Wanted) -> Citation:
    """Name a record that a text is grounded in: one that was given, or another of its entry."""
    known = next(each for each in wanted.citations if each.entry_id == record.id)
    return replace(known, language=record.lang, question=record.question, url=record.url)


def remark_on(
    kind: AnswerKind, original: str, reader: str, notices: Notices, *, is_whole: bool = True
) -> Remark:
    """Say in the reader's language that a machine wrote, and from what.

    Args:
        kind: TRANSLATED or GENERATED.
        original: Tag of the language that the first piece is grounded in.
        reader: Tag of the reader's language.
        notices: Speaks it.
        is_whole: The text came to its end.
    """
    if not is_whole:
        said = notices.text(Notice.PARTIAL, reader)
    elif kind is AnswerKind.TRANSLATED:
        named = language_name(original, notices.language(reader))
        said = notices.text(Notice.TRANSLATED, reader, original=named)
    else:
        said = notices.text(Notice.GENERATED, reader)
    return Remark(said.text, said.language, direction(said.language))


def unwritten_draft(draft: Draft, wanted: Wanted, fallback: Fallback, notices: Notices) -> Draft:
    """Say what is said where nothing could be written: what people wrote, or that a person will."""
    if wanted.purpose is Purpose.ENTRIES or fallback is Fallback.ORIGINAL:
        return draft
    top, citation = wanted.records[0], wanted.citations[0]
    closest = Alternative(top.id, top.question, top.lang, citation.score)
    return replace(
        draft,
        outcome=Outcome.HANDOFF,
        reason=Reason.UNVERIFIED,
        text=compose_notice(Notice.HANDOFF_LOW_CONFIDENCE, draft.reader, notices),
        citations=(),
        alternatives=(closest, *draft.alternatives)[:ALTERNATIVES],
    )


def _tell(kind: AnswerKind, error: UnwrittenError, how_far: str = "") -> None:
    if not error.is_logged:
        _LOG.info("no %s text%s: %s", kind, how_far, error)


def _nobody(assignment: Assignment) -> UnwrittenError:
    return UnwrittenError(Unwritten.NO_ROUTE, f"nobody writes {assignment.reader} for this")


def _begun(pieces: Iterator[Passed]) -> Iterator[Passed]:
    """Drop the white space that leads the first piece, and hold that there is one."""
    first = next(pieces, None)
    if first is None:
        raise UnwrittenError(Unwritten.FAILED, "the writer ended without a word")
    yield replace(first, text=first.text.lstrip())
    yield from pieces
