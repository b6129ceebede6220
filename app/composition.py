"""The one place where the parts that answer are chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from app.assembly import assemble
from app.choices import language_identifier, load_embedder_for
from app.live import LiveGeneration
from app.metrics import Metrics
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
    live = LiveGeneration(
        current_id=generations.current_id,
        open_index=lambda name: generations.open(name, embedder.identity),
        identifier=partial(language_identifier, settings),
        failures=(IndexerError,),
        on_swap=metrics.swapped,
        on_refused=metrics.refused,
    )
    live.refresh()
    return assemble(settings, embedder, live, metrics, store)
