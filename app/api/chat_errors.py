"""Errors in the shape of OpenAI's API, for clients that know no other."""

from __future__ import annotations

import orjson
from flask import Response

from app.api.documents import Document
from app.api.problems import ProblemError, as_problem

_TYPES = {401: "authentication_error", 429: "rate_limit_error"}


def error_document(problem: ProblemError) -> Document:
    """Give the JSON of a problem: the first field at fault as its parameter."""
    named = (f"{fault.field}: {fault.message}" for fault in problem.faults)
    return {
        "error": {
            "message": "; ".join(named) if problem.status == 422 else problem.detail,
            "type": _TYPES.get(problem.status, _type(problem.status)),
            "param": problem.faults[0].field or None if problem.faults else None,
            "code": problem.code,
        }
    }


def error_response(error: Exception) -> Response:
    """Answer with an error; what other endpoints have as 422 is a 400 there."""
    problem = as_problem(error)
    status = 400 if problem.status == 422 else problem.status
    body = orjson.dumps(error_document(problem))
    response = Response(body, status, mimetype="application/json")
    response.headers.extend(problem.headers)
    return response


def _type(status: int) -> str:
    return "server_error" if status >= 500 else "invalid_request_error"
