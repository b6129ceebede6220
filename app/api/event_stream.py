"""Answers as server-sent events, written while they come about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, Protocol

import orjson
from flask import Response

from app.answering.events import AnswerEvent
from app.api.followed import Followed
from app.api.problems import ProblemError, as_problem

MIMETYPE = "text/event-stream"
_NOT_BUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Wire(Protocol):
    """How one kind of client is told an answer."""

    @property
    def ping(self) -> bytes:
        """What is sent while there is nothing to say."""
        ...

    def tell(self, event: AnswerEvent) -> Iterator[bytes]:
        """Write an event."""
        ...

    def fail(self, problem: ProblemError) -> bytes:
        """Write that the answer breaks off."""
        ...


def streamed(events: Iterator[AnswerEvent], wire: Wire, patience: float) -> Response:
    """Answer with events as they come about.

    Nothing is sent before the first event or the first silence, so that what fails until then
    gets a status of its own. A client that goes away ends the events, at the next one or at the
    next ping.

    Args:
        events: A generator.
        wire: How the client is told.
        patience: Seconds of silence after which a ping is sent.

    Raises:
        Exception: Whatever the events raise before the first one.
    """
    followed = Followed(events, patience)
    try:
        first = next(followed)
    except BaseException:
        followed.close()
        raise
    return stream_response(_written(chain((first,), followed), wire), followed.close)


def stream_response(chunks: Iterable[bytes], close: Callable[[], None] = lambda: None) -> Response:
    """Answer with bytes as they come, and call back when the last is sent or the client is gone."""
    response = Response(chunks, mimetype=MIMETYPE, headers=_NOT_BUFFERED)
    response.call_on_close(close)
    return response


def data(content: bytes) -> bytes:
    """Write JSON as an event without a name."""
    return b"data: " + content + b"\n\n"


def event(name: str, content: bytes | dict[str, Any]) -> bytes:
    """Write JSON, or what is to be JSON, as an event with a name."""
    content = content if isinstance(content, bytes) else orjson.dumps(content)
    return f"event: {name}\n".encode() + data(content)


def _written(events: Iterable[AnswerEvent | None], wire: Wire) -> Iterator[bytes]:
    try:
        for told in events:
            if told is None:
                yield wire.ping
            else:
                yield from wire.tell(told)
    except Exception as error:  # noqa: BLE001 - whatever broke, the client is told that it did
        yield wire.fail(as_problem(error))
