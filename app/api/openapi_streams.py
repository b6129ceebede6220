"""Streams as OpenAPI describes them: each event, and what its data is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api.answer_events import EventName
from app.api.answer_responses import AnswerOut, CitationOut, DeltaOut, MetaOut
from app.api.chat_responses import ChatChunkOut, ChatErrorOut
from app.api.responses import ProblemOut

Schema = dict[str, Any]

_TEMPLATE = "#/components/schemas/{model}"
_OF_ANSWER: dict[EventName, type[BaseModel]] = {
    EventName.META: MetaOut,
    EventName.DELTA: DeltaOut,
    EventName.CITATION: CitationOut,
    EventName.FINAL: AnswerOut,
    EventName.ERROR: ProblemOut,
}
_OF_CHAT: tuple[type[BaseModel], ...] = (ChatChunkOut, ChatErrorOut)


def answer_stream() -> Schema:
    """Describe the events of `POST /v1/ask`."""
    events = [_event(_data(model), name) for name, model in _OF_ANSWER.items()]
    return {"oneOf": [*events, _event({"const": "{}"}, EventName.PING)]}


def chat_stream() -> Schema:
    """Describe the events of `POST /v1/chat/completions`, which have no names."""
    return {"anyOf": [*(_event(_data(model)) for model in _OF_CHAT), _event({"const": "[DONE]"})]}


def stream_schemas() -> Schema:
    """Give the schemas that the descriptions refer to, by name."""
    models: list[tuple[type[BaseModel], Literal["serialization"]]] = [
        (model, "serialization") for model in (*_OF_ANSWER.values(), *_OF_CHAT)
    ]
    _, described = models_json_schema(models, ref_template=_TEMPLATE)
    schemas: Schema = described["$defs"]
    return schemas


def _event(content: Schema, name: EventName | None = None) -> Schema:
    properties: Schema = {"data": content}
    if name is not None:
        properties["event"] = {"const": name.value}
    return {"type": "object", "properties": properties, "required": list(properties)}


def _data(model: type[BaseModel]) -> Schema:
    return {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": _TEMPLATE.format(model=model.__name__)},
    }
