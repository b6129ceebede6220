"""One HTTP exchange with a server that is not trusted: bounded in time and size as a whole."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Event, Timer
from urllib.parse import urlsplit

_CHUNK = 65_536


class AddressError(ValueError):
    """An address is not one of a web server."""


class ConnectionFailedError(Exception):
    """The server was not reached, so that it cannot have done anything."""


class ExchangeFailedError(Exception):
    """The server was reached, but no whole reply came back within the bounds."""


class TooLateError(ExchangeFailedError):
    """The reply was not whole in time."""


class TooMuchError(ExchangeFailedError):
    """The reply is longer than it may be."""


@dataclass(frozen=True, slots=True)
class HttpTimes:
    """How long an exchange may take, in seconds.

    Attributes:
        total: All of it, however slowly bytes keep coming.
        connect: Until the server is reached; as long as all of it when None.
        silence: Without a byte; as long as all of it when None.
    """

    total: float
    connect: float | None = None
    silence: float | None = None


@dataclass(frozen=True, slots=True)
class HttpReply:
    """What a server answered.

    Attributes:
        status: The status code.
        body: All of it.
    """

    status: int
    body: bytes


class OpenReply:
    """A reply whose body is still to come."""

    def __init__(
        self, response: HTTPResponse, most_bytes: int, is_late: Event, times: HttpTimes
    ) -> None:
        """Begin with the body; `opened` makes these."""
        self._response = response
        self._most_bytes = most_bytes
        self._is_late = is_late
        self._times = times
        self.status = response.status
        self.media_type = response.headers.get_content_type()

    def pieces(self) -> Iterator[bytes]:
        """Read the body as it comes, within `with opened(...)`.

        Raises:
            TooMuchError: There is more than was asked for.
            TooLateError: It is not whole in time.
            ExchangeFailedError: It breaks off.
        """
        received = 0
        while piece := self._response.read1(_CHUNK):
            received += len(piece)
            if received > self._most_bytes:
                raise TooMuchError(f"a reply of more than {self._most_bytes} bytes")
            yield piece
        if self._is_late.is_set():
            raise TooLateError(f"no whole reply within {round(self._times.total, 2):g} s")
        if self._response.length:
            raise ExchangeFailedError("the reply broke off")


def exchange(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str],
    seconds: float,
    most_bytes: int,
) -> HttpReply:
    """Send a request and read the whole reply; see `opened`.

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
    with opened(
        method, url, body=body, headers=headers, times=HttpTimes(seconds), most_bytes=most_bytes
    ) as reply:
        return HttpReply(reply.status, b"".join(reply.pieces()))


@contextmanager
def opened(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str],
    times: HttpTimes,
    most_bytes: int,
) -> Iterator[OpenReply]:
    """Send a request and give the reply as soon as it begins; redirections are not followed.

    Args:
        method: Such as GET.
        url: An http or https address.
        body: What is sent.
        headers: What is sent with it.
        times: How long it may take.
        most_bytes: How long the reply's body may be.

    Raises:
        AddressError: The URL is none of a web server.
        ConnectionFailedError: The server was not reached.
        ExchangeFailedError: It took too long, answered too much, or broke off; also while the
            body is read.
    """
    connection, path = _prepared(url, times.total if times.connect is None else times.connect)
    # Time limits of sockets are for a single read: who sends a byte a second keeps them.
    is_late = Event()
    try:
        sock = _connected(connection)
        sock.settimeout(times.total if times.silence is None else times.silence)
        limit = Timer(times.total, _cut, [sock, is_late])
        limit.start()
        try:
            connection.request(method, path, body, dict(headers))
            with connection.getresponse() as response:
                yield OpenReply(response, most_bytes, is_late, times)
        except (OSError, HTTPException) as error:
            raise _failure(error, is_late, times) from None
        finally:
            limit.cancel()
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


def _connected(connection: HTTPConnection) -> socket.socket:
    try:
        connection.connect()
    except (OSError, UnicodeError) as error:
        raise ConnectionFailedError(str(error)) from None
    return connection.sock


def _failure(error: Exception, is_late: Event, times: HttpTimes) -> ExchangeFailedError:
    if isinstance(error, TimeoutError) and times.silence is not None and not is_late.is_set():
        return TooLateError(f"nothing came for {times.silence:g} s")
    if is_late.is_set() or isinstance(error, TimeoutError):
        return TooLateError(f"no whole reply within {round(times.total, 2):g} s")
    return ExchangeFailedError(str(error) or "the connection broke off")


def _cut(sock: socket.socket, is_late: Event) -> None:
    """End whatever waits on the socket."""
    is_late.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
