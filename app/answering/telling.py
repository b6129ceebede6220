"""Answers as events: at once, or as their text is written."""

from __future__ import annotations

from collections.abc import Iterator

from app.answering.answer import Answer, AnswerKind
from app.answering.begun import Begun
from app.answering.draft import Draft
from app.answering.events import AnswerEvent, Cited, Delta, Final, Meta
from app.answering.writing import Passed, Wanted
from app.answering.written import citation_of, remark_on, written_draft
from app.notices import Notices
from indexer.decision import Outcome
from knowledge_base.languages import direction


def told(answer: Answer) -> Iterator[AnswerEvent]:
    """Tell an answer that is there already."""
    text = answer.text
    yield Meta(
        answer_id=answer.answer_id,
        conversation_id=answer.conversation_id,
        outcome=answer.outcome,
        query_language=answer.query_language,
        disclosure=answer.disclosure,
        generation=answer.generation,
        language=text.language,
        direction=text.direction,
        kind=text.kind,
        ai_generated=text.ai_generated,
        remark=text.remark,
    )
    yield Delta(text.text, answer.citations[0].entry_id if answer.citations else None)
    yield from (Cited(citation) for citation in answer.citations)
    yield Final(answer)


class Telling:
    """Tells a text while it is written.

    Attributes:
        kind: What the text is, once it has begun.
        pieces: What was told so far.
    """

    def __init__(self, begun: Begun, wanted: Wanted, notices: Notices) -> None:
        self._begun = begun
        self._wanted = wanted
        self._notices = notices
        self.kind = AnswerKind.GENERATED
        self.pieces: list[Passed] = []

    def tell(self, kind: AnswerKind, piece: Passed) -> Iterator[AnswerEvent]:
        """Tell the next piece, and before the first one how a machine comes to speak."""
        if not self.pieces:
            self.kind = kind
            yield self._meta(piece.record.lang)
        is_new = piece.record not in (earlier.record for earlier in self.pieces)
        self.pieces.append(piece)
        yield Delta(piece.text, piece.record.id, piece.passage)
        if is_new:
            yield Cited(citation_of(piece.record, self._wanted))

    def draft(self, *, is_whole: bool) -> Draft:
        """Give the draft that all that was told amounts to.

        Args:
            is_whole: The text came to its end.
        """
        return written_draft(
            self._begun.draft,
            self._wanted,
            self.kind,
            self.pieces,
            self._notices,
            is_whole=is_whole,
        )

    def _meta(self, original: str) -> Meta:
        begun, draft = self._begun, self._begun.draft
        return Meta(
            answer_id=begun.answer_id,
            conversation_id=begun.conversation_id,
            outcome=Outcome.ANSWERED,
            query_language=draft.query_language,
            disclosure=draft.disclosure,
            generation=draft.generation,
            language=draft.reader,
            direction=direction(draft.reader),
            kind=self.kind,
            ai_generated=True,
            remark=remark_on(self.kind, original, draft.reader, self._notices),
        )
