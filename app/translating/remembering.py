"""A translator that is asked for nothing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from app.translating.routes import Route
from models.marked_text import MarkedText
from models.translation import Pair, Translated, Translator


class Memory(Protocol):
    """Knows what translators made of texts."""

    def find(self, identity: str, pair: Pair, text: MarkedText) -> Translated | None:
        """Look for what came of a text, None if that is not known."""
        ...

    def keep(
        self, identity: str, pair: Pair, translations: Mapping[MarkedText, Translated]
    ) -> None:
        """Remember what came of texts."""
        ...


class RememberingTranslator:
    """Translates along routes what a memory does not know.

    Attributes:
        translated: How many texts the translator translated.
        remembered: How many did not have to be.
    """

    def __init__(self, translator: Translator, memory: Memory) -> None:
        self._translator = translator
        self._memory = memory
        self.translated = 0
        self.remembered = 0

    @property
    def texts_at_once(self) -> int:
        """How many texts the translator is best given together."""
        return self._translator.texts_at_once

    def along(self, route: Route, texts: Sequence[MarkedText]) -> dict[MarkedText, Translated]:
        """Translate texts by one pair after the other; words unknown to either are unknown.

        Raises:
            TranslatorError: The translator cannot be used, or failed on these texts.
            MemoryUnusableError: What was translated cannot be remembered.
        """
        done = {text: Translated(text) for text in texts}
        for pair in route:
            step = self._by(pair, [translated.text for translated in done.values()])
            done = {
                text: replace(
                    step[before.text], unknown=max(before.unknown, step[before.text].unknown)
                )
                for text, before in done.items()
            }
        return done

    def _by(self, pair: Pair, texts: Sequence[MarkedText]) -> dict[MarkedText, Translated]:
        identity = self._translator.identity
        found: dict[MarkedText, Translated] = {}
        missing: list[MarkedText] = []
        for text in dict.fromkeys(texts):
            known = self._memory.find(identity, pair, text)
            if known is None:
                missing.append(text)
            else:
                found[text] = known
        self.remembered += len(found)
        if missing:
            made = self._translator.translate(missing, pair)
            fresh = dict(zip(missing, made, strict=True))
            self._memory.keep(identity, pair, fresh)
            self.translated += len(fresh)
            found |= fresh
        return found
