"""What translating needs beside a translator, and what translates for visitors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from app.choices import generator_for, language_identifier, translator_for
from app.generating.use import GenerationUse
from app.settings import Settings, TranslatorName
from knowledge_base.glossary import GLOSSARY_NAME, Glossary, read_glossary
from knowledge_base.languages import closest_tag
from knowledge_base.problems import KnowledgeBaseError

if TYPE_CHECKING:
    from app.answering.answer import AnswerKind
    from app.answering.writing import Writer
    from app.translating.answers import Means
    from models.generation import Generator

_AT_ONCE = 2


def glossary_for(settings: Settings, content: Path, file: Path | None = None) -> Glossary:
    """Read the glossary of some content; one without terms where there is none.

    Args:
        settings: Tell which language its terms are in.
        content: A file, or a folder.
        file: The glossary; the one beside the content when None.

    Raises:
        KnowledgeBaseError: It is not there though it was named, or has faults.
        OSError: It cannot be read.
    """
    beside = (content if content.is_dir() else content.parent) / GLOSSARY_NAME
    if file is None and not beside.is_file():
        return Glossary(settings.default_language)
    return read_glossary(file or beside, settings.default_language)


def text_identifier(settings: Settings, languages: Sequence[str]) -> Callable[[str], str]:
    """Make what tells the language of texts that are not questions, as a tag or `und`.

    Args:
        settings: Name the detector.
        languages: Canonical tags, told apart beside those that visitors ask in.
    """
    tags = tuple(dict.fromkeys([*settings.languages, *languages]))
    # The languages that visitors ask in may leave out one that is only now being added.
    identifier = language_identifier(settings.model_copy(update={"languages": ()}), tags)
    return lambda text: identifier.identify(text).tag


def live_translator_for(
    settings: Settings,
    *,
    generator: Generator | None = None,
    on_written: Callable[[AnswerKind, str], None] = lambda *_: None,
) -> Writer | None:
    """Make what translates answers for visitors; nothing is started, read or asked yet.

    Args:
        settings: Say whether answers are translated, and by what.
        generator: Writes for the translator that needs one, so that a model is loaded once; made as
            the settings say when None.
        on_written: Told of each text, and of each that was not written.

    Returns:
        None where answers are not to be translated.

    Raises:
        SettingsError: They are, and no translator is chosen, or the generator that it needs is not.
    """
    if not settings.live_translation:
        return None
    from app.translating.best_effort_memory import (  # noqa: PLC0415 - only where it is wanted
        BestEffortMemory,
    )
    from app.translating.live import LiveTranslation  # noqa: PLC0415 - likewise
    from app.translating.shared_work import SharedWork  # noqa: PLC0415 - likewise

    if generator is None and settings.translator is TranslatorName.GENERATOR:
        generator = generator_for(settings)
    seconds = settings.live_translation_seconds
    bounded = settings.model_copy(
        update={
            "translator_seconds": min(seconds, settings.translator_seconds),
            "generator_seconds": min(seconds, settings.generator_seconds),
        }
    )
    translator_for(bounded, (), generator)
    # Who waits for this, or for a generator, leaves threads to those whose answers are there.
    share = 2 if settings.generation is GenerationUse.NEVER else 4
    # Loading what tells languages takes longer than translating.
    identify = lru_cache(maxsize=4)(lambda tags: text_identifier(bounded, tags))
    return LiveTranslation(
        lambda languages: _means(bounded, languages, generator, identify),
        BestEffortMemory(settings.translations_file),
        seconds=seconds,
        work=SharedWork(_AT_ONCE, most_waiting=max(1, settings.threads // share)),
        on_written=on_written,
    )


def _means(
    settings: Settings,
    languages: Sequence[str],
    generator: Generator | None,
    identify: Callable[[tuple[str, ...]], Callable[[str], str]],
) -> Means:
    from app.translating.answers import Means  # noqa: PLC0415 - only where it is wanted
    from app.translating.routes import Routes  # noqa: PLC0415 - likewise
    from models.translation import TranslatorUnavailableError  # noqa: PLC0415 - likewise

    known = tuple(dict.fromkeys([*settings.languages, *languages]))
    try:
        glossary = glossary_for(settings, settings.content)
    except (KnowledgeBaseError, OSError) as error:
        raise TranslatorUnavailableError(str(error)) from None
    translator = translator_for(settings, known, generator)
    preferred = (settings.default_language, *settings.fallback_languages)
    routes = Routes(translator.pairs(), preferred)
    return Means(
        translator,
        routes,
        glossary,
        lambda target: identify(known if closest_tag(target, known) else (*known, target)),
    )
