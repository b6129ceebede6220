"""`polyfaq tickets` and `polyfaq db`."""

from collections.abc import Iterator

import pytest

from app.answering.answer import Alternative
from app.handoff.tickets import TicketRequest
from app.store import Store, open_store, upgrade
from indexer.decision import Reason
from tests.unit.cli_run import Home


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    url = f"sqlite:///{home.folder / 'var' / 'polyfaq.db'}"
    upgrade(url)
    opened = open_store(url)
    yield opened
    opened.close()


def opened(store: Store, number: int = 1, question: str | None = "Wo ist mein Paket?") -> str:
    ticket = store.tickets.open(
        TicketRequest(
            conversation_id=f"c-{number}",
            question=question,
            language="de",
            reason=Reason.LOW_CONFIDENCE,
            retrieved=(Alternative("orders/track", "Wie verfolge ich es?", "de", 0.4),),
            contact="me@example.org",
        )
    )
    return ticket.ticket_id


def test_without_a_store_there_are_no_tickets(home: Home) -> None:
    ran = home.run("tickets")

    assert ran.code == 0
    assert "no open tickets" in ran.out


def test_open_tickets_are_listed_newest_first(home: Home, store: Store) -> None:
    first, second = opened(store, 1), opened(store, 2, "Storno?\x1b[2J")

    ran = home.run("tickets")

    assert ran.code == 0
    assert ran.out.index(second) < ran.out.index(first)
    assert "Wo ist mein Paket?" in ran.out
    assert "me@example.org" in ran.out
    assert "[orders/track] Wie verfolge ich es?" in ran.out
    assert "\x1b" not in ran.out


def test_tickets_are_json_for_programs(home: Home, store: Store) -> None:
    ticket_id = opened(store)

    (ticket,) = home.run("tickets", "--json").json

    assert ticket["ticket_id"] == ticket_id
    assert ticket["status"] == "open"
    assert ticket["questions"][0]["text"] == "Wo ist mein Paket?"
    assert ticket["questions"][0]["retrieved"][0]["entry_id"] == "orders/track"


def test_no_tickets_are_an_empty_list(home: Home) -> None:
    assert home.run("tickets", "--json").json == []


def test_a_wish_for_a_person_without_a_question_is_listed(home: Home, store: Store) -> None:
    opened(store, question=None)

    assert "a person was asked for" in home.run("tickets").out


def test_a_long_list_says_that_it_goes_on(home: Home, store: Store) -> None:
    for number in range(3):
        opened(store, number)

    ran = home.run("tickets", "--limit", "2", "--json")

    assert len(ran.json) == 2
    assert "more than 2" in ran.err


def test_a_resolved_ticket_is_listed_no_more(home: Home, store: Store) -> None:
    ticket_id = opened(store)

    ran = home.run("tickets", "resolve", ticket_id)

    assert ran.code == 0
    assert ticket_id in ran.out
    assert home.run("tickets", "--json").json == []
    assert [t["status"] for t in home.run("tickets", "--all", "--json").json] == ["resolved"]


def test_resolving_gives_the_ticket_to_programs(home: Home, store: Store) -> None:
    ran = home.run("tickets", "resolve", opened(store), "--json")

    assert ran.json["status"] == "resolved"
    assert ran.json["resolved_at"] is not None


def test_an_unknown_ticket_is_wrong_input(home: Home) -> None:
    ran = home.run("tickets", "resolve", "T-none")

    assert ran.code == 1
    assert "T-none" in ran.err


def test_a_damaged_store_is_a_failure_of_the_system(home: Home) -> None:
    file = home.folder / "var" / "polyfaq.db"
    file.parent.mkdir()
    file.write_text("no database at all " * 100)

    for command in (["tickets"], ["db", "upgrade"]):
        ran = home.run(*command)
        assert ran.code == 3
        assert str(file) in ran.err
        assert "restore it from a backup" in ran.err


def test_the_store_is_upgraded_once(home: Home) -> None:
    first, second = home.run("db", "upgrade"), home.run("db", "upgrade")

    assert (first.code, second.code) == (0, 0)
    assert "upgraded" in first.out
    assert "up to date" in second.out
