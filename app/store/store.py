"""The one door to the store."""

from __future__ import annotations

from app.store.database import Database
from app.store.journal import StoredJournal
from app.store.replies import StoredReplies
from app.store.schema import check
from app.store.spending import StoredSpending
from app.store.tickets import StoredTickets


class Store:
    """Everything that is kept, over one pool of connections.

    Attributes:
        tickets: Questions that wait for a person.
        journal: Answers and feedback.
        replies: Replies by idempotency key.
        spending: How many texts machines have written.
    """

    def __init__(self, database: Database) -> None:
        """Share a pool among the parts."""
        self._database = database
        self.tickets = StoredTickets(database)
        self.journal = StoredJournal(database)
        self.replies = StoredReplies(database)
        self.spending = StoredSpending(database)

    def check(self) -> None:
        """Make sure that the store can be read and has the tables this program needs.

        Raises:
            StoreError: It cannot be used as it is; the message says what to run.
        """
        check(self._database)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()


def open_store(database_url: str) -> Store:
    """Open a store; the first connection is made on first use.

    Args:
        database_url: SQLAlchemy URL of an SQLite file or of a PostgreSQL database.

    Raises:
        StoreError: The URL cannot be used.
    """
    return Store(Database(database_url))
