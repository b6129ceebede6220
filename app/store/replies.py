"""Replies kept under the clients' keys, in the store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from app.idempotency import IdempotencyKey, KeyReusedError, RepliesUnavailableError, Reply
from app.store.columns import storable
from app.store.database import Database
from app.store.sweeping import Sweep
from app.store.tables import replies, ticket_questions

KEPT_FOR = timedelta(days=2)
"""From then on a key is free again."""


class StoredReplies:
    """The replies of a store: see `app.idempotency.Replies`."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Prepare the statements; nothing is opened yet."""
        self._database = database
        self._now = now
        self._find = select(replies.c.digest, replies.c.status, replies.c.body).where(
            replies.c.scope == bindparam("scope"), replies.c.value == bindparam("value")
        )
        self._keep = (
            database.insert(replies)
            .on_conflict_do_nothing(index_elements=[replies.c.scope, replies.c.value])
            .returning(replies.c.status)
        )
        # A key used again after that is a new one to tickets as well.
        forget_keys = (
            update(ticket_questions)
            .where(
                ticket_questions.c.idempotency_key.is_not(None),
                ticket_questions.c.asked_at < bindparam("before"),
            )
            .values(idempotency_key=None)
        )
        too_old = delete(replies).where(replies.c.created_at < bindparam("before"))
        self._sweep = Sweep([too_old, forget_keys], KEPT_FOR, now())

    def find(self, key: IdempotencyKey) -> Reply | None:
        """Give the reply that was kept under a key."""
        with self._database.reading(RepliesUnavailableError) as connection:
            row = connection.execute(self._find, _place(key)).first()
        return None if row is None else _checked(key, row.digest, Reply(row.status, row.body))

    def keep(self, key: IdempotencyKey, reply: Reply) -> Reply:
        """Keep a reply unless one is kept already; give the one that counts."""
        now = self._now()
        row = {
            **_place(key),
            "digest": key.digest,
            "status": reply.status,
            "body": reply.body,
            "created_at": now,
        }
        with self._database.writing(RepliesUnavailableError) as connection:
            self._sweep.when_due(connection, now)
            if connection.execute(self._keep, row).first() is not None:
                return reply
            first = connection.execute(self._find, _place(key)).one()
        return _checked(key, first.digest, Reply(first.status, first.body))


def _place(key: IdempotencyKey) -> dict[str, object]:
    return {"scope": key.scope, "value": storable(key.value)}


def _checked(key: IdempotencyKey, digest: str, reply: Reply) -> Reply:
    if digest != key.digest:
        raise KeyReusedError(
            f"the idempotency key {key.value!r} was used for another request body; use a new key"
        )
    return reply
