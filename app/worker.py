"""The process that answers: a gunicorn worker that is no longer ready once it begins to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from types import FrameType

    from app.serving import Server


class AnsweringWorker(ThreadWorker):
    """A threaded worker that drains before it stops."""

    app: Server

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
