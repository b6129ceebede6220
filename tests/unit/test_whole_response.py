"""What leaves for a client, and in how many pieces."""

from dataclasses import dataclass
from typing import Any

import pytest
from gunicorn import util
from gunicorn.config import Config

from app.whole_response import WholeResponse, _date

GUNICORNS: Any = WholeResponse.__mro__[1]


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    _date.cache_clear()
    monkeypatch.setattr(util, "http_date", lambda *_: "Mon, 23 Nov 2026 02:00:00 GMT")


@dataclass
class Request:
    method: str = "POST"
    version: tuple[int, int] = (1, 1)
    closes: bool = False

    def should_close(self) -> bool:
        return self.closes


class Wire:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.pieces.append(data)


def sent(
    kind: type[WholeResponse], request: Request, status: str, length: int | None, parts: list[bytes]
) -> list[bytes]:
    wire = Wire()
    connection: Any = wire
    asked: Any = request
    response = kind(asked, connection, Config())
    headers = [("Content-Type", "text/plain"), ("X-Name", "Grüße")]
    if length is not None:
        headers.append(("Content-Length", str(length)))
    response.start_response(status, headers)
    for part in parts:
        response.write(part)
    response.close()
    return wire.pieces


def test_a_head_leaves_with_its_body() -> None:
    (piece,) = sent(WholeResponse, Request(), "200 OK", 6, [b"answer"])

    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\nanswer")


@pytest.mark.parametrize(
    ("request_made", "status", "length", "parts"),
    [
        (Request(), "200 OK", 6, [b"answer"]),
        (Request(closes=True), "200 OK", 6, [b"answer"]),
        (Request(version=(1, 0)), "200 OK", 6, [b"answer"]),
        (Request(), "200 OK", 0, [b""]),
        (Request(), "200 OK", 0, []),
        (Request(), "200 OK", 6, [b"ans", b"wer"]),
        (Request(), "200 OK", 6, [b"answer and more"]),
        (Request(), "200 OK", 6, [b"answer", b"more"]),
        (Request(), "200 OK", None, [b"one", b"two"]),
        (Request(), "404 Not Found", 6, [b"answer"]),
        (Request(), "204 No Content", None, []),
        (Request("HEAD"), "200 OK", 6, [b"answer"]),
    ],
)
def test_the_bytes_are_those_of_gunicorn(
    request_made: Request, status: str, length: int | None, parts: list[bytes]
) -> None:
    ours = sent(WholeResponse, request_made, status, length, parts)
    theirs = sent(GUNICORNS, request_made, status, length, parts)

    assert b"".join(ours) == b"".join(theirs)


def test_a_body_that_is_no_bytes_is_refused() -> None:
    with pytest.raises(TypeError):
        sent(WholeResponse, Request(), "200 OK", 6, ["answer"])  # type: ignore[list-item]
