"""Errors as RFC 9457 problem details, whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import orjson
from apiflask import APIFlask
from flask import Response, g, request
from werkzeug.exceptions import HTTPException

from app.answering.ports import NotReadyError
from app.handoff.tickets import CursorError, TicketsUnavailableError
from app.idempotency import KeyReusedError
from app.journal import JournalUnavailableError

_LOG = logging.getLogger(__name__)
MIMETYPE = "application/problem+json"
_RETRY_SECONDS = "5"
_SHOWN_CHARACTERS = 200
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    409: "conflict",
    413: "payload_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    503: "unavailable",
}
_DETAILS = {
    404: "There is nothing at this address; /docs lists what there is.",
    405: "This address does not take this method; see the Allow header for those it takes.",
    413: "The request body is larger than this service reads; shorten it.",
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field of a request.

    Attributes:
        field: Path of the field, its parts joined by dots; empty for the body as a whole.
        code: A word for programs.
        message: A sentence for people.
    """

    field: str
    code: str
    message: str


class ProblemError(Exception):
    """A request that cannot be served, and why.

    Attributes:
        status: HTTP status.
        code: A word for programs.
        detail: A sentence for people: what is wrong and what to do.
        faults: What is wrong with single fields.
        headers: To send along.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        faults: Sequence[FieldFault] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.faults = faults
        self.headers = headers


def problem_document(problem: ProblemError, instance: str, request_id: str) -> dict[str, Any]:
    """Give the JSON of a problem.

    Args:
        problem: What is wrong.
        instance: Path of the request.
        request_id: Id of the request.
    """
    return {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": _printable(instance),
        "code": problem.code,
        "request_id": request_id,
        "errors": [
            {"field": fault.field, "code": fault.code, "message": fault.message}
            for fault in problem.faults
        ],
    }


def problem_response(problem: ProblemError) -> Response:
    """Render a problem as JSON."""
    body = problem_document(problem, request.path, g.request_id)
    response = Response(orjson.dumps(body), problem.status, mimetype=MIMETYPE)
    response.headers.extend(problem.headers)
    return response


def handle_problems(app: APIFlask) -> None:
    """Have every exception that leaves a view answered as a problem."""
    app.register_error_handler(Exception, lambda error: problem_response(as_problem(error)))


def as_problem(error: Exception) -> ProblemError:
    """Give an exception as the problem that callers are told of; what is for the log is logged."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, HTTPException):
        return _http(error)
    for kind, give in _GIVEN.items():
        if isinstance(error, kind):
            return give(error)
    _LOG.error("a request failed", exc_info=error)
    detail = "Something went wrong here. It was logged under the request id; try again later."
    return ProblemError(500, "internal_error", detail)


def _http(error: HTTPException) -> ProblemError:
    status = error.code or 500
    detail = _DETAILS.get(status) or error.description or HTTPStatus(status).description
    headers = {
        name: value
        for name, value in error.get_headers()
        if name.lower() in {"allow", "location", "retry-after", "www-authenticate"}
    }
    return ProblemError(status, _CODES.get(status, "error"), detail, headers=headers)


def _not_ready(_: Exception) -> ProblemError:
    # Why may name files, and was logged when it came up.
    detail = (
        "There is nothing to answer from just now. `polyfaq index` publishes an index; the "
        "server's log says what is wrong with one that was."
    )
    return ProblemError(503, "not_ready", detail, headers={"Retry-After": _RETRY_SECONDS})


def _unavailable(error: Exception) -> ProblemError:
    # What the database says may name hosts and files: it is for the log.
    _LOG.error("the store is not available: %s", error)
    detail = "This cannot be stored or looked up just now; try again in a few seconds."
    return ProblemError(503, "store_unavailable", detail, headers={"Retry-After": _RETRY_SECONDS})


def _key_reused(_: Exception) -> ProblemError:
    detail = "This Idempotency-Key came with another body before; use a new key for a new request."
    fault = FieldFault("Idempotency-Key", "key_reused", detail)
    return ProblemError(409, "key_reused", detail, (fault,))


def _cursor(_: Exception) -> ProblemError:
    detail = "This cursor was not given out by this service; start again without one."
    return ProblemError(404, "not_found", detail, (FieldFault("cursor", "unknown_cursor", detail),))


def _printable(path: str) -> str:
    return path[:_SHOWN_CHARACTERS].encode("utf-8", "replace").decode()


_GIVEN: Final[Mapping[type[Exception], Callable[[Exception], ProblemError]]] = {
    NotReadyError: _not_ready,
    TicketsUnavailableError: _unavailable,
    JournalUnavailableError: _unavailable,
    KeyReusedError: _key_reused,
    CursorError: _cursor,
}
