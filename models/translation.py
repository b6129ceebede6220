"""The contract between whoever has texts and whatever puts them into another language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.marked_text import MarkedText


@dataclass(frozen=True, slots=True)
class Pair:
    """A direction that a translator knows, in the translator's own names of languages.

    Attributes:
        source: What is translated from: a language tag, or a three-letter code such as `spa`.
        target: What is translated into.
    """

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Translated:
    """What a translator made of a text.

    Attributes:
        text: The translation, with the marks and kept pieces that the translator gave back.
        unknown: How many words it said that it does not know.
    """

    text: MarkedText
    unknown: int = 0


class Translator(Protocol):
    """Puts texts into another language; marks and kept pieces travel with them.

    What comes back is not to be trusted: a piece may be lost or doubled, a text empty or in the
    wrong language. Whoever asked has to look. Implementations may be called by several threads at
    once.
    """

    @property
    def identity(self) -> str:
        """What made a translation: a name that changes whenever other texts may come out."""
        ...

    @property
    def texts_at_once(self) -> int:
        """How many texts it is best given together; what it makes of them is kept together."""
        ...

    def pairs(self) -> frozenset[Pair]:
        """Find out which directions can be had.

        Raises:
            TranslatorError: It cannot be asked.
        """
        ...

    def translate(self, texts: Sequence[MarkedText], pair: Pair) -> tuple[Translated, ...]:
        """Translate texts, within bounded time and memory.

        Args:
            texts: Any number of texts, also none.
            pair: One of `pairs()`.

        Returns:
            One translation a text, in the order of the texts.

        Raises:
            TranslatorUnavailableError: No text can be translated at present.
            TranslationFailedError: These texts cannot be, others may.
        """
        ...


class TranslatorError(Exception):
    """A translator cannot be used; the message says which, why, and what to do."""


class TranslatorUnavailableError(TranslatorError):
    """A translator is not installed, not reached, or refuses to work at all."""


class TranslationFailedError(TranslatorError):
    """A translator failed on these texts: it took too long, broke off, or answered nonsense."""


class TranslationTimedOutError(TranslationFailedError):
    """A translator was not done with these texts in time."""


class TranslatorBusyError(TranslationFailedError):
    """A translator has too much to do; there was no turn in time."""
