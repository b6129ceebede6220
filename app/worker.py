"""The process that answers: a gunicorn worker that is no longer ready once it begins to stop."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from types import FrameType

    from app.serving import Server

SIGN_OF_LIFE_SECONDS = 1.0


class AnsweringWorker(ThreadWorker):
    """A threaded worker that drains before it stops."""

    app: Server
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

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop: finish what has begun, and take no more."""
        self.app.drain()
        super().handle_exit(sig, frame)

    def run(self) -> None:
        """Answer until told to stop, then store what waits."""
        try:
            super().run()
        finally:
            self.app.close()
