"""Plain questions, answered before the web framework: it would cost each a tenth of its time."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import request
from pydantic import ValidationError

from app.answering.answering import Answering
from app.api.accepting import languages_accepted_in
from app.api.documents import answer_document, to_json
from app.api.headers import Exchanges, api_headers
from app.api.rate_limit import RateLimit
from app.api.requests import AskIn

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

_PATH = "/v1/ask"
_ENDPOINT = "asking.ask"
_JSON = "application/json"
_FAILURE = "polyfaq.failure"


def raise_failure() -> None:
    """Raise in the application what a plain question failed with: it tells and logs it once."""
    failure = request.environ.get(_FAILURE)
    if failure is not None:
        raise failure


class PlainQuestions:
    """Answers `POST /v1/ask` where all is as it should be; all else is the application's.

    It tells no errors: a request that is not a plain question is handed on as if nothing had looked
    at it, and one that cannot be answered is handed on with the reason.
    """

    def __init__(
        self,
        application: WSGIApplication,
        answering: Answering,
        exchanges: Exchanges,
        limit: RateLimit,
        body_limit: int,
    ) -> None:
        """Stand before an application.

        Args:
            application: Answers everything.
            answering: Answers questions.
            exchanges: Gives responses their headers.
            limit: How often one client may ask.
            body_limit: Largest body in bytes.
        """
        self._application = application
        self._answering = answering
        self._exchanges = exchanges
        self._limit = limit
        self._body_limit = body_limit

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if not self._may_be_plain(environ):
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        reply = self._reply(environ, body, start_response)
        if reply is not None:
            return reply
        environ["wsgi.input"] = BytesIO(body)
        return self._application(environ, start_response)

    def _may_be_plain(self, environ: dict[str, Any]) -> bool:
        length = environ.get("CONTENT_LENGTH", "")
        return (
            environ["PATH_INFO"] == _PATH
            and environ["REQUEST_METHOD"] == "POST"
            and environ.get("CONTENT_TYPE") == _JSON
            and "HTTP_IDEMPOTENCY_KEY" not in environ
            and length.isdecimal()
            and len(length) < 10
            and int(length) <= self._body_limit
        )

    def _is_too_often(self, environ: dict[str, Any]) -> bool:
        return self._limit.wait_for(environ.get("REMOTE_ADDR", "")) > 0

    def _reply(
        self, environ: dict[str, Any], body: bytes, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        try:
            asked = AskIn.model_validate_json(body)
        except ValidationError:
            return None
        if asked.explain or asked.stream or self._is_too_often(environ):
            return None
        exchange = self._exchanges.begin(environ)
        question = asked.to_question(languages_accepted_in(environ), None)
        try:
            answer = self._answering.ask(question)
        except Exception as error:  # noqa: BLE001 - the application raises it
            environ[_FAILURE] = error
            return None
        reply = to_json(answer_document(answer))
        headers = [
            ("Content-Type", _JSON),
            ("Content-Length", str(len(reply))),
            *api_headers(self._exchanges, exchange, environ),
        ]
        start_response("200 OK", headers)
        self._exchanges.end(exchange, "POST", _ENDPOINT, 200)
        return (reply,)
