"""How many texts machines have written, in the store, shared by all processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, case, delete, update

from app.generating.budgets import Allowance, Budget, SpendingUnavailableError
from app.store.database import Database
from app.store.sweeping import Sweep
from app.store.tables import spending

KEPT_FOR = timedelta(days=30)
"""From then on a conversation that nothing was written for may begin anew."""


class _SpentError(Exception):
    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        self.budget = budget


class StoredSpending:
    """The spending of a store: see `app.generating.budgets.Spending`."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Prepare the statements; nothing is opened yet."""
        self._database = database
        self._now = now
        self._insert = database.insert(spending)
        self._give_back = (
            update(spending)
            .where(
                spending.c.budget == bindparam("of"),
                spending.c.name == bindparam("at"),
                spending.c.texts > 0,
            )
            .values(texts=spending.c.texts - 1)
        )
        too_old = delete(spending).where(spending.c.updated_at < bindparam("before"))
        self._sweep = Sweep([too_old], KEPT_FOR, now())

    def spend(self, conversation_id: str, allowance: Allowance) -> Budget | None:
        """Count a text towards both budgets in one statement, or towards neither."""
        if allowance.per_day == 0:
            return Budget.DAY
        if allowance.per_conversation == 0:
            return Budget.CONVERSATION
        try:
            self._count(conversation_id, allowance)
        except _SpentError as error:
            return error.budget
        return None

    def give_back(self, conversation_id: str) -> None:
        """Take a text off both budgets again."""
        places = [
            {"of": budget.value, "at": name}
            for budget, name in _places(conversation_id, self._now())
        ]
        with self._database.writing(SpendingUnavailableError) as connection:
            connection.execute(self._give_back, places)

    def _count(self, conversation_id: str, allowance: Allowance) -> None:
        now = self._now()
        # The day comes first: processes that wait for each other wait in one order.
        rows = [
            {"budget": budget.value, "name": name, "texts": 1, "updated_at": now}
            for budget, name in _places(conversation_id, now)
        ]
        most = case(
            (spending.c.budget == Budget.DAY.value, allowance.per_day),
            else_=allowance.per_conversation,
        )
        counted = (
            self._insert.values(rows)
            .on_conflict_do_update(
                index_elements=[spending.c.budget, spending.c.name],
                set_={"texts": spending.c.texts + 1, "updated_at": now},
                where=spending.c.texts < most,
            )
            .returning(spending.c.budget)
        )
        with self._database.writing(SpendingUnavailableError) as connection:
            self._sweep.when_due(connection, now)
            within = set(connection.execute(counted).scalars())
            for budget in Budget:
                if budget.value not in within:
                    raise _SpentError(budget)


def _places(conversation_id: str, now: datetime) -> list[tuple[Budget, str]]:
    return [
        (Budget.DAY, now.date().isoformat()),
        (Budget.CONVERSATION, conversation_id),
    ]
