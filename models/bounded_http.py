"""One HTTP exchange with a server that is not trusted: bounded in time and size as a whole."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from urllib.parse import urlsplit

_CHUNK = 65_536


class AddressError(ValueError):
    """An address is not one of a web server."""


class ConnectionFailedError(Exception):
    """The server was not reached, so that it cannot have done anything."""


class ExchangeFailedError(Exception):
    """The server was reached, but no whole reply came back within the bounds."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What a server answered.

    Attributes:
        status: The status code.
        body: All of it.
    """

    status: int
    body: bytes


def exchange(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str],
    seconds: float,
    most_bytes: int,
) -> HttpReply:
    """Send a request and read the reply; redirections are not followed.

    Args:
        method: Such as GET.
        url: An http or https address.
        body: What is sent.
        headers: What is sent with it.
        seconds: How long all of it may take, however slowly bytes keep coming.
        most_bytes: How long the reply's body may be.

    Raises:
        AddressError: The URL is none of a web server.
        ConnectionFailedError: The server was not reached.
        ExchangeFailedError: It took too long, answered too much, or broke off.
    """
    connection, path = _prepared(url, seconds)
    try:
        try:
            connection.connect()
        except (OSError, UnicodeError) as error:
            raise ConnectionFailedError(str(error)) from None
        # Time limits of sockets are for a single read: who sends a byte a second keeps them.
        is_late = Event()
        limit = Timer(seconds, _cut, [connection.sock, is_late])
        limit.start()
        try:
            connection.request(method, path, body, dict(headers))
            reply = connection.getresponse()
            received = reply.read(most_bytes + 1)
        except (OSError, HTTPException) as error:
            if isinstance(error, TimeoutError):
                is_late.set()
            raise ExchangeFailedError(_why(is_late, seconds, str(error))) from None
        finally:
            limit.cancel()
        if is_late.is_set() or (reply.length and len(received) <= most_bytes):
            raise ExchangeFailedError(_why(is_late, seconds, "the reply broke off"))
        if len(received) > most_bytes:
            raise ExchangeFailedError(f"a reply of more than {most_bytes} bytes")
        return HttpReply(reply.status, received)
    finally:
        connection.close()


def _prepared(url: str, seconds: float) -> tuple[HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError(f"{url!r} is no web address: {error}") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise AddressError(f"{url!r} is no web address; begin it with http:// or https://")
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = parts.path or "/"
    return kind(host, port, timeout=seconds), f"{path}?{parts.query}" if parts.query else path


def _why(is_late: Event, seconds: float, otherwise: str) -> str:
    late = f"no whole reply within {seconds:g} s"
    return late if is_late.is_set() else otherwise or "the connection broke off"


def _cut(sock: socket.socket | None, is_late: Event) -> None:
    """End whatever waits on the socket."""
    is_late.set()
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
