"""What is too old to keep, removed now and then by whoever writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Executable

_EVERY = timedelta(hours=1)


class Sweep:
    """Statements that are executed once an hour, if anything is written at all.

    Args:
        statements: Take the time `before` which rows are too old.
        kept_for: How old rows may become.
        now: The hour begins.
    """

    def __init__(
        self, statements: Sequence[Executable], kept_for: timedelta, now: datetime
    ) -> None:
        self._statements = statements
        self._kept_for = kept_for
        self._next = now + _EVERY

    def when_due(self, connection: Connection, now: datetime) -> None:
        """Execute them, within a transaction, unless that was done less than an hour ago."""
        if now < self._next:
            return
        self._next = now + _EVERY
        for statement in self._statements:
            connection.execute(statement, {"before": now - self._kept_for})
