"""Lists, templates and patterns loaded before the first text is written, not beside answers."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from app.answering.writing import Assignment, Purpose
from app.generating.families import Family
from app.generating.prompt import prompt_for
from app.generating.sentences import sentences
from app.grounding.facts import KnownFacts
from app.grounding.fault import UngroundedError
from app.grounding.language import LanguageCheck
from app.grounding.obeying import ObedienceCheck, is_order
from app.grounding.sentence import Sentence
from knowledge_base.entry import Record
from models.language_id import UNDETERMINED

_TEXT = "Page no. 1, 2 copies."
_ROOM = 100_000


def rehearse(languages: Iterable[str], family: Family) -> None:
    """Ask for a text and check it, without a model, so that everything has been loaded once.

    Args:
        languages: Canonical tags of those in which the first texts will likely be.
        family: Whose templates are taken.
    """
    for lang in languages:
        record = Record("rehearsal", lang, "?", _TEXT)
        prompt_for(Assignment(Purpose.LANGUAGE, "?", lang, (record,), ""), family, _ROOM)
        for text in sentences([_TEXT]):
            sentence = Sentence.of(text)
            ObedienceCheck(_TEXT, (), "").check(sentence)
            KnownFacts([record], "?").check(sentence, lang)
            # It is in no language in particular, which some refuse.
            with suppress(UngroundedError):
                LanguageCheck(lang, lambda _: UNDETERMINED, [_TEXT]).sentence(sentence)
        is_order(_TEXT)
