"""A reply to a chat front end, whole or in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from time import time
from typing import Any

import orjson

from app.answering.answer import Answer
from app.answering.events import AnswerEvent, Final, Meta
from app.answering.telling import told
from app.api.chat_errors import error_document
from app.api.chat_text import ChatText
from app.api.documents import Document, answer_document
from app.api.event_stream import data
from app.api.problems import ProblemError
from app.api.replies import KeyedReply
from app.idempotency import Reply

_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
_DONE = data(b"[DONE]")


def completion(answer: Answer, text: ChatText, model: str) -> Document:
    """Give the JSON of a whole reply.

    Args:
        answer: What it tells.
        text: Writes the message.
        model: The name that was asked for.
    """
    content = "".join(text.write(event) for event in told(answer))
    return _completion(answer, content, model, int(time()))


class ChatWire:
    """Tells one request's answer in chunks.

    Args:
        text: Writes the message.
        model: The name that was asked for.
        kept: Keeps the whole reply.
        counts_tokens: The client wants a chunk with their number, which is none.
    """

    ping = b": ping\n\n"

    def __init__(
        self, text: ChatText, model: str, kept: KeyedReply, *, counts_tokens: bool
    ) -> None:
        self._text = text
        self._model = model
        self._kept = kept
        self._counts_tokens = counts_tokens
        self._created = int(time())
        self._content = ""
        self._head: Document = {}

    def tell(self, event: AnswerEvent) -> Iterator[bytes]:
        """Write what an event adds; after the last one, the answer itself."""
        if isinstance(event, Meta):
            self._head = _head(_id(event.answer_id), self._created, self._model)
            yield _chunk(self._head, {"role": "assistant", "content": ""})
        added = self._text.write(event)
        if added:
            self._content += added
            yield _chunk(self._head, {"content": added})
        if isinstance(event, Final):
            whole = _completion(event.answer, self._content, self._model, self._created)
            reply = orjson.loads(self._kept.keep(whole).body)
            yield from _ended(self._head, reply["polyfaq"], counts_tokens=self._counts_tokens)

    def fail(self, problem: ProblemError) -> bytes:
        """Write the error as it would be answered with, had nothing been sent yet."""
        return data(orjson.dumps(error_document(problem)))


def chunks_again(reply: Reply, *, counts_tokens: bool) -> Iterator[bytes]:
    """Write the chunks of a reply that was kept."""
    whole: dict[str, Any] = orjson.loads(reply.body)
    head = _head(whole["id"], whole["created"], whole["model"])
    yield _chunk(head, {"role": "assistant", "content": ""})
    yield _chunk(head, {"content": whole["choices"][0]["message"]["content"]})
    yield from _ended(head, whole["polyfaq"], counts_tokens=counts_tokens)


def _completion(answer: Answer, content: str, model: str, created: int) -> Document:
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {
        "id": _id(answer.answer_id),
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [choice],
        "usage": _USAGE,
        "polyfaq": answer_document(answer),
    }


def _ended(head: Document, answer: Document, *, counts_tokens: bool) -> Iterator[bytes]:
    yield _chunk(head, {}, "stop", {"polyfaq": answer})
    if counts_tokens:
        yield data(orjson.dumps({**head, "choices": [], "usage": _USAGE}))
    yield _DONE


def _chunk(
    head: Document, delta: Document, reason: str | None = None, more: Document | None = None
) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
    return data(orjson.dumps({**head, "choices": [choice], **(more or {})}))


def _head(name: str, created: int, model: str) -> Document:
    return {"id": name, "object": "chat.completion.chunk", "created": created, "model": model}


def _id(answer_id: str) -> str:
    return f"chatcmpl-{answer_id}"
