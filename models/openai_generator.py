"""A server that speaks the chat API of OpenAI: llama.cpp, Ollama, vLLM, hosted ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from time import monotonic, sleep
from typing import NoReturn

from models.bounded_http import (
    AddressError,
    ConnectionFailedError,
    ExchangeFailedError,
    HttpTimes,
    OpenReply,
    TooLateError,
    TooMuchError,
    opened,
)
from models.circuit_breaker import CircuitBreaker
from models.generation import (
    BrokenReplyError,
    GenerationFailedError,
    GenerationLimits,
    GenerationTimedOutError,
    GeneratorError,
    GeneratorPausedError,
    GeneratorRefusedError,
    GeneratorUnavailableError,
    GeneratorUnreachableError,
    Message,
    RequestRejectedError,
    TooLongError,
)
from models.openai_stream import error_message, request_body, written
from models.turns import Turns

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 3
_RETRY_SECONDS = 0.2
_REPLY_AT_LEAST = 65_536
# An event of one token with all that servers say beside it.
_REPLY_PER_TOKEN = 4096
_REFUSED = frozenset({401, 402, 403, 404, 405, 429})
_WAYS_OUT = {
    401: "; set POLYFAQ_GENERATOR_KEY",
    403: "; set POLYFAQ_GENERATOR_KEY",
    404: "; correct POLYFAQ_GENERATOR_MODEL or POLYFAQ_GENERATOR_URL",
}
_EVENTS = "text/event-stream"


class OpenAIGenerator:
    """Writes on a server; a server that keeps failing is left alone for a while."""

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None = None,
        *,
        turns: Turns,
        breaker: CircuitBreaker,
        connect_seconds: float = 5.0,
        silence_seconds: float = 60.0,
        pause: Callable[[float], None] = sleep,
    ) -> None:
        """Name the server; it is not asked yet.

        Args:
            url: Where its API begins, such as `http://127.0.0.1:8000/v1`.
            model: As the server names it.
            key: Its API key, where it wants one; printable ASCII.
            turns: Bounds how many requests run at once.
            breaker: Decides when it is left alone.
            connect_seconds: How long it may take to reach the server.
            silence_seconds: How long the server may send nothing.
            pause: Waits before another attempt to reach it.
        """
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._key = key
        self._turns = turns
        self._breaker = breaker
        self._connect_seconds = connect_seconds
        self._silence_seconds = silence_seconds
        self._pause = pause
        self._failure = self._url

    @property
    def identity(self) -> str:
        """The server's address and the model."""
        return f"openai {self._url} {self._model}"

    def generate(self, messages: Sequence[Message], limits: GenerationLimits) -> Iterator[str]:
        """Write on the server; see `Generator.generate`.

        Raises:
            GeneratorUnreachableError: The server is not reached, also when tried again.
            GeneratorRefusedError: It wants a key, has no such model, or is asked too often.
            GeneratorPausedError: It failed so often that it is left alone.
            GenerationTimedOutError: The text was not whole in time.
            RequestRejectedError: It does not take this request.
            BrokenReplyError: It answered with an error, with nonsense, or broke off.
            TooLongError: The text would have more tokens than it may.
            GeneratorBusyError: There was no turn in time.
        """
        deadline = monotonic() + limits.seconds
        with self._turns.turn(limits.seconds):
            left = self._breaker.seconds_to_wait()
            if left is not None:
                raise GeneratorPausedError(
                    f"{self._failure}; after several failures in a row, it is tried again in "
                    f"{left:.0f} s"
                )
            try:
                yield from self._generate(messages, limits, deadline)
            except (GeneratorRefusedError, RequestRejectedError, TooLongError) as error:
                self._breaker.succeeded()
                _LOG.warning("generator: %s", error)
                raise
            except GeneratorError as error:
                self._failure = str(error)
                opens = self._breaker.failed()
                _LOG.warning("generator: %s%s", error, "; left alone for a while" if opens else "")
                raise
            except BaseException:
                # Nobody wanted the rest.
                self._breaker.ended()
                raise
            self._breaker.succeeded()

    def _generate(
        self, messages: Sequence[Message], limits: GenerationLimits, deadline: float
    ) -> Iterator[str]:
        body = request_body(self._model, messages, limits.tokens)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                yield from self._ask(body, limits, deadline)
            except AddressError as error:
                raise GeneratorUnavailableError(f"{error}; correct POLYFAQ_GENERATOR_URL") from None
            except ConnectionFailedError as error:
                if attempt == _ATTEMPTS or monotonic() + _RETRY_SECONDS * attempt >= deadline:
                    raise GeneratorUnreachableError(
                        f"{self._url} was not reached: {error}; start the server, or correct "
                        "POLYFAQ_GENERATOR_URL"
                    ) from None
                self._pause(_RETRY_SECONDS * attempt)
            else:
                return

    def _ask(self, body: bytes, limits: GenerationLimits, deadline: float) -> Iterator[str]:
        total = max(deadline - monotonic(), 0.001)
        times = HttpTimes(total, min(self._connect_seconds, total), self._silence_seconds)
        headers = {"Accept": _EVENTS, "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        most = _REPLY_AT_LEAST + _REPLY_PER_TOKEN * limits.tokens
        try:
            with opened(
                "POST", self._url, body=body, headers=headers, times=times, most_bytes=most
            ) as reply:
                if reply.status != 200:
                    self._refuse(reply)
                if reply.media_type != _EVENTS:
                    raise BrokenReplyError(
                        f"the reply is {reply.media_type}, not a stream of events"
                    )
                yield from written(reply.pieces())
        except TooLateError as error:
            raise GenerationTimedOutError(f"{self._url}: {error}") from None
        except TooMuchError as error:
            raise BrokenReplyError(f"{self._url}: {error}") from None
        except ExchangeFailedError as error:
            raise BrokenReplyError(f"{self._url}: {error}") from None
        except GenerationFailedError as error:
            raise type(error)(f"{self._url}: {error}") from None

    def _refuse(self, reply: OpenReply) -> NoReturn:
        said = error_message(b"".join(reply.pieces()))
        if self._key:
            said = said.replace(self._key, "(key)")
        message = f"answered {reply.status}: {said}"
        if reply.status in _REFUSED:
            raise GeneratorRefusedError(f"{self._url} {message}{_WAYS_OUT.get(reply.status, '')}")
        kind = RequestRejectedError if 400 <= reply.status < 500 else BrokenReplyError
        raise kind(message)
