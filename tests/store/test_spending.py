"""Texts that machines write, counted for all processes together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.generating.budgets import Allowance, Budget, SpendingUnavailableError
from app.store import Store, open_store
from app.store.database import Database
from app.store.spending import KEPT_FOR, StoredSpending
from app.store.tables import spending
from tests.fakes import SteppingClock

PLENTY = Allowance(per_conversation=100, per_day=100)


def counts(database: Database) -> dict[tuple[str, str], int]:
    with database.reading() as connection:
        rows = connection.execute(select(spending)).all()
    return {(row.budget, row.name): row.texts for row in rows}


def test_a_conversation_has_so_many_texts_and_no_more(store: Store) -> None:
    allowance = Allowance(per_conversation=2, per_day=100)

    spent = [store.spending.spend("c-1", allowance) for _ in range(4)]

    assert spent == [None, None, Budget.CONVERSATION, Budget.CONVERSATION]
    assert store.spending.spend("c-2", allowance) is None


def test_a_day_has_so_many_texts_whoever_asks(store: Store) -> None:
    allowance = Allowance(per_conversation=100, per_day=3)

    spent = [store.spending.spend(f"c-{number}", allowance) for number in range(4)]

    assert spent == [None, None, None, Budget.DAY]


def test_a_text_that_one_budget_refuses_costs_the_other_nothing(database: Database) -> None:
    clock = SteppingClock()
    texts = StoredSpending(database, now=clock)
    texts.spend("c-1", PLENTY)

    texts.spend("c-1", Allowance(per_conversation=1, per_day=100))
    texts.spend("c-2", Allowance(per_conversation=1, per_day=1))

    assert counts(database) == {("day", "2026-11-22"): 1, ("conversation", "c-1"): 1}


@pytest.mark.parametrize(
    ("allowance", "budget"),
    [(Allowance(0, 9), Budget.CONVERSATION), (Allowance(9, 0), Budget.DAY)],
)
def test_none_allowed_is_none(database: Database, allowance: Allowance, budget: Budget) -> None:
    assert StoredSpending(database).spend("c-1", allowance) is budget
    assert counts(database) == {}


def test_the_next_day_begins_anew(database: Database) -> None:
    clock = SteppingClock()
    texts = StoredSpending(database, now=clock)
    allowance = Allowance(per_conversation=100, per_day=1)
    assert texts.spend("c-1", allowance) is None
    assert texts.spend("c-1", allowance) is Budget.DAY

    clock.now += timedelta(days=1)

    assert texts.spend("c-1", allowance) is None


def test_what_nobody_began_to_write_is_given_back(database: Database) -> None:
    texts = StoredSpending(database, now=SteppingClock())
    texts.spend("c-1", PLENTY)

    for _ in range(3):
        texts.give_back("c-1")

    assert set(counts(database).values()) == {0}


def test_other_processes_and_later_ones_count_on(database_url: str) -> None:
    allowance = Allowance(per_conversation=2, per_day=100)
    first, second = open_store(database_url), open_store(database_url)
    assert first.spending.spend("c-1", allowance) is None
    assert second.spending.spend("c-1", allowance) is None
    first.close()
    second.close()

    third = open_store(database_url)
    assert third.spending.spend("c-1", allowance) is Budget.CONVERSATION
    third.close()


def test_texts_begun_at_once_never_exceed_the_day(store: Store) -> None:
    allowance = Allowance(per_conversation=100, per_day=5)

    with ThreadPoolExecutor(8) as pool:
        spent = list(
            pool.map(lambda number: store.spending.spend(f"c-{number}", allowance), range(24))
        )

    assert spent.count(None) == 5


def test_any_conversation_can_be_counted(store: Store) -> None:
    allowance = Allowance(per_conversation=1, per_day=100)

    for name in ("a\0b", "c\ud800d", "разговор"):
        assert store.spending.spend(name, allowance) is None
        assert store.spending.spend(name, allowance) is Budget.CONVERSATION


def test_old_counts_are_swept_away(database: Database) -> None:
    clock = SteppingClock()
    texts = StoredSpending(database, now=clock)
    texts.spend("old", PLENTY)

    clock.now += KEPT_FOR + timedelta(hours=1)
    texts.spend("new", PLENTY)

    assert {name for _, name in counts(database)} == {"new", clock.now.date().isoformat()}


def test_a_store_that_is_not_there_says_so() -> None:
    store = open_store("sqlite:////nowhere/at/all.db")

    with pytest.raises(SpendingUnavailableError, match="cannot be opened"):
        store.spending.spend("c-1", PLENTY)
    with pytest.raises(SpendingUnavailableError, match="cannot be opened"):
        store.spending.give_back("c-1")
    store.close()
