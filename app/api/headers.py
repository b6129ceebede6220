"""What every response carries: its request's id, protection, and leave for other origins."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from secrets import token_hex
from time import perf_counter

from apiflask import APIFlask
from flask import Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from app.logs import ACCESS_LOGGER
from app.metrics import Metrics

_LOG = logging.getLogger(ACCESS_LOGGER)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{1,100}")
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_PREFLIGHT_SECONDS = "86400"


def add_headers(app: APIFlask, metrics: Metrics, origins: Sequence[str]) -> None:
    """Give requests ids, responses their headers, and count and log both.

    Args:
        app: Whose requests.
        metrics: Counts them.
        origins: Websites whose scripts may read responses; `*` for all of them.
    """
    allowed = frozenset(origins)

    @app.before_request
    def begin() -> Response | None:
        environ = request.environ
        given = environ.get("HTTP_X_REQUEST_ID")
        usable = given is not None and _REQUEST_ID.fullmatch(given) is not None
        g.request_id = given if usable else token_hex(8)
        g.started = perf_counter()
        # Every line that is logged on the way carries the id.
        clear_contextvars()
        bind_contextvars(request_id=g.request_id)
        if allowed and request.method == "OPTIONS" and "HTTP_ORIGIN" in environ:
            return Response(status=204)
        return None

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers.add("X-Request-Id", g.request_id)
        headers.add("X-Content-Type-Options", "nosniff")
        headers.add("Referrer-Policy", "no-referrer")
        if "Content-Security-Policy" not in headers:
            headers.add("Content-Security-Policy", _API_POLICY)
        if "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        if allowed:
            _allow(response, request.environ.get("HTTP_ORIGIN"), allowed)
        status = response.status_code
        endpoint = request.endpoint or "(none)"
        metrics.requested(endpoint, status)
        if _LOG.isEnabledFor(logging.INFO):
            _LOG.info(
                "request",
                extra={
                    "told": {
                        "request_id": g.request_id,
                        "method": request.method,
                        "endpoint": endpoint,
                        "status": status,
                        "ms": round((perf_counter() - g.started) * 1000, 2),
                    }
                },
            )
        return response


def _allow(response: Response, origin: str | None, allowed: frozenset[str]) -> None:
    headers = response.headers
    headers.add("Vary", "Origin")
    if origin is None or not (origin in allowed or "*" in allowed):
        return
    headers["Access-Control-Allow-Origin"] = "*" if "*" in allowed else origin
    headers["Access-Control-Expose-Headers"] = "X-Request-Id, Retry-After"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, POST"
        headers["Access-Control-Allow-Headers"] = (
            "Content-Type, Idempotency-Key, X-Request-Id, Authorization"
        )
        headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS
