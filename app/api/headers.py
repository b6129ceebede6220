"""What every response carries: its request's id, protection, and leave for other origins."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex
from time import perf_counter
from typing import Any

from apiflask import APIFlask
from flask import Response, g, request
from structlog.contextvars import bind_contextvars

from app.logs import ACCESS_LOGGER
from app.metrics import Metrics

_LOG = logging.getLogger(ACCESS_LOGGER)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{1,100}")
_ON_ALL = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
_UNLESS_SET = (
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Cache-Control", "no-store"),
)
_PREFLIGHT = (
    ("Access-Control-Allow-Methods", "GET, POST"),
    ("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key, X-Request-Id, Authorization"),
    ("Access-Control-Max-Age", "86400"),
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that is being answered.

    Attributes:
        request_id: The client's own id where it is usable, else a new one.
        started: Seconds of `perf_counter`.
    """

    request_id: str
    started: float


class Exchanges:
    """Gives requests ids, responses their headers, and counts and logs both."""

    def __init__(self, metrics: Metrics, origins: Sequence[str]) -> None:
        """Prepare.

        Args:
            metrics: Counts requests.
            origins: Websites whose scripts may read responses; `*` for all of them.
        """
        self._metrics = metrics
        self._origins = frozenset(origins)
        self._to_all = "*" in self._origins

    def begin(self, environ: dict[str, Any]) -> Exchange:
        """Begin with a request; every line that is logged on the way carries its id."""
        given = environ.get("HTTP_X_REQUEST_ID")
        usable = given is not None and _REQUEST_ID.fullmatch(given) is not None
        exchange = Exchange(given if given and usable else token_hex(8), perf_counter())
        bind_contextvars(request_id=exchange.request_id)
        return exchange

    def is_preflight(self, environ: dict[str, Any]) -> bool:
        """Tell whether a browser asks for leave, before the request itself."""
        return (
            bool(self._origins)
            and environ["REQUEST_METHOD"] == "OPTIONS"
            and "HTTP_ORIGIN" in environ
        )

    def headers(self, exchange: Exchange, environ: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Give what every response carries."""
        yield "X-Request-Id", exchange.request_id
        yield from _ON_ALL
        if not self._origins:
            return
        yield "Vary", "Origin"
        origin = environ.get("HTTP_ORIGIN")
        if origin is None or not (self._to_all or origin in self._origins):
            return
        yield "Access-Control-Allow-Origin", "*" if self._to_all else origin
        yield "Access-Control-Expose-Headers", "X-Request-Id, Retry-After"
        if environ["REQUEST_METHOD"] == "OPTIONS":
            yield from _PREFLIGHT

    def end(self, exchange: Exchange, method: str, endpoint: str, status: int) -> None:
        """Count and log a request that is answered."""
        self._metrics.requested(endpoint, status)
        if _LOG.isEnabledFor(logging.INFO):
            _LOG.info(
                "request",
                extra={
                    "told": {
                        "request_id": exchange.request_id,
                        "method": method,
                        "endpoint": endpoint,
                        "status": status,
                        "ms": round((perf_counter() - exchange.started) * 1000, 2),
                    }
                },
            )


def api_headers(exchanges: Exchanges, exchange: Exchange, environ: dict[str, Any]) -> list[Any]:
    """Give what every response of the API carries that says nothing else."""
    return [*exchanges.headers(exchange, environ), *_UNLESS_SET]


def add_headers(app: APIFlask, exchanges: Exchanges) -> None:
    """Have all responses of a web application carry their headers."""

    @app.before_request
    def begin() -> Response | None:
        exchange = g.exchange = exchanges.begin(request.environ)
        g.request_id = exchange.request_id
        return Response(status=204) if exchanges.is_preflight(request.environ) else None

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        for name, value in exchanges.headers(g.exchange, request.environ):
            headers.add(name, value)
        for name, value in _UNLESS_SET:
            if name not in headers:
                headers.add(name, value)
        endpoint = request.endpoint or "(none)"
        exchanges.end(g.exchange, request.method, endpoint, response.status_code)
        return response
