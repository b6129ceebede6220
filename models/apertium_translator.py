"""Apertium, rule-based translation: a process of its own for each batch of texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from models.apertium_stream import from_stream, to_stream
from models.bounded_process import Ended, ProcessTooLoudError, ProcessTooSlowError, run_bounded
from models.marked_text import Kept, MarkedText
from models.translation import (
    Pair,
    Translated,
    TranslationFailedError,
    TranslationTimedOutError,
    TranslatorUnavailableError,
)

_TEXTS_AT_ONCE = 48
_INSTALL = (
    "install it with the language pairs that you need, on Debian for instance: "
    "apt-get install apertium apertium-eng-spa"
)
_QUICK_SECONDS = 20.0
_MOST_LISTED = 1_000_000
_OUTPUT_PER_BYTE = 20
_OUTPUT_AT_LEAST = 100_000
_LAST: MarkedText = (Kept(1, "7"),)
"""A text that comes back as it is: where it does not, texts and translations are out of step."""


class ApertiumTranslator:
    """Translates with the modes that are installed, such as `eng-spa`."""

    def __init__(self, command: str = "apertium", *, seconds: float = 60.0) -> None:
        """Name the program; nothing runs yet.

        Args:
            command: The program.
            seconds: How long a batch may take.
        """
        self._command = command
        self._seconds = seconds

    @cached_property
    def identity(self) -> str:
        """The program's name and version."""
        said = self._ask("-V").output.decode("utf-8", "replace").split()
        return " ".join(["apertium", *said[-1:]])

    @property
    def texts_at_once(self) -> int:
        """Some dozens: starting the programs takes longer than translating a text."""
        return _TEXTS_AT_ONCE

    def pairs(self) -> frozenset[Pair]:
        """List the modes that are named for two languages.

        Raises:
            TranslatorUnavailableError: The program is not installed or does not work.
        """
        modes = self._ask("-l").output.decode("utf-8", "replace").split()
        named = [mode.split("-") for mode in modes]
        return frozenset(Pair(*names) for names in named if len(names) == 2)

    def translate(self, texts: Sequence[MarkedText], pair: Pair) -> tuple[Translated, ...]:
        """Translate texts in one process, which is killed when it takes too long.

        Raises:
            TranslatorUnavailableError: The program is not installed.
            TranslationFailedError: It took too long, broke off or printed too much.
        """
        if not texts:
            return ()
        mode = f"{pair.source}-{pair.target}"
        given = "".join(f"{to_stream(text)}\0" for text in (*texts, _LAST)).encode(
            "utf-8", "replace"
        )
        ended = self._run(
            ["-f", "none", "-z", mode],
            given,
            self._seconds,
            _OUTPUT_AT_LEAST + _OUTPUT_PER_BYTE * len(given),
        )
        streams = ended.output.decode("utf-8", "replace").split("\0")
        if ended.status or len(streams) <= len(texts) or to_stream(_LAST) != streams[len(texts)]:
            raise TranslationFailedError(
                f"apertium {mode} did not give back a text for each of {len(texts)} and ended "
                f"with status {ended.status}{_said(ended)}; try `echo hello | apertium {mode}`"
            )
        return tuple(
            from_stream(stream, text) for stream, text in zip(streams, texts, strict=False)
        )

    def _ask(self, option: str) -> Ended:
        try:
            ended = self._run([option], b"", _QUICK_SECONDS, _MOST_LISTED)
        except TranslationFailedError as error:
            raise TranslatorUnavailableError(str(error)) from None
        if ended.status:
            raise TranslatorUnavailableError(
                f"{self._command} {option} ended with status {ended.status}{_said(ended)}; "
                "install apertium anew"
            )
        return ended

    def _run(self, arguments: list[str], given: bytes, seconds: float, most_bytes: int) -> Ended:
        called = " ".join([self._command, *arguments])
        try:
            return run_bounded(
                [self._command, *arguments], given, seconds=seconds, most_bytes=most_bytes
            )
        except OSError as error:
            raise TranslatorUnavailableError(
                f"{self._command} cannot be started: {error.strerror}; {_INSTALL}"
            ) from None
        except ProcessTooSlowError:
            raise TranslationTimedOutError(
                f"{called} took over {seconds:g} s and was ended; raise "
                "POLYFAQ_TRANSLATOR_SECONDS, or translate fewer texts"
            ) from None
        except ProcessTooLoudError:
            raise TranslationFailedError(
                f"{called} printed more than {most_bytes} bytes and was ended"
            ) from None


def _said(ended: Ended) -> str:
    return f" ({ended.errors[:200]})" if ended.errors else ""
