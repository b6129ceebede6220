"""Who writes to visitors what no person has written, as the settings say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from threading import Lock, Thread
from typing import TYPE_CHECKING

from app.choices import generator_for, grounded_writer_for
from app.generating.use import GenerationUse
from app.settings import GeneratorName, Settings, TranslatorName
from app.translator_choices import live_translator_for, text_identifier
from models.embedding import Embedder, Role

if TYPE_CHECKING:
    from app.answering.writing import Writer
    from app.generating.budgets import Spending
    from app.grounding.grounding import Grounding
    from app.metrics import Metrics
    from indexer.query import FloatArray


def writers_for(
    settings: Settings, embedder: Embedder, spending: Spending, metrics: Metrics
) -> tuple[Writer, ...]:
    """Make those who write; no model is loaded and no server asked yet.

    A translation of what people wrote comes before a text of a machine's own.

    Args:
        settings: Say who writes, and by what.
        embedder: The model that generations are made with.
        spending: Counts what is written.
        metrics: Told what becomes of texts.

    Raises:
        SettingsError: They ask for texts, and name nothing to write them with.
    """
    generates = settings.generation is not GenerationUse.NEVER
    translates = settings.live_translation and settings.translator is TranslatorName.GENERATOR
    has_generator = settings.generator is not GeneratorName.NONE
    # One for both: a model is then loaded once, and takes its turns.
    generator = generator_for(settings) if has_generator and (generates or translates) else None
    live = live_translator_for(settings, generator=generator, on_written=metrics.wrote)
    writers: list[Writer] = [] if live is None else [live]
    if generates:
        from app.generating.grounded import WritingMeters  # noqa: PLC0415 - only where it is wanted

        meters = WritingMeters(metrics.wrote, metrics.refused_sentence, metrics.first_sentence)
        checks = grounding_for(settings, embedder)
        grounded = grounded_writer_for(settings, checks, spending, meters, generator)
        writers += [] if grounded is None else [grounded]
    return tuple(writers)


def grounding_for(settings: Settings, embedder: Embedder) -> Grounding:
    """Make what judges the sentences of machines.

    Args:
        settings: Name the detector of languages, which is loaded on a thread of its own, as are
            the lists that the checks and the prompts need.
        embedder: The model that generations are made with.
    """
    from app.grounding.grounding import Grounding  # noqa: PLC0415 - only where machines write
    from app.grounding.known_vectors import KnownVectors  # noqa: PLC0415 - the same
    from app.grounding.rival_languages import rival_languages  # noqa: PLC0415 - the same
    from app.notices.catalogue import available_languages  # noqa: PLC0415 - the same

    writers, loading = Lock(), Lock()

    @lru_cache(maxsize=4)
    def loaded(tags: tuple[str, ...]) -> Callable[[str], str]:
        return text_identifier(settings, rival_languages(tags))

    def identifier(tags: Sequence[str]) -> Callable[[str], str]:
        # Most readers' languages are among these, so that one detector serves them all.
        with loading:
            return loaded(tuple(sorted({*tags, *available_languages()})))

    def embed(texts: Sequence[str]) -> FloatArray:
        # One writer's at a time: answers that people wrote find a core for themselves.
        with writers:
            return embedder.embed(texts, Role.PASSAGE).vectors

    def loaded_early() -> None:
        from app.rehearsal import rehearse  # noqa: PLC0415 - the same

        identifier(())
        languages = dict.fromkeys([settings.default_language, *settings.languages])
        rehearse(languages, settings.prompt_family)

    # It takes a second of Python, which would hold up the answers beside the first text.
    Thread(target=loaded_early, name="rehearsal", daemon=True).start()
    return Grounding(KnownVectors(embed), identifier)
