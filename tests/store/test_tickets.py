"""Tickets: durable, reused within a conversation, safe when asked for at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.answering.answer import Alternative
from app.handoff.tickets import CursorError, Ticket, TicketRequest, TicketStatus
from app.store import Store
from app.store.database import Database
from app.store.tickets import QUESTIONS_SHOWN, StoredTickets
from indexer.decision import Reason
from tests.fakes import SteppingClock

FOUND = (
    Alternative("shipping/time", "Wie lange dauert der Versand?", "de", 0.61),
    Alternative("returns/how", "Wie sende ich etwas zurück?", "de", 0.4),
)


def request(
    conversation: str = "c-1", question: str | None = "Wo ist mein Paket?", key: str | None = None
) -> TicketRequest:
    return TicketRequest(
        conversation_id=conversation,
        question=question,
        language="de",
        reason=Reason.LOW_CONFIDENCE,
        retrieved=FOUND,
        answer_id="a-1",
        generation="g-1",
        idempotency_key=key,
    )


def texts(ticket: Ticket) -> list[str | None]:
    return [question.text for question in ticket.questions]


def test_a_ticket_is_found_as_it_was_opened(store: Store) -> None:
    opened = store.tickets.open(
        TicketRequest(
            conversation_id="c-1",
            question="Wo ist mein 📦?",
            language="de",
            reason=Reason.NOTHING_SIMILAR,
            retrieved=FOUND,
            answer_id="a-1",
            generation="g-1",
            contact="+49 30 1234",
            user={"plan": "gold", "age": 41, "ratio": 0.5, "new": True, "shop": None},
        )
    )

    assert store.tickets.find(opened.ticket_id) == opened
    assert opened.status is TicketStatus.OPEN
    assert opened.reason is Reason.NOTHING_SIMILAR
    assert opened.contact == "+49 30 1234"
    assert opened.user == {"plan": "gold", "age": 41, "ratio": 0.5, "new": True, "shop": None}
    assert opened.resolved_at is None
    assert opened.created_at == opened.updated_at == opened.questions[0].asked_at
    assert opened.created_at.utcoffset() == timedelta(0)
    assert opened.questions[0].text == "Wo ist mein 📦?"
    assert opened.questions[0].retrieved == FOUND


def test_a_ticket_without_a_question_is_kept(store: Store) -> None:
    opened = store.tickets.open(
        TicketRequest("c-1", question=None, language="und", reason=Reason.REQUESTED)
    )

    assert store.tickets.find(opened.ticket_id) == opened
    assert texts(opened) == [None]


def test_the_open_ticket_of_a_conversation_takes_the_next_question(store: Store) -> None:
    first = store.tickets.open(request(question="Wo ist mein Paket?"))

    second = store.tickets.open(
        TicketRequest(
            conversation_id="c-1",
            question="A human please",
            language="en",
            reason=Reason.REQUESTED,
            contact="me@example.org",
            user={"plan": "gold"},
        )
    )

    assert second.ticket_id == first.ticket_id
    assert texts(second) == ["Wo ist mein Paket?", "A human please"]
    assert (second.language, second.reason) == ("en", Reason.REQUESTED)
    assert second.created_at == first.created_at
    assert second.updated_at >= first.updated_at
    assert store.tickets.find(first.ticket_id) == second


def test_a_contact_given_once_stays_with_the_ticket(store: Store) -> None:
    store.tickets.open(
        TicketRequest(
            "c-1", "One", "en", Reason.REQUESTED, contact="me@example.org", user={"plan": "gold"}
        )
    )

    later = store.tickets.open(TicketRequest("c-1", "Two", "en", Reason.LOW_CONFIDENCE))

    assert later.contact == "me@example.org"
    assert later.user == {"plan": "gold"}


def test_conversations_do_not_share_tickets(store: Store) -> None:
    assert (
        store.tickets.open(request("c-1")).ticket_id != store.tickets.open(request("c-2")).ticket_id
    )


def test_a_resolved_ticket_is_not_reused(store: Store) -> None:
    first = store.tickets.open(request())
    store.tickets.resolve(first.ticket_id)

    second = store.tickets.open(request())

    assert second.ticket_id != first.ticket_id
    assert len(second.questions) == 1


def test_the_same_key_gives_the_same_ticket_and_adds_nothing(store: Store) -> None:
    first = store.tickets.open(request(key="k-1"))

    again = store.tickets.open(request(question="Something else", key="k-1"))

    assert again == first


def test_a_key_still_gives_its_ticket_when_that_is_resolved(store: Store) -> None:
    first = store.tickets.open(request(key="k-1"))
    store.tickets.resolve(first.ticket_id)

    again = store.tickets.open(request(conversation="c-9", key="k-1"))

    assert again.ticket_id == first.ticket_id
    assert again.status is TicketStatus.RESOLVED
    assert store.tickets.page(TicketStatus.OPEN).tickets == ()


def test_questions_asked_at_once_in_one_conversation_share_a_ticket(store: Store) -> None:
    together = Barrier(8)

    def ask(number: int) -> Ticket:
        together.wait()
        return store.tickets.open(request(question=f"Question {number}"))

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(ask, range(8)))

    assert len({ticket.ticket_id for ticket in opened}) == 1
    kept = store.tickets.find(opened[0].ticket_id)
    assert kept is not None
    assert sorted(map(str, texts(kept))) == [f"Question {number}" for number in range(8)]


def test_one_key_used_at_once_opens_one_ticket_with_one_question(store: Store) -> None:
    together = Barrier(8)

    def ask(number: int) -> Ticket:
        together.wait()
        return store.tickets.open(request(conversation=f"c-{number % 2}", key="k-1"))

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(ask, range(8)))

    assert len({ticket.ticket_id for ticket in opened}) == 1
    (kept,) = store.tickets.page().tickets
    assert len(kept.questions) == 1


def test_a_ticket_is_shown_with_its_latest_questions(store: Store) -> None:
    for number in range(QUESTIONS_SHOWN + 5):
        ticket = store.tickets.open(request(question=f"Question {number}"))

    assert texts(ticket) == [f"Question {number}" for number in range(5, QUESTIONS_SHOWN + 5)]


def test_tickets_cannot_be_guessed(store: Store) -> None:
    ids = {store.tickets.open(request(f"c-{number}")).ticket_id for number in range(20)}

    assert len({ticket_id[:6] for ticket_id in ids}) > 15
    assert all(len(ticket_id) >= 24 for ticket_id in ids)


def test_resolving_closes_a_ticket_once(database: Database) -> None:
    tickets = StoredTickets(database, now=SteppingClock())
    opened = tickets.open(request())

    resolved = tickets.resolve(opened.ticket_id)
    again = tickets.resolve(opened.ticket_id)

    assert resolved is not None
    assert resolved.status is TicketStatus.RESOLVED
    assert resolved.resolved_at == resolved.updated_at
    assert resolved.updated_at > opened.updated_at
    assert again == resolved


@pytest.mark.parametrize("ticket_id", ["T-unknown", "", "T-\0", "T-\ud800"])
def test_a_ticket_that_does_not_exist_is_not_found(store: Store, ticket_id: str) -> None:
    assert store.tickets.find(ticket_id) is None
    assert store.tickets.resolve(ticket_id) is None


def test_pages_list_every_ticket_once_newest_first(store: Store) -> None:
    ids = [store.tickets.open(request(f"c-{number}")).ticket_id for number in range(5)]

    seen = []
    cursor = None
    for size in (2, 2, 1):
        page = store.tickets.page(limit=2, cursor=cursor)
        assert len(page.tickets) == size
        seen += [ticket.ticket_id for ticket in page.tickets]
        cursor = page.next_cursor

    assert cursor is None
    assert seen == ids[::-1]


def test_a_page_can_be_of_one_status(store: Store) -> None:
    first = store.tickets.open(request("c-1"))
    second = store.tickets.open(request("c-2"))
    store.tickets.resolve(first.ticket_id)

    (still_open,) = store.tickets.page(TicketStatus.OPEN).tickets
    (resolved,) = store.tickets.page(TicketStatus.RESOLVED).tickets

    assert still_open == second
    assert resolved.ticket_id == first.ticket_id


@pytest.mark.parametrize(
    "cursor", ["", "?", "AAAA", "YmVmb3JlOi0x", "é", "\ud800", "YmVmb3Jl" * 99]
)
def test_a_made_up_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(CursorError, match="next_cursor"):
        store.tickets.page(cursor=cursor)


def test_what_a_database_cannot_hold_is_replaced_and_the_rest_kept(store: Store) -> None:
    opened = store.tickets.open(
        TicketRequest(
            "c-\0",
            "Wo\0 ist \ud83d mein Paket?",
            "de",
            Reason.REQUESTED,
            contact="a\0b",
            user={"na\0me": "x\ud800y", "number": 10**30},
        )
    )

    kept = store.tickets.find(opened.ticket_id)

    assert kept is not None
    assert texts(kept) == ["Wo\ufffd ist \ufffd mein Paket?"]
    assert kept.contact == "a\ufffdb"
    assert kept.user == {"na\ufffdme": "x\ufffdy", "number": 1e30}
    assert texts(opened) == texts(kept)
