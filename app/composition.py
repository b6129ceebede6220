"""The one place where the parts that answer are chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from app.answering.compose import render_beforehand
from app.answering.ports import LanguageIdentification
from app.answering.turns import Turns
from app.assembly import assemble
from app.choices import language_identifier, load_embedder_for
from app.live import LiveGeneration
from app.metrics import Metrics
from app.services import Services
from app.settings import Settings
from app.store import open_store
from app.writer_choices import writers_for
from indexer.errors import IndexerError
from indexer.generations import Generations
from models.embedding import Embedder

MakeIdentifier = Callable[[Sequence[str]], LanguageIdentification]

__all__ = ["build_services", "language_identifier", "load_embedder_for"]


def identifier_of_published(settings: Settings) -> MakeIdentifier:
    """Make what tells the published generation's languages apart, before it is loaded.

    Returns:
        Gives that for those languages, and makes another for others.
    """
    make = partial(language_identifier, settings)
    try:
        manifest = Generations(settings.generations_folder).current_manifest()
    except (IndexerError, OSError):
        return make
    published = tuple(language.lang for language in manifest.languages)
    early = make(published)
    return lambda languages: early if tuple(languages) == published else make(languages)


def build_services(
    settings: Settings,
    load_embedder: Callable[[], Embedder] | None = None,
    make_identifier: MakeIdentifier | None = None,
    turns: Turns | None = None,
) -> Services:
    """Put together what answers questions, and load the published generation.

    Nothing runs in the background until `Services.start`.

    Args:
        settings: What to build.
        load_embedder: Gives the model; the one that the settings name when None.
        make_identifier: Makes what tells some languages apart; as the settings say when None.
        turns: Lets questions that share a core take turns; they do not when None.

    Raises:
        EmbedderError: The model cannot be used.
        StoreError: The store's address cannot be used.
        SettingsError: They ask for texts of machines, and name nothing to write them with.
    """
    embedder = (load_embedder or partial(load_embedder_for, settings))()
    store = open_store(settings.database)
    generations = Generations(settings.generations_folder)
    metrics = Metrics()
    live = LiveGeneration(
        current_id=generations.current_id,
        open_index=lambda name: generations.open(name, embedder.identity),
        identifier=make_identifier or partial(language_identifier, settings),
        failures=(IndexerError,),
        on_swap=metrics.swapped,
        on_refused=metrics.refused,
        prepare=render_beforehand,
    )
    live.refresh()
    writers = writers_for(settings, embedder, store.spending, metrics)
    return assemble(settings, embedder, live, metrics, store, writers=writers, turns=turns)
