"""The one place where the parts that answer are put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.metadata import version

from app.answering.answering import Answering
from app.answering.conversations import ConversationLanguages
from app.answering.handing_over import HandingOver
from app.choices import language_identifier, load_embedder_for
from app.feedback import FeedbackDesk
from app.handoff.desk import HandoffDesk
from app.live import LiveGeneration
from app.metrics import Metrics
from app.notices import Notices
from app.readiness import Readiness
from app.recorder import Recorder
from app.services import Services
from app.settings import Settings
from app.store import open_store
from indexer.errors import IndexerError
from indexer.generations import Generations
from models.embedding import Embedder

__all__ = ["build_services", "language_identifier", "load_embedder_for"]


def build_services(
    settings: Settings, load_embedder: Callable[[], Embedder] | None = None
) -> Services:
    """Put together what answers questions, and load the published generation.

    Nothing runs in the background until `Services.start`.

    Args:
        settings: What to build.
        load_embedder: Gives the model; the one that the settings name when None.

    Raises:
        EmbedderError: The model cannot be used.
        StoreError: The store's address cannot be used.
    """
    embedder = (load_embedder or partial(load_embedder_for, settings))()
    store = open_store(settings.database)
    generations = Generations(settings.generations_folder)
    metrics = Metrics()
    notices = Notices(settings.default_language)
    recorder = Recorder(store.journal, settings.journal_queue, metrics.lost)
    metrics.watch_journal(lambda: recorder.waiting)
    conversations = ConversationLanguages(store.journal)
    live = LiveGeneration(
        current_id=generations.current_id,
        open_index=lambda name: generations.open(name, embedder.identity),
        identifier=partial(language_identifier, settings),
        failures=(IndexerError,),
        on_swap=metrics.swapped,
        on_refused=metrics.refused,
    )
    live.refresh()
    answering = Answering(
        knowledge=live.knowledge,
        embedder=embedder,
        notices=notices,
        conversations=conversations,
        handing_over=HandingOver(store.tickets, metrics.handoff_failed),
        record=recorder.record,
        on_answer=metrics.answered,
        fallbacks=settings.fallback_languages,
        remembered=settings.answer_cache,
    )
    return Services(
        settings=settings,
        version=version("polyfaq"),
        answering=answering,
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
