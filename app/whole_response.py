"""Responses that leave in one piece."""

from __future__ import annotations

from functools import lru_cache
from time import time

from gunicorn import util
from gunicorn.http import wsgi

_OK = 200


class WholeResponse(wsgi.Response):
    """A response whose head goes with its body, where that is known to be all of it.

    gunicorn sends two packets, for each of which a client is woken up, and puts the date together
    anew for each response.
    """

    def write(self, arg: bytes) -> None:
        """Send a part of the body, with whatever comes before it."""
        if self.headers_sent or not self._is_all(arg):
            super().write(arg)
            return
        self.headers_sent = True
        self.sent = len(arg)
        self.sock.sendall(self._head() + arg)

    def _is_all(self, body: bytes) -> bool:
        return (
            len(body) == self.response_length
            and self.status_code == _OK
            and self.req.method != "HEAD"
            and not self.upgrade
        )

    def _head(self) -> bytes:
        major, minor = self.req.version or (1, 1)
        lines = [
            f"HTTP/{major}.{minor} {self.status}",
            f"Server: {self.version}",
            f"Date: {_date(int(time()))}",
            f"Connection: {'close' if self.should_close() else 'keep-alive'}",
            *(f"{name}: {value}" for name, value in self.headers),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return util.http_date(second)
