"""LibreTranslate, a translation server, through its HTTP API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from models.bounded_http import (
    AddressError,
    ConnectionFailedError,
    ExchangeFailedError,
    HttpReply,
    TooLateError,
    exchange,
)
from models.marked_text import MarkedText, MarkedTextError, from_html, to_html
from models.translation import (
    Pair,
    Translated,
    TranslationFailedError,
    TranslationTimedOutError,
    TranslatorError,
    TranslatorUnavailableError,
)

_ATTEMPTS = 3
_MOST_LISTED = 1_000_000
_REPLY_PER_BYTE = 20
_REPLY_AT_LEAST = 100_000
_TEXTS_AT_ONCE = 20
_REFUSED = frozenset({401, 403, 404, 405, 429})
_SHOWN = 200


class LibreTranslateTranslator:
    """Translates on a server; kept pieces are marked `translate="no"` in HTML."""

    def __init__(self, url: str, key: str | None = None, *, seconds: float = 60.0) -> None:
        """Name the server; it is not asked yet.

        Args:
            url: Where it is, such as `http://127.0.0.1:5000`.
            key: Its API key, where it wants one.
            seconds: How long a request may take.
        """
        self._url = url.rstrip("/")
        self._key = key
        self._seconds = seconds

    @property
    def identity(self) -> str:
        """The server's address."""
        return f"libretranslate {self._url}"

    @property
    def texts_at_once(self) -> int:
        """Some dozens: a request takes little longer with some more."""
        return 2 * _TEXTS_AT_ONCE

    def pairs(self) -> frozenset[Pair]:
        """Ask the server for its languages.

        Raises:
            TranslatorUnavailableError: It is not reached or is no LibreTranslate server.
        """
        try:
            listed = self._ask("GET", "/languages", None, _MOST_LISTED)
            return frozenset(
                Pair(str(language["code"]), str(target))
                for language in listed
                for target in language.get("targets", ())
                if target != language["code"]
            )
        except TranslationFailedError as error:
            raise TranslatorUnavailableError(str(error)) from None
        except (AttributeError, KeyError, TypeError):
            raise TranslatorUnavailableError(
                f"{self._url}/languages does not answer as LibreTranslate does; correct "
                "POLYFAQ_LIBRETRANSLATE_URL"
            ) from None

    def translate(self, texts: Sequence[MarkedText], pair: Pair) -> tuple[Translated, ...]:
        """Translate texts, some of them in each request.

        Raises:
            TranslatorUnavailableError: The server is not reached, or refuses.
            TranslationFailedError: A reply is late, too large, broken or an error.
        """
        translated: list[Translated] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            translated += self._translate(texts[start : start + _TEXTS_AT_ONCE], pair)
        return tuple(translated)

    def _translate(self, texts: Sequence[MarkedText], pair: Pair) -> list[Translated]:
        asked: dict[str, object] = {
            "q": [to_html(text) for text in texts],
            "source": pair.source,
            "target": pair.target,
            "format": "html",
        }
        if self._key:
            asked["api_key"] = self._key
        body = json.dumps(asked).encode()
        most = _REPLY_AT_LEAST + _REPLY_PER_BYTE * len(body)
        reply = self._ask("POST", "/translate", body, most)
        found = reply.get("translatedText") if isinstance(reply, Mapping) else None
        if (
            not isinstance(found, list)
            or len(found) != len(texts)
            or not all(isinstance(each, str) for each in found)
        ):
            raise TranslationFailedError(
                f"{self._url}/translate did not answer with a translation for each text"
            )
        return [_read(markup) for markup in found]

    def _ask(self, method: str, path: str, body: bytes | None, most_bytes: int) -> Any:  # noqa: ANN401 - JSON
        where = f"{self._url}{path}"
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        failure = ""
        for _ in range(_ATTEMPTS):
            try:
                reply = exchange(
                    method,
                    where,
                    body=body,
                    headers=headers,
                    seconds=self._seconds,
                    most_bytes=most_bytes,
                )
            except AddressError as error:
                raise TranslatorUnavailableError(str(error)) from None
            except ConnectionFailedError as error:
                failure = str(error)
            except TooLateError as error:
                raise TranslationTimedOutError(f"{where}: {error}") from None
            except ExchangeFailedError as error:
                raise TranslationFailedError(f"{where}: {error}") from None
            else:
                return self._content(reply, where)
        raise TranslatorUnavailableError(
            f"{self._url} was not reached: {failure}; start the server, or correct "
            "POLYFAQ_LIBRETRANSLATE_URL"
        )

    def _content(self, reply: HttpReply, where: str) -> Any:  # noqa: ANN401 - JSON
        try:
            content = json.loads(reply.body)
        except (ValueError, RecursionError):
            content = None
        if reply.status == 200 and content is not None:
            return content
        said = content.get("error") if isinstance(content, dict) else None
        why = str(said)[:_SHOWN] if said else "no JSON"
        kind: type[TranslatorError] = (
            TranslatorUnavailableError if reply.status in _REFUSED else TranslationFailedError
        )
        hint = "; set POLYFAQ_LIBRETRANSLATE_KEY" if reply.status in {401, 403} else ""
        raise kind(f"{where} answered {reply.status}: {why}{hint}")


def _read(markup: str) -> Translated:
    try:
        return Translated(from_html(markup))
    except MarkedTextError:
        # A text without its marks: whoever looks for them will refuse it.
        return Translated(())
