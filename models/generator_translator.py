"""A chat model that is asked to translate."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from itertools import permutations
from string import Template

from models.generation import (
    Author,
    GenerationFailedError,
    GenerationLimits,
    GenerationTimedOutError,
    Generator,
    GeneratorBusyError,
    GeneratorUnavailableError,
    Message,
    TooLongError,
)
from models.marked_text import MarkedText, MarkedTextError, from_html, to_html
from models.translation import (
    Pair,
    Translated,
    TranslationFailedError,
    TranslationTimedOutError,
    TranslatorBusyError,
    TranslatorUnavailableError,
)

_PROMPT = files("models").joinpath("prompts", "translation.txt")
# Some models think aloud first, or hand the text back in the tags that it came in.
_AROUND = re.compile(r"\s*(?:<think>.*?</think>\s*)?(?:<text>)?(.*?)(?:</text>)?\s*", re.DOTALL)
# A model that goes on and on is stopped long before its limit: even scripts that take several
# tokens a letter fit.
_TOKENS_AT_LEAST = 128
_TOKENS_PER_CHARACTER = 3


class GeneratorTranslator:
    """Asks a generator for one text after the other, or for several at once."""

    def __init__(
        self,
        generator: Generator,
        languages: Sequence[str],
        english_name: Callable[[str], str],
        limits: GenerationLimits,
        *,
        at_once: int = 1,
    ) -> None:
        """Take what writes.

        Args:
            generator: Writes.
            languages: Tags; any of them is translated into any other.
            english_name: Names a tag's language in English.
            limits: For each text.
            at_once: How many texts are asked for at the same time.
        """
        self._generator = generator
        self._languages = tuple(dict.fromkeys(languages))
        self._english_name = english_name
        self._limits = limits
        self._at_once = at_once
        self._prompt = _PROMPT.read_text("utf-8").strip()
        self._made: dict[tuple[Pair, MarkedText], Translated] = {}

    @property
    def identity(self) -> str:
        """The generator, its tokens and the prompt."""
        digest = hashlib.sha256(self._prompt.encode()).hexdigest()[:12]
        return f"generator {self._generator.identity} {self._limits.tokens} prompt {digest}"

    @property
    def texts_at_once(self) -> int:
        """As many as are written at once: each takes seconds, and is kept when it is made."""
        return self._at_once

    def pairs(self) -> frozenset[Pair]:
        """Give every direction; how well a model knows a language, only its texts tell."""
        return frozenset(Pair(*pair) for pair in permutations(self._languages, 2))

    def translate(self, texts: Sequence[MarkedText], pair: Pair) -> tuple[Translated, ...]:
        """Translate texts, each by a request of its own.

        A text that the model does not come to an end with is translated as nothing. Texts that
        were finished before another failed are not asked for again.

        Raises:
            TranslatorUnavailableError: The generator is not reached, refuses, or is no such.
            TranslationFailedError: A text is late or broken.
        """
        try:
            found = self._translations(list(dict.fromkeys(texts)), pair)
        except GeneratorUnavailableError as error:
            raise TranslatorUnavailableError(str(error)) from None
        except GeneratorBusyError as error:
            raise TranslatorBusyError(str(error)) from None
        except GenerationTimedOutError as error:
            raise TranslationTimedOutError(str(error)) from None
        except GenerationFailedError as error:
            raise TranslationFailedError(str(error)) from None
        for text in found:
            self._made.pop((pair, text), None)
        return tuple(found[text] for text in texts)

    def _translations(
        self, texts: Sequence[MarkedText], pair: Pair
    ) -> dict[MarkedText, Translated]:
        if self._at_once == 1 or len(texts) < 2:
            return {text: self._translation(text, pair) for text in texts}
        with ThreadPoolExecutor(self._at_once) as pool:
            asked = [(text, pool.submit(self._translation, text, pair)) for text in texts]
            try:
                return {text: each.result() for text, each in asked}
            finally:
                pool.shutdown(wait=False, cancel_futures=True)

    def _translation(self, text: MarkedText, pair: Pair) -> Translated:
        made = self._made.get((pair, text))
        if made is not None:
            return made
        markup = to_html(text)
        asked = Template(self._prompt).substitute(
            source=self._english_name(pair.source),
            target=self._english_name(pair.target),
            text=markup,
        )
        tokens = _TOKENS_AT_LEAST + _TOKENS_PER_CHARACTER * len(markup)
        limits = GenerationLimits(min(self._limits.tokens, tokens), self._limits.seconds)
        try:
            written = "".join(self._generator.generate([Message(Author.USER, asked)], limits))
        except TooLongError:
            # Small models do not come to an end now and then: it is this text that fails.
            written = ""
        made = self._made[pair, text] = _read(written)
        return made


def _read(written: str) -> Translated:
    around = _AROUND.fullmatch(written)
    try:
        return Translated(from_html(around[1] if around else written))
    except MarkedTextError:
        # A text without its marks: whoever looks for them will refuse it.
        return Translated(())
