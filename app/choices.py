"""Which implementation the settings choose, imported only when it is chosen."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.generating.use import GenerationUse
from app.notices.catalogue import available_languages
from app.settings import (
    GeneratorName,
    LanguageDetector,
    Settings,
    SettingsError,
    TranslatorName,
)
from knowledge_base.languages import base_language, english_name
from models.embedding import EmbedderError, ModelMissingError
from models.languages_beside import languages_beside
from models.word_table import WORD_TABLE, WordTable, read_word_table

if TYPE_CHECKING:
    from app.generating.budgets import Spending
    from app.generating.checking import Checks
    from app.generating.grounded import GroundedWriter, WritingMeters
    from models.embedding import Embedder
    from models.generation import Generator
    from models.language_id import LanguageIdentifier
    from models.translation import Translator

WITHOUT_WORDS = (
    f"Without {WORD_TABLE}, the language of short questions is told less often, and in twice the "
    f"time. `polyfaq models install {WORD_TABLE}` installs it."
)
"""What the missing table of words costs, and the way out."""

_LOG = logging.getLogger(__name__)
_GENERATORS = " or ".join(name for name in GeneratorName if name is not GeneratorName.NONE)
_DEFAULT_MODEL = "multilingual-e5-small"


def load_embedder_for(settings: Settings, *, threads: int = 1) -> Embedder:
    """Load the embedding model that the settings name.

    Args:
        settings: Name the model.
        threads: Texts embedded at the same time within one call. With 1, each text may take the
            cores that are idle.

    Raises:
        EmbedderError: It cannot be used; the message says why and what to run.
    """
    name = settings.embedding_model
    installed = settings.models_folder / name
    if name == _DEFAULT_MODEL or installed.is_dir():
        from models.idle_cores import IdleCores  # noqa: PLC0415 - with what uses it
        from models.onnx_embedder import load_embedder  # noqa: PLC0415 - costs 0.2 s

        return load_embedder(
            installed, threads=threads, idle_cores=IdleCores() if threads == 1 else None
        )
    from models.sentence_transformers_embedder import (  # noqa: PLC0415 - an optional extra
        SentenceTransformersEmbedder,
    )

    return SentenceTransformersEmbedder(name)


def language_identifier(settings: Settings, languages: Sequence[str]) -> LanguageIdentifier:
    """Make what tells languages apart: those of the content, and others that visitors ask in.

    Args:
        settings: Name the detector, and the languages where these are others.
        languages: Canonical tags of the content's languages.
    """
    from models.language_id import LanguageIdentifier  # noqa: PLC0415 - brings in a detector

    served = settings.languages or tuple(languages)
    beside: Mapping[str, float] = {}
    if not settings.languages:
        beside = languages_beside(served, available_languages())
    bases = tuple(dict.fromkeys(base_language(tag) for tag in (*served, *beside)))
    words = installed_words(settings.models_folder)
    if settings.language_detector is LanguageDetector.LANGDETECT:
        from models.langdetect_detector import LangdetectDetector  # noqa: PLC0415 - one of two

        return LanguageIdentifier(served, LangdetectDetector(bases), words, beside=beside)
    from models.py3langid_detector import Py3langidDetector  # noqa: PLC0415 - one of two

    return LanguageIdentifier(served, Py3langidDetector(bases), words, beside=beside)


def installed_words(models_folder: Path) -> WordTable | None:
    """Read the table of words, if a whole one is installed; a log line says what is missing.

    Args:
        models_folder: Where models live.
    """
    try:
        return read_word_table(models_folder / WORD_TABLE)
    except ModelMissingError:
        _LOG.info(WITHOUT_WORDS)
    except EmbedderError as error:
        _LOG.warning("%s %s", error, WITHOUT_WORDS)
    return None


def generator_for(settings: Settings) -> Generator:
    """Make what writes; no model is loaded and no server asked yet.

    Raises:
        SettingsError: None is chosen, or no model is named.
    """
    if settings.generator is GeneratorName.NONE:
        raise SettingsError(
            "no generator is chosen; set POLYFAQ_GENERATOR, or generator in polyfaq.toml, to "
            f"{_GENERATORS}"
        )
    model = settings.generator_model
    if model is None:
        raise SettingsError(
            f"the generator {settings.generator} needs to know which model; set "
            "POLYFAQ_GENERATOR_MODEL, or generator_model in polyfaq.toml"
        )
    from models.turns import Turns  # noqa: PLC0415 - only where texts are written

    turns = Turns(settings.generator_at_once, settings.generator_wait_seconds)
    if settings.generator is GeneratorName.TRANSFORMERS:
        from models.transformers_generator import (  # noqa: PLC0415 - one of two
            TransformersGenerator,
        )

        installed = settings.models_folder / model
        return TransformersGenerator(str(installed) if installed.is_dir() else model, turns=turns)
    from models.circuit_breaker import CircuitBreaker  # noqa: PLC0415 - servers alone need one
    from models.openai_generator import OpenAIGenerator  # noqa: PLC0415 - one of two

    key = settings.generator_key
    return OpenAIGenerator(
        settings.generator_url,
        model,
        None if key is None else key.get_secret_value(),
        turns=turns,
        breaker=CircuitBreaker(),
        connect_seconds=settings.generator_connect_seconds,
        silence_seconds=settings.generator_silence_seconds,
    )


def grounded_writer_for(
    settings: Settings,
    checks: Checks,
    spending: Spending,
    meters: WritingMeters,
    generator: Generator | None = None,
) -> GroundedWriter | None:
    """Make what writes answers to visitors; no model is loaded and no server asked yet.

    Args:
        settings: Say when it writes, how much, and by which generator.
        checks: Judge what it writes.
        spending: Counts its texts.
        meters: Told what becomes of them.
        generator: Used for something else already; made as the settings say when None.

    Returns:
        None where no answers are to be written.

    Raises:
        SettingsError: There is no generator to write them.
    """
    if settings.generation is GenerationUse.NEVER:
        return None
    if settings.generator is GeneratorName.NONE:
        raise SettingsError(
            f"generation is {settings.generation}, which needs a generator; set "
            f"POLYFAQ_GENERATOR, or generator in polyfaq.toml, to {_GENERATORS}, or "
            "POLYFAQ_GENERATION to never"
        )
    from app.answering.writing import Purpose  # noqa: PLC0415 - only where texts are written
    from app.generating.budgets import Allowance, Budgets  # noqa: PLC0415 - the same
    from app.generating.grounded import GroundedWriter, PromptStyle  # noqa: PLC0415 - the same
    from models.generation import GenerationLimits  # noqa: PLC0415 - the same

    allowance = Allowance(settings.generation_per_conversation, settings.generation_per_day)
    is_for_all = settings.generation is GenerationUse.ENTRIES
    return GroundedWriter(
        generator or generator_for(settings),
        checks,
        Budgets(spending, allowance),
        purposes=frozenset(Purpose) if is_for_all else frozenset({Purpose.LANGUAGE}),
        style=PromptStyle(
            settings.prompt_family,
            settings.generation_prompt,
        ),
        limits=GenerationLimits(settings.generation_tokens, settings.generation_seconds),
        # The other half of the threads always answers with what people wrote.
        at_once=max(settings.threads // 2, 1),
        remembered=settings.answer_cache,
        meters=meters,
    )


def translator_for(
    settings: Settings, languages: Sequence[str], generator: Generator | None = None
) -> Translator:
    """Make what translates; nothing is started or asked yet.

    Args:
        settings: Name the translator.
        languages: Canonical tags, for a translator that has no list of its own.
        generator: Writes for the translator that needs one; made as the settings say when None.

    Raises:
        SettingsError: None is chosen, or the generator that it needs is not.
    """
    seconds = settings.translator_seconds
    if settings.translator is TranslatorName.APERTIUM:
        from models.apertium_translator import ApertiumTranslator  # noqa: PLC0415 - one of three

        return ApertiumTranslator(seconds=seconds)
    if settings.translator is TranslatorName.LIBRETRANSLATE:
        from models.libretranslate_translator import (  # noqa: PLC0415 - one of three
            LibreTranslateTranslator,
        )

        key = settings.libretranslate_key
        return LibreTranslateTranslator(
            settings.libretranslate_url,
            None if key is None else key.get_secret_value(),
            seconds=seconds,
        )
    if settings.translator is TranslatorName.GENERATOR:
        from models.generation import GenerationLimits  # noqa: PLC0415 - one of three
        from models.generator_translator import GeneratorTranslator  # noqa: PLC0415 - one of three

        return GeneratorTranslator(
            generator or generator_for(settings),
            languages,
            english_name,
            GenerationLimits(settings.generator_tokens, settings.generator_seconds),
            at_once=settings.generator_at_once,
        )
    raise SettingsError(
        "no translator is chosen; set POLYFAQ_TRANSLATOR, or translator in polyfaq.toml, to "
        f"{' or '.join(TranslatorName)}"
    )
