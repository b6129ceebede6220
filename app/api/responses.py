"""What callers get, as OpenAPI describes it: languages, texts, probes, feedback and errors."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.journal import Rating
from knowledge_base.languages import Direction


class Response(BaseModel):
    """A response that has these fields and no other."""

    model_config = ConfigDict(extra="forbid")


class FeedbackOut(Response):
    """Feedback that was stored."""

    answer_id: str
    rating: Rating


class LanguageOut(Response):
    """A language that has content."""

    tag: str
    name: Annotated[str, Field(description="In the language itself.")]
    direction: Direction


class LanguagesOut(Response):
    """The languages that have content."""

    languages: list[LanguageOut]
    default_language: str
    generation: str


class InterfaceTextsOut(Response):
    """The texts of the page in one language."""

    language: str
    direction: Direction
    texts: dict[str, str]


class HealthOut(Response):
    """The process lives."""

    status: Literal["ok"]


class ReadinessOut(Response):
    """The process can answer."""

    status: Literal["ready"]
    generation: str


class FieldFaultOut(Response):
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class ProblemOut(Response):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    errors: list[FieldFaultOut]
