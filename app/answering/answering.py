"""Answering: drafts remembered, tickets opened, answers recorded."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import UTC, datetime
from secrets import token_urlsafe

from app.answering.answer import Answer
from app.answering.begun import Begun
from app.answering.compose import compose_notice
from app.answering.conversations import ConversationLanguages
from app.answering.dialogue_acts import dialogue_acts
from app.answering.draft import Draft
from app.answering.events import AnswerEvent, Final
from app.answering.fallback import Fallback
from app.answering.handing_over import HandingOver
from app.answering.pipeline import draft_answer
from app.answering.ports import Knowledge
from app.answering.question import Mode, Question
from app.answering.question_vectors import QuestionVectors
from app.answering.remembering import RecentlyUsed
from app.answering.servable import ServableTexts
from app.answering.stopwatch import Stopwatch
from app.answering.telling import Telling, told
from app.answering.turns import Turns
from app.answering.writing import UnwrittenError, Wanted, Writer
from app.answering.written import Writers, unwritten_draft, written_draft
from app.journal import AnswerRecord
from app.notices import Notice, Notices
from indexer.decision import Outcome
from models.language_priors import Priors


class Answering:
    """Answers questions from whatever generation is live.

    Args:
        knowledge: Gives the live generation; raises `NotReadyError` where there is none.
        vectors: Embeds questions.
        turns: Lets questions that share a core take turns.
        notices: Speaks the visitor's language.
        conversations: Knows the languages of conversations.
        handing_over: Opens tickets.
        record: Takes what is to be stored of each answer; must return at once.
        on_answer: Told of each answer.
        fallbacks: Canonical tags to answer in where the visitor's language has no text.
        writers: Write what no person has written, the first ones first.
        unwritten: What visitors get where those could not.
        remembered: How many drafts are kept for questions asked again.
        now: The time, aware, UTC.
    """

    def __init__(
        self,
        *,
        knowledge: Callable[[], Knowledge],
        vectors: QuestionVectors,
        turns: Turns,
        notices: Notices,
        conversations: ConversationLanguages,
        handing_over: HandingOver,
        record: Callable[[AnswerRecord], None],
        on_answer: Callable[[Answer], None] = lambda _: None,
        fallbacks: Sequence[str] = (),
        writers: Sequence[Writer] = (),
        unwritten: Fallback = Fallback.ORIGINAL,
        remembered: int = 4096,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._knowledge = knowledge
        self._vectors = vectors
        self._notices = notices
        self._conversations = conversations
        self._handing_over = handing_over
        self._record = record
        self._on_answer = on_answer
        self._acts = dialogue_acts()
        self._fallbacks = tuple(fallbacks)
        self._writers = Writers(writers)
        self._unwritten = unwritten
        self._turns = turns
        self._now = now
        self._drafts: RecentlyUsed[Hashable, Draft] = RecentlyUsed(remembered)

    def ask(self, question: Question) -> Answer:
        """Answer a question, or say why not and hand it over.

        Raises:
            NotReadyError: There is no generation to answer from.
        """
        begun = self._begin(question)
        wanted = begun.draft.wanted
        if wanted is None:
            return self._finish(begun, begun.draft)
        try:
            kind, pieces = self._writers.whole(begun.assignment(wanted), begun.index)
        except UnwrittenError:
            return self._finish_unwritten(begun, wanted)
        begun.watch.lap("write")
        return self._finish(begun, written_draft(begun.draft, wanted, kind, pieces, self._notices))

    def events(self, question: Question) -> Iterator[AnswerEvent]:
        """Answer a question; what a machine writes is told piece by piece, as it is verified.

        Whoever stops taking events ends the writing; what was told by then is recorded.

        Raises:
            NotReadyError: There is no generation to answer from.
        """
        begun = self._begin(question)
        wanted = begun.draft.wanted
        if wanted is None:
            yield from told(self._finish(begun, begun.draft))
            return
        telling = Telling(begun, wanted, self._notices)
        is_whole = False
        try:
            for kind, piece in self._writers.pieces(begun.assignment(wanted), begun.index):
                yield from telling.tell(kind, piece)
            is_whole = True
        except UnwrittenError:
            if not telling.pieces:
                yield from told(self._finish_unwritten(begun, wanted))
                return
        except GeneratorExit:
            if telling.pieces:
                self._finish(begun, telling.draft(is_whole=False))
            raise
        begun.watch.lap("write")
        yield Final(self._finish(begun, telling.draft(is_whole=is_whole)))

    def _begin(self, question: Question) -> Begun:
        watch = Stopwatch()
        now = self._now()
        knowledge = self._knowledge()
        draft = self._draft(question, knowledge, now, watch)
        conversation_id = question.conversation_id or token_urlsafe(12)
        self._conversations.note(conversation_id, draft.query_language.tag)
        return Begun(
            question, draft, knowledge.index, token_urlsafe(12), conversation_id, now, watch
        )

    def _finish_unwritten(self, begun: Begun, wanted: Wanted) -> Answer:
        begun.watch.lap("write")
        draft = unwritten_draft(begun.draft, wanted, self._unwritten, self._notices)
        return self._finish(begun, draft)

    def _finish(self, begun: Begun, draft: Draft) -> Answer:
        """Hand over what is to be handed over, and record what the visitor is told."""
        text, handoff = draft.text, None
        if draft.outcome is Outcome.HANDOFF:
            if begun.question.mode is not Mode.RETRIEVE:
                handoff = self._handing_over.open(
                    begun.question, draft, begun.conversation_id, begun.answer_id
                )
                begun.watch.lap("handoff")
            if handoff is None:
                # The draft says that the question was passed on; without a ticket it was not.
                text = compose_notice(Notice.HANDOFF_UNAVAILABLE, draft.reader, self._notices)
        answer = Answer(
            answer_id=begun.answer_id,
            conversation_id=begun.conversation_id,
            outcome=draft.outcome,
            reason=draft.reason,
            text=text,
            query_language=draft.query_language,
            confidence=draft.confidence,
            citations=draft.citations,
            alternatives=draft.alternatives,
            handoff=handoff,
            disclosure=draft.disclosure,
            generation=draft.generation,
            timings_ms=begun.watch.read(),
            explanation=draft.explanation,
        )
        self._record(_record_of(answer, draft, begun.question.mode, begun.asked_at))
        self._on_answer(answer)
        return answer

    def _draft(
        self, question: Question, knowledge: Knowledge, now: datetime, watch: Stopwatch
    ) -> Draft:
        priors = Priors(
            page=question.page_language,
            conversation=self._conversations.last(question.conversation_id),
            accept=question.accept_languages,
        )
        human_only = question.mode is Mode.CURATED
        today = now.date()
        asked = (
            knowledge.index.id,
            question.text,
            question.language,
            priors.page,
            priors.conversation,
            priors.accept,
            question.filters.tags,
            frozenset(question.filters.metadata.items()),
            today,
            human_only,
            question.explain,
        )
        draft = self._drafts.get(asked)
        if draft is None:
            servable = ServableTexts(knowledge.index, today, self._fallbacks, human_only)
            with self._turns.turn() as turn:
                draft = draft_answer(
                    question,
                    priors,
                    knowledge,
                    servable,
                    embed=lambda text: self._vectors.of(text, turn),
                    notices=self._notices,
                    acts=self._acts,
                    watch=watch,
                    may_write=bool(self._writers),
                )
            self._drafts.put(asked, draft)
        return draft


def _record_of(answer: Answer, draft: Draft, mode: Mode, asked_at: datetime) -> AnswerRecord:
    return AnswerRecord(
        answer_id=answer.answer_id,
        conversation_id=answer.conversation_id,
        asked_at=asked_at,
        question=draft.question,
        mode=mode,
        language=answer.query_language.tag,
        language_confidence=answer.query_language.confidence,
        language_source=answer.query_language.source,
        outcome=answer.outcome,
        reason=answer.reason,
        kind=answer.text.kind,
        entry_id=draft.top_entry,
        answer_language=answer.text.language,
        confidence=answer.confidence.value,
        threshold=answer.confidence.threshold,
        generation=answer.generation,
        ticket_id=None if answer.handoff is None else answer.handoff.ticket_id,
        timings_ms=answer.timings_ms,
    )
