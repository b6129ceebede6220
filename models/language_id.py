"""Which language a text is in, among those the knowledge base serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

UNDETERMINED = "und"
"""The BCP 47 tag of a text whose language is not known."""


class LanguageSource(StrEnum):
    """What decided the language of a question."""

    DECLARED = "declared"
    DETECTED = "detected"
    CONVERSATION = "conversation"
    PAGE = "page"
    ACCEPT = "accept_language"


@dataclass(frozen=True, slots=True)
class Priors:
    """What suggests a language before the text is read.

    Attributes:
        page: Tag of the page that the visitor is on.
        conversation: Tag of the visitor's last question in the same conversation.
        accept: Tags the browser asks for, each with its quality from 0 to 1.
    """

    page: str | None = None
    conversation: str | None = None
    accept: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class IdentifiedLanguage:
    """The language of a text.

    Attributes:
        tag: A served language's tag, or `UNDETERMINED`.
        confidence: Probability from 0 to 1 of the tag; of the best guess where undetermined.
        source: What decided.
        margin: Probability of the best language minus that of the second, 0 to 1.
    """

    tag: str
    confidence: float
    source: LanguageSource
    margin: float


class Detector(Protocol):
    """The raw evidence of one detection library, restricted to the languages it was made for."""

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Give the probability of each language; they sum to 1, or nothing where none is known."""
        ...
