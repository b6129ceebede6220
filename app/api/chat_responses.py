"""What chat front ends get, in the shape of OpenAI's API, as OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.api.answer_responses import AnswerOut
from app.api.responses import Response


class ChatMessageOut(Response):
    """The reply."""

    role: Literal["assistant"]
    content: Annotated[
        str,
        Field(description="Markdown: the answer with its notice, its sources and its ticket."),
    ]
    refusal: None


class ChatChoiceOut(Response):
    """The only reply there is."""

    index: Literal[0]
    message: ChatMessageOut
    logprobs: None
    finish_reason: Literal["stop"]


class ChatUsageOut(Response):
    """Tokens, which are not counted."""

    prompt_tokens: Literal[0]
    completion_tokens: Literal[0]
    total_tokens: Literal[0]


class ChatOut(Response):
    """A reply, with the answer that it tells."""

    id: str
    object: Literal["chat.completion"]
    created: Annotated[int, Field(description="Seconds since 1970.")]
    model: str
    choices: Annotated[list[ChatChoiceOut], Field(min_length=1, max_length=1)]
    usage: ChatUsageOut
    polyfaq: Annotated[AnswerOut, Field(description="As `POST /v1/ask` gives it.")]


class ChatDeltaOut(Response):
    """What a chunk adds to the reply."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChatChunkChoiceOut(Response):
    """A piece of the only reply there is."""

    index: Literal[0]
    delta: ChatDeltaOut
    logprobs: None
    finish_reason: Literal["stop"] | None


class ChatChunkOut(Response):
    """A piece of a streamed reply; the last one carries the answer."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChatChunkChoiceOut]
    usage: ChatUsageOut | None = None
    polyfaq: AnswerOut | None = None


class ChatModelOut(Response):
    """A name to put into `model`."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: Literal["polyfaq"]


class ChatModelsOut(Response):
    """The names to put into `model`."""

    object: Literal["list"]
    data: list[ChatModelOut]


class ChatFaultOut(Response):
    """What is wrong."""

    message: str
    type: Literal[
        "invalid_request_error", "authentication_error", "rate_limit_error", "server_error"
    ]
    param: Annotated[str | None, Field(description="The parameter at fault.")]
    code: Annotated[str | None, Field(description="As in the other endpoints' problems.")]


class ChatErrorOut(Response):
    """An error, as OpenAI's API has it."""

    error: ChatFaultOut
