"""Answers of the knowledge base in another language, verified as drafts are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.translating.cut_text import CutText
from app.translating.protecting import Protection
from app.translating.refusal import Reason, RefusedError
from app.translating.remembering import Memory, RememberingTranslator
from app.translating.routes import Routes
from knowledge_base.entry import Origin, Record
from knowledge_base.glossary import Glossary
from knowledge_base.languages import base_language, closest_tag
from models.translation import Translator


@dataclass(frozen=True, slots=True)
class Means:
    """What it takes to translate.

    Attributes:
        translator: Translates.
        routes: The ways that it knows.
        glossary: Terms that stay, or are settled.
        identify_for: Gives what tells a text's language, as a tag or `und`, where the text should
            be in this one.
    """

    translator: Translator
    routes: Routes
    glossary: Glossary
    identify_for: Callable[[str], Callable[[str], str]]


@dataclass(frozen=True, slots=True)
class TranslatedAnswer:
    """An answer in another language.

    Attributes:
        text: Markdown.
        place: Which of the sources it was made from, counted from 0.
    """

    text: str
    place: int


def sources_of(
    first: Record,
    texts: Mapping[str, Record],
    target: str,
    default_language: str,
    today: date,
) -> tuple[Record, ...]:
    """List the texts of an entry that its answer may be translated from, the best first.

    Args:
        first: The text that the reader would be shown, which is the first.
        texts: All texts of the entry, by language.
        target: Canonical tag of the reader's language; texts in it are no sources.
        default_language: Its text is next.
        today: The day that validity is judged by.
    """
    default = closest_tag(default_language, texts)
    others = [texts[default]] if default is not None else []
    others += texts.values()
    found = {first.lang: first}
    for record in others:
        # Who is shown no machine's text must not be shown a translation of one, either.
        if record.is_servable(today) and record.origin in {Origin.HUMAN, first.origin}:
            found.setdefault(record.lang, record)
    return tuple(
        record for lang, record in found.items() if base_language(lang) != base_language(target)
    )


def translate_answer(
    sources: Sequence[Record], target: str, means: Means, memory: Memory
) -> TranslatedAnswer:
    """Translate an answer from the first of its texts that there is a way from.

    Args:
        sources: The answer's texts in other languages, the best first.
        target: Canonical tag of the language to translate into.
        means: What it takes.
        memory: Knows what was translated before.

    Raises:
        RefusedError: There is no way, or what came of it is not fit to be shown to anyone.
        TranslatorError: The translator cannot be used, or failed on this answer.
        MemoryUnusableError: What was translated cannot be remembered.
    """
    for place, source in enumerate(sources):
        route = means.routes.between(source.lang, target)
        if route is None:
            continue
        protection = Protection.between(means.glossary, source.lang, target)
        answer = CutText.answer(source.answer, protection)
        parts = answer.parts
        found = RememberingTranslator(means.translator, memory).along(route, parts)
        translated = [found[part] for part in parts]
        text = answer.translation(translated, target, means.identify_for(target))
        return TranslatedAnswer(text, place)
    known = ", ".join(source.lang for source in sources) or "no other language"
    raise RefusedError(Reason.NO_ROUTE, f"the translator knows no way from {known} to {target}")
