"""Services put together from parts that exist, whichever they are."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from app.answering.answering import Answering
from app.answering.conversations import ConversationLanguages
from app.answering.handing_over import HandingOver
from app.answering.question_vectors import QuestionVectors
from app.answering.searching import Searching
from app.answering.turns import Turns
from app.answering.writing import Writer
from app.feedback import FeedbackDesk
from app.handoff.desk import HandoffDesk
from app.live import LiveGeneration
from app.metrics import Metrics
from app.notices import Notices
from app.readiness import Readiness
from app.recorder import Recorder
from app.services import Services, Storage
from app.settings import Settings
from models.embedding import Embedder


def assemble(
    settings: Settings,
    embedder: Embedder,
    live: LiveGeneration,
    metrics: Metrics,
    store: Storage,
    *,
    writers: Sequence[Writer] = (),
    turns: Turns | None = None,
) -> Services:
    """Put services together; nothing runs in the background until `Services.start`."""
    notices = Notices(settings.default_language)
    recorder = Recorder(store.journal, settings.journal_queue, metrics.lost)
    metrics.watch_journal(lambda: recorder.waiting)
    turns = turns or Turns()
    vectors = QuestionVectors(embedder, settings.answer_cache)
    conversations = ConversationLanguages(store.journal)
    return Services(
        settings=settings,
        version=version("polyfaq"),
        answering=Answering(
            knowledge=live.knowledge,
            vectors=vectors,
            turns=turns,
            notices=notices,
            conversations=conversations,
            handing_over=HandingOver(store.tickets, metrics.handoff_failed),
            record=recorder.record,
            on_answer=metrics.answered,
            fallbacks=settings.fallback_languages,
            writers=writers,
            unwritten=settings.unwritten,
            remembered=settings.answer_cache,
        ),
        searching=Searching(live.knowledge, vectors, turns, settings.fallback_languages),
        live=live,
        notices=notices,
        tickets=store.tickets,
        journal=store.journal,
        replies=store.replies,
        recorder=recorder,
        feedback=FeedbackDesk(store.journal, recorder),
        handoffs=HandoffDesk(
            store.tickets, conversations, live.knowledge, notices, settings.default_language
        ),
        metrics=metrics,
        readiness=Readiness(live.knowledge),
        close_store=store.close,
    )
