"""The process that answers: a gunicorn worker that is no longer ready once it begins to stop."""

from __future__ import annotations

from select import POLLIN, poll
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

from app.whole_response import WholeResponse

if TYPE_CHECKING:
    from socket import socket
    from types import FrameType

    from app.serving import Server

SIGN_OF_LIFE_SECONDS = 1.0

NEXT_REQUEST_MILLISECONDS = 10
"""How long a thread waits on its connection for another request before it hands it back."""

COURTESY_SECONDS = 0.0002
"""How long a process that has connections lets others take a new one, for each that it has."""

MOST_COURTESY = 5
"""Connections beyond which it does not wait any longer: it has others to look after."""


# gunicorn has no setting for it.
wsgi.Response = WholeResponse  # type: ignore[misc]


class AnsweringWorker(ThreadWorker):
    """A threaded worker that drains before it stops."""

    app: Server
    seat: int
    _last_sign_of_life = float("-inf")

    def notify(self) -> None:
        """Show the master that this worker lives.

        gunicorn would have it touch a file several times for each request, which costs a visitor
        half a millisecond; the master looks for minutes before it gives a worker up.
        """
        now = monotonic()
        if now - self._last_sign_of_life >= SIGN_OF_LIFE_SECONDS:
            self._last_sign_of_life = now
            super().notify()

    def accept(self, listener: socket) -> None:
        """Take a new connection, unless a process that has fewer takes it.

        Otherwise the one that wakes up first would take all that come together, and answer them
        alone: a client with eight connections met one process in a fourth of all cases.
        """
        if self.cfg.workers > 1:
            sleep(COURTESY_SECONDS * min(self.nr_conns, MOST_COURTESY))
        super().accept(listener)

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - as gunicorn has it
        """Answer a request, and those that follow on its heels.

        gunicorn would hand the connection to the main thread after each and be handed it back for
        the next, which costs a visitor a third of a millisecond.
        """
        with self.app.own_core:
            kept = super().handle(conn)
            if kept is True:
                more = poll()
                more.register(conn.sock, POLLIN)
                while kept is True and self._asks_again(conn, more):
                    kept = super().handle(conn)
        return kept

    def _asks_again(self, conn: Any, more: poll) -> bool:  # noqa: ANN401 - as gunicorn has it
        # With no more connections than threads, a thread that waits on one keeps no other waiting.
        if not self.alive or self.nr_conns > self.cfg.threads or conn.is_http2:
            return False
        if conn.parser.unreader.buf.getvalue():
            return True
        return bool(more.poll(NEXT_REQUEST_MILLISECONDS))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: finish what has begun, and take no more."""
        self.app.drain()
        super().handle_exit(sig, frame)

    def run(self) -> None:
        """Answer until told to stop, then store what waits."""
        # gunicorn reads a setting some thirty times a request, each time by an attribute that is
        # missing. As attributes that are there, they cost a tenth of a millisecond less.
        vars(self.cfg).update((name, setting.get()) for name, setting in self.cfg.settings.items())
        try:
            super().run()
        finally:
            self.app.close()
