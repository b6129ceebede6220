"""Replies kept under the clients' keys."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.handoff.tickets import TicketRequest
from app.idempotency import IdempotencyKey, KeyReusedError, Reply
from app.store import Store
from app.store.database import Database
from app.store.replies import KEPT_FOR, StoredReplies
from app.store.tables import replies
from app.store.tickets import StoredTickets
from indexer.decision import Reason
from tests.fakes import SteppingClock

SCOPE = "POST /v1/handoffs"


def key(value: str = "k-1", scope: str = SCOPE, digest: str = "00ff") -> IdempotencyKey:
    return IdempotencyKey(scope, value, digest)


def test_a_kept_reply_is_found(store: Store) -> None:
    reply = Reply(201, b'{"ticket_id": "T-1", "text": "\xc3\xa9"}')

    assert store.replies.find(key()) is None
    assert store.replies.keep(key(), reply) == reply
    assert store.replies.find(key()) == reply


def test_keys_of_different_calls_do_not_clash(store: Store) -> None:
    store.replies.keep(key(scope="POST /v1/handoffs"), Reply(201, b"1"))
    store.replies.keep(key(scope="POST /v1/ask"), Reply(200, b"2"))

    assert store.replies.find(key(scope="POST /v1/handoffs")) == Reply(201, b"1")


def test_the_first_reply_counts(store: Store) -> None:
    first = store.replies.keep(key(), Reply(201, b"first"))

    assert store.replies.keep(key(), Reply(201, b"second")) == first


def test_of_replies_kept_at_once_all_callers_get_one(store: Store) -> None:
    together = Barrier(8)

    def keep(number: int) -> Reply:
        together.wait()
        return store.replies.keep(key(), Reply(201, b"%d" % number))

    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(keep, range(8)))

    assert kept == {store.replies.find(key())}


def test_a_key_used_for_another_body_is_refused(store: Store) -> None:
    store.replies.keep(key(digest="00"), Reply(201, b""))

    with pytest.raises(KeyReusedError, match="k-1"):
        store.replies.find(key(digest="ff"))
    with pytest.raises(KeyReusedError, match="k-1"):
        store.replies.keep(key(digest="ff"), Reply(201, b""))


@pytest.mark.parametrize("value", ["a\0b", "a\ud800b", "ключ"])
def test_any_key_can_be_used(store: Store, value: str) -> None:
    store.replies.keep(key(value), Reply(201, b"x"))

    assert store.replies.find(key(value)) == Reply(201, b"x")


def test_old_replies_are_swept_away(database: Database) -> None:
    clock = SteppingClock()
    kept = StoredReplies(database, now=clock)
    kept.keep(key("old"), Reply(201, b"old"))

    clock.now += KEPT_FOR - timedelta(hours=1)
    kept.keep(key("young"), Reply(201, b"young"))
    clock.now += timedelta(hours=2)
    kept.keep(key("new"), Reply(201, b"new"))

    with database.reading() as connection:
        left = connection.execute(select(replies.c.value)).scalars().all()
    assert sorted(left) == ["new", "young"]


def test_a_swept_key_opens_a_new_ticket(database: Database) -> None:
    clock = SteppingClock()
    replies_kept, tickets = StoredReplies(database, now=clock), StoredTickets(database, now=clock)
    request = TicketRequest("c-1", "Wo?", "de", Reason.REQUESTED, idempotency_key="k-1")
    first = tickets.open(request)
    tickets.resolve(first.ticket_id)

    clock.now += KEPT_FOR - timedelta(hours=1)
    replies_kept.keep(key("young"), Reply(201, b""))
    assert tickets.open(request).ticket_id == first.ticket_id
    clock.now += timedelta(hours=2)
    replies_kept.keep(key("new"), Reply(201, b""))

    assert tickets.open(request).ticket_id != first.ticket_id
