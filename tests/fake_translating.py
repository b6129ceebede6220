"""Stand-ins for translators."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Event

from models.marked_text import Marked, MarkedText, from_html, to_html
from models.translation import (
    Pair,
    Translated,
    TranslationFailedError,
    TranslatorUnavailableError,
)


class FakeTranslator:
    """Knows phrases by heart; marks and pieces are written as HTML on both sides.

    What it does not know comes back with each word spelled backwards. `calls` keeps what it was
    asked; `broken` are texts that it fails on, `unknown` how many words of a text it does not know,
    `on_call` is called each time.
    """

    def __init__(
        self,
        phrases: Mapping[str, str] | None = None,
        pairs: Sequence[tuple[str, str]] = (("en", "fr"),),
    ) -> None:
        self.phrases = {} if phrases is None else dict(phrases)
        self.known = frozenset(Pair(*pair) for pair in pairs)
        self.calls: list[tuple[Pair, tuple[str, ...]]] = []
        self.unknown: dict[str, int] = {}
        self.broken: set[str] = set()
        self.is_down = False
        self.on_call: Callable[[], object] = lambda: None

    @property
    def identity(self) -> str:
        return "fake"

    @property
    def texts_at_once(self) -> int:
        return 48

    @property
    def asked(self) -> list[str]:
        return [text for _, texts in self.calls for text in texts]

    def pairs(self) -> frozenset[Pair]:
        return self.known

    def translate(self, texts: Sequence[MarkedText], pair: Pair) -> tuple[Translated, ...]:
        written = tuple(to_html(text) for text in texts)
        self.calls.append((pair, written))
        self.on_call()
        if self.is_down:
            raise TranslatorUnavailableError("the test took the translator down")
        if self.broken & set(written):
            raise TranslationFailedError("the test broke these texts")
        return tuple(
            Translated(
                from_html(self.phrases[html]) if html in self.phrases else _backwards(text),
                self.unknown.get(html, 0),
            )
            for html, text in zip(written, texts, strict=True)
        )


class WaitingTranslator(FakeTranslator):
    """Says that it has begun, and translates when it is told to go on."""

    def __init__(self, phrases: Mapping[str, str] | None = None) -> None:
        super().__init__(phrases)
        self.has_begun = Event()
        self.go_on = Event()
        self.on_call = self._wait

    def _wait(self) -> None:
        self.has_begun.set()
        self.go_on.wait(60)


def _backwards(text: MarkedText) -> MarkedText:
    return tuple(
        re.sub(r"[^\W\d_]+", lambda word: word.group()[::-1], part)
        if isinstance(part, str)
        else replace(part, parts=_backwards(part.parts))
        if isinstance(part, Marked)
        else part
        for part in text
    )


class SilentTranslation:
    """Progress that nobody looks at."""

    def translating(self, total: int) -> None:
        pass

    def translated(self, count: int) -> None:
        pass
