"""The events of `POST /v1/ask` with `stream`: their names, and what each carries."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import orjson
from flask import g, request

from app.answering.answer import AnswerKind
from app.answering.events import AnswerEvent, Cited, Delta, Meta
from app.answering.markdown import plain_to_html, to_html
from app.api.documents import Document, answer_document, citation_document, meta_document
from app.api.event_stream import event
from app.api.problems import ProblemError, problem_document
from app.api.replies import KeyedReply
from app.idempotency import Reply


class EventName(StrEnum):
    """What an event is."""

    META = "meta"
    DELTA = "delta"
    CITATION = "citation"
    FINAL = "final"
    ERROR = "error"
    PING = "ping"


_OF_TEXT: Final = ("language", "direction", "kind", "ai_generated", "notice")
_OF_ANSWER: Final = (
    "answer_id",
    "conversation_id",
    "outcome",
    "query_language",
    "disclosure",
    "generation",
)


class AnswerWire:
    """Tells one request's answer by events with names.

    Args:
        kept: Keeps the whole answer.
    """

    ping = event(EventName.PING, {})

    def __init__(self, kept: KeyedReply) -> None:
        self._kept = kept
        self._instance = request.path
        self._request_id: str = g.request_id
        self._kind = AnswerKind.NOTICE
        self._text = ""

    def tell(self, told: AnswerEvent) -> Iterator[bytes]:
        """Write an event; the last one is the reply that is kept."""
        if isinstance(told, Meta):
            self._kind = told.kind
            yield event(EventName.META, meta_document(told))
        elif isinstance(told, Delta):
            self._text += told.text
            is_plain = self._kind is AnswerKind.NOTICE
            html = plain_to_html(self._text) if is_plain else to_html(self._text)
            yield event(EventName.DELTA, _delta(told.text, html, told.entry_id, told.passage))
        elif isinstance(told, Cited):
            yield event(EventName.CITATION, citation_document(told.citation))
        else:
            yield event(EventName.FINAL, self._kept.keep(answer_document(told.answer)).body)

    def fail(self, problem: ProblemError) -> bytes:
        """Write the problem as it would be answered with, had nothing been sent yet."""
        document = problem_document(problem, self._instance, self._request_id)
        return event(EventName.ERROR, document)


def told_again(reply: Reply) -> Iterator[bytes]:
    """Write the events of an answer that was kept."""
    answer: dict[str, Any] = orjson.loads(reply.body)
    text, citations = answer["answer"], answer["citations"]
    known = {name: answer[name] for name in _OF_ANSWER}
    yield event(EventName.META, {**known, "answer": {name: text[name] for name in _OF_TEXT}})
    entry_id = citations[0]["entry_id"] if citations else None
    yield event(EventName.DELTA, _delta(text["text"], text["html"], entry_id))
    for citation in citations:
        yield event(EventName.CITATION, citation)
    yield event(EventName.FINAL, reply.body)


def _delta(text: str, html: str, entry_id: str | None, passage: str | None = None) -> Document:
    return {"text": text, "html": html, "entry_id": entry_id, "passage": passage}
