"""What chat front ends may send, in the shape of OpenAI's API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from app.answering.question import Mode
from app.api.parsing import message_of
from app.api.problems import FieldFault, ProblemError
from app.api.requests import Identifier, ShortText, SpokenText

MODELS: Final = {"polyfaq": Mode.AUTO, "polyfaq-curated": Mode.CURATED}
"""Names that a front end may choose from, and how far each goes to answer."""

_USER = "user"
_ASSISTANT = "assistant"
_MOST_TURNS = 1000
_QUESTION: TypeAdapter[str] = TypeAdapter(SpokenText)
_SPOKEN_SCHEMA = _QUESTION.json_schema()
_TEXT_PART_SCHEMA = {
    "type": "object",
    "properties": {"type": {"const": "text"}, "text": _SPOKEN_SCHEMA},
    "required": ["type", "text"],
}
_MESSAGES_SCHEMA = {
    "type": "array",
    "minItems": 1,
    "maxItems": _MOST_TURNS,
    "contains": {"properties": {"role": {"const": _USER}}},
    "items": {
        "anyOf": [
            {
                "type": "object",
                "properties": {
                    "role": {"const": _USER},
                    "content": {
                        "anyOf": [
                            _SPOKEN_SCHEMA,
                            {"type": "array", "items": _TEXT_PART_SCHEMA, "minItems": 1},
                        ]
                    },
                },
                "required": ["role", "content"],
            },
            {
                "type": "object",
                "properties": {
                    "role": {"enum": [_ASSISTANT, "system", "developer", "tool"]},
                    "content": {"type": ["string", "null"]},
                },
                "required": ["role"],
            },
        ]
    },
}


def _joined(content: object) -> object:
    """Join a message's parts of text; what is no text, such as a picture, is passed over."""
    if not isinstance(content, list):
        return content
    return "\n".join(_texts(content))


def _texts(parts: list[object]) -> Iterator[str]:
    for part in parts:
        match part:
            case {"type": "text", "text": str(text)}:
                yield text
            case {"type": str(kind)} if kind != "text":
                pass
            case _:
                raise ValueError('must be text, or parts such as {"type": "text", "text": "..."}')


class _Lenient(BaseModel):
    # Front ends send many parameters that mean nothing here.
    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class TurnIn(_Lenient):
    """One message of a conversation."""

    role: Annotated[str, Field(max_length=64)]
    content: Annotated[str | None, BeforeValidator(_joined)] = None


class MetadataIn(_Lenient):
    """What a front end may tell of a conversation."""

    conversation_id: Annotated[
        Identifier | None,
        Field(description="The same for all messages of a conversation; nobody can guess it."),
    ] = None


class StreamOptionsIn(_Lenient):
    """How to stream."""

    include_usage: Annotated[
        bool | None, Field(description="Ends with a chunk that counts tokens: none.")
    ] = None


class ChatIn(_Lenient):
    """A conversation, sent whole with every question. Parameters not named here are ignored."""

    model: Annotated[str, Field(max_length=200, json_schema_extra={"enum": list(MODELS)})]
    messages: Annotated[
        list[TurnIn],
        Field(
            min_length=1,
            max_length=_MOST_TURNS,
            description="The last one of the role `user` is the question. Earlier ones do not "
            "change the answer, and those of the role `system` change nothing.",
        ),
        WithJsonSchema(_MESSAGES_SCHEMA),
    ]
    stream: bool | None = None
    stream_options: StreamOptionsIn | None = None
    user: Annotated[ShortText | None, Field(description="Who asks; passed on with a ticket.")] = (
        None
    )
    metadata: MetadataIn | None = None

    def mode(self) -> Mode:
        """Tell how far the named model goes.

        Raises:
            ProblemError: 404 for a name that no model has.
        """
        check_model(self.model)
        return MODELS[self.model]

    def question(self) -> str:
        """Give the visitor's last message.

        Raises:
            ProblemError: 422 where there is none, or it is no question as `/v1/ask` takes it.
        """
        asked = self.asked()
        if not asked:
            raise _no_question("missing", "must hold one of the role `user`")
        try:
            return _QUESTION.validate_python(asked[-1])
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            message = f"the last one of the role `user` is no question: {message_of(fault)}"
            raise _no_question(fault["type"], message) from None

    def unstreamed(self) -> ChatIn:
        """Give the same request for a reply in one piece: what an Idempotency-Key stands for."""
        return self.model_copy(update={"stream": None, "stream_options": None})

    def counts_tokens(self) -> bool:
        """Tell whether a stream ends with the number of tokens."""
        return self.stream_options is not None and bool(self.stream_options.include_usage)

    def asked(self) -> list[str]:
        """Give the visitor's messages, oldest first."""
        return [turn.content or "" for turn in self.messages if turn.role == _USER]

    def replied(self) -> list[str]:
        """Give the assistant's messages, oldest first, as the front end tells them."""
        return [turn.content or "" for turn in self.messages if turn.role == _ASSISTANT]


def check_model(name: str) -> None:
    """Check that a model has this name.

    Raises:
        ProblemError: 404: none has.
    """
    if name not in MODELS:
        detail = f"There is no model {name[:64]!r}; take one of {', '.join(MODELS)}."
        fault = FieldFault("model", "model_not_found", detail)
        raise ProblemError(404, "model_not_found", detail, (fault,))


def _no_question(code: str, message: str) -> ProblemError:
    detail = "Not a valid request: see messages."
    return ProblemError(422, "invalid_request", detail, (FieldFault("messages", code, message),))
