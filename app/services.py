"""Everything that answers, in one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from app.answering.answering import Answering
from app.answering.searching import Searching
from app.feedback import FeedbackDesk
from app.generating.budgets import Spending
from app.handoff.desk import HandoffDesk
from app.handoff.tickets import Tickets
from app.idempotency import Replies
from app.journal import Journal
from app.live import LiveGeneration
from app.metrics import Metrics
from app.notices import Notices
from app.readiness import Readiness
from app.recorder import Recorder
from app.settings import Settings


class Storage(Protocol):
    """Where tickets, answers and replies are kept."""

    @property
    def tickets(self) -> Tickets:
        """Questions that wait for a person."""
        ...

    @property
    def journal(self) -> Journal:
        """Answers and feedback."""
        ...

    @property
    def replies(self) -> Replies:
        """Replies by idempotency key."""
        ...

    @property
    def spending(self) -> Spending:
        """How many texts machines have written."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The parts that a server or a command answers with.

    Attributes:
        version: Of this program.
        close_store: Lets go of the database.
    """

    settings: Settings
    version: str
    answering: Answering
    searching: Searching
    live: LiveGeneration
    notices: Notices
    tickets: Tickets
    journal: Journal
    replies: Replies
    recorder: Recorder
    feedback: FeedbackDesk
    handoffs: HandoffDesk
    metrics: Metrics
    readiness: Readiness
    close_store: Callable[[], None]

    def start(self) -> None:
        """Begin to store answers and to follow generations, in threads of this process."""
        self.recorder.start()
        self.live.follow(self.settings.follow_seconds)

    def close(self) -> None:
        """End the threads, store what waits, and let go of the database."""
        self.live.stop()
        self.recorder.stop()
        self.close_store()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
