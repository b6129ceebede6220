"""Request bodies and query strings into schemas, each fault named by its field."""

from __future__ import annotations

import json
from typing import Any

from apiflask.schema_adapters import registry
from apiflask.schema_adapters.pydantic import PydanticAdapter
from flask import Request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.api.problems import FieldFault, ProblemError
from app.api.requests import PATTERN_MESSAGES

_JSON = "application/json"
_FAULTS_SHOWN = 20
_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not a field of this request; correct its name or leave it out",
    "string_unicode": "holds half of a surrogate pair, which is no character; send whole ones",
}
_SCALAR = "must be text of at most 200 characters, a finite number, true, false or null"


class StrictAdapter(PydanticAdapter):
    """Reads bodies from their bytes in one pass, and reports faults as problems."""

    def validate_input(self, request: Request, location: str, **_: Any) -> BaseModel:  # noqa: ANN401 - as its superclass has it
        """Validate a JSON body or a query string.

        Raises:
            ProblemError: 400 for what is no JSON, 415 for another media type, 422 for JSON that
                is no such request.
        """
        if location != "json":
            try:
                return self.model_class.model_validate_strings(request.args.to_dict())
            except ValidationError as error:
                raise _problem(error) from None
        if request.mimetype != _JSON:
            raise _not_json(request.mimetype)
        body = request.get_data(cache=False)
        try:
            return self.model_class.model_validate_json(body)
        except ValidationError as error:
            raise _problem(self._error_with_fields(body, error)) from None

    def _error_with_fields(self, body: bytes, error: ValidationError) -> ValidationError:
        """Look for the field at fault in a body that is JSON but for a single text in it."""
        if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
            return error
        try:
            self.model_class.model_validate(json.loads(body))
        except ValidationError as second:
            faults = second.errors(include_url=False, include_input=False)
            if any(fault["type"] == "string_unicode" for fault in faults):
                return second
        except (ValueError, RecursionError):
            return error
        return error


def use_strict_parsing() -> None:
    """Have APIFlask read requests with `StrictAdapter`."""
    registry.register("pydantic", StrictAdapter)


def _not_json(mimetype: str) -> ProblemError:
    shown = f"not {mimetype[:80]}" if mimetype else "and say so"
    detail = f"Send JSON, {shown}: set the header `Content-Type: {_JSON}`."
    fault = FieldFault("Content-Type", "unsupported_media_type", detail)
    return ProblemError(415, "unsupported_media_type", detail, (fault,))


def _problem(error: ValidationError) -> ProblemError:
    details = error.errors(include_url=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        reason = details[0]["msg"].removeprefix("Invalid JSON: ")
        detail = f"The body is not valid JSON: {reason}."
        return ProblemError(
            400, "malformed_json", detail, (FieldFault("", "malformed_json", detail),)
        )
    faults = {fault.field: fault for fault in reversed([_fault(detail) for detail in details])}
    shown = tuple(reversed(faults.values()))[:_FAULTS_SHOWN]
    named = ", ".join(fault.field or "the body" for fault in shown)
    return ProblemError(422, "invalid_request", f"Not a valid request: see {named}.", shown)


def _fault(fault: ErrorDetails) -> FieldFault:
    location = fault["loc"]
    if location[:1] == ("user",) and len(location) > 2:
        # Whichever kinds of value were tried, the caller sent one value under one key.
        return FieldFault(_path(location[:2]), "scalar_type", _SCALAR)
    return FieldFault(_path(location), fault["type"], message_of(fault))


def message_of(fault: ErrorDetails) -> str:
    """Say what is wrong with a value, in words."""
    message = _MESSAGES.get(fault["type"])
    if message is None and fault["type"] == "string_pattern_mismatch":
        message = PATTERN_MESSAGES.get(fault.get("ctx", {}).get("pattern", ""))
    return message or fault["msg"].removeprefix("Value error, ")


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part)[:64] for part in location)
