"""What the OpenAPI description says beyond the schemas."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from apiflask import APIFlask

from app.api.openapi_streams import answer_stream, chat_stream, stream_schemas
from app.api.operators import SECURITY
from app.api.requests import TAG_FORMAT
from app.api.responses import ProblemOut
from knowledge_base.languages import known_languages

FAILURES: Final = {
    400: "The body is no JSON.",
    413: "The body is too large.",
    415: "The body is of another media type than JSON.",
    422: "A field is wrong; see `errors`.",
    500: "Something failed here.",
    503: "The service cannot do this just now; see Retry-After.",
}
KEPT_ONCE: Final = {**FAILURES, 409: "The Idempotency-Key came with another body before."}
IDEMPOTENCY: Final = {"x-idempotent": True}
STREAMED: Final = {"x-streamed": "answer"}
NO_SUCH_MODEL: Final = {404: "No model has this name."}
FAILURES_OF_CHAT: Final = {
    **{status: said for status, said in KEPT_ONCE.items() if status != 422},
    **NO_SUCH_MODEL,
    400: "The body is no JSON, or a parameter is wrong; see `param`.",
    429: "Too many questions.",
}
AS_OPENAI: Final = {"x-as-openai": True}
CHAT: Final = {**IDEMPOTENCY, **AS_OPENAI, "x-streamed": "chat"}
_KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Given again with the same body, the first reply is given again.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}
_STREAMS: Final = {"answer": answer_stream, "chat": chat_stream}
_DESCRIPTION: Final = (
    "Answers questions in the visitor's language from a knowledge base, and hands over to a person "
    "when unsure. Errors are `application/problem+json` (RFC 9457)."
)


def describe_api(app: APIFlask) -> None:
    """Give the description its version, its error format, its key and its headers."""
    app.description = _DESCRIPTION
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        HTTP_ERROR_SCHEMA=ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}"),
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_AUTH_ERROR_RESPONSE=False,
        JSON_SORT_KEYS=False,
    )
    app.security_schemes = {SECURITY: {"type": "http", "scheme": "bearer"}}
    app.spec_processor(_complete)


def _complete(spec: dict[str, Any] | str) -> dict[str, Any] | str:
    if isinstance(spec, str):
        return spec
    _name_languages(spec)
    schemas = spec["components"]["schemas"]
    schemas.update(schemas["HTTPError"].pop("$defs", {}))
    schemas.update(stream_schemas())
    for path in spec["paths"].values():
        for operation in path.values():
            if operation.pop("x-idempotent", False):
                operation["parameters"] = [*operation.get("parameters", []), _KEY_PARAMETER]
            if (stream := operation.pop("x-streamed", None)) is not None:
                content = operation["responses"]["200"]["content"]
                content["text/event-stream"] = {"schema": _STREAMS[stream]()}
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            as_openai = operation.pop("x-as-openai", False)
            for status, response in operation["responses"].items():
                if status >= "400":
                    _name_error(response, as_openai=as_openai)
    return spec


def _name_languages(node: object) -> None:
    if isinstance(node, dict):
        if node.get("format") == TAG_FORMAT:
            node["pattern"] = _tag_pattern()
        for child in node.values():
            _name_languages(child)
    elif isinstance(node, list):
        for child in node:
            _name_languages(child)


@cache
def _tag_pattern() -> str:
    known = "|".join(known_languages())
    return f"^({known})(-[A-Z][a-z]{{3}})?(-([A-Z]{{2}}|[0-9]{{3}}))?$"


def _name_error(response: dict[str, Any], *, as_openai: bool) -> None:
    content = response.get("content", {})
    if as_openai:
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/ChatErrorOut"}}
    elif "application/json" in content:
        content["application/problem+json"] = content.pop("application/json")
