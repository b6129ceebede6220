"""One connection pool to the store, whichever database it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import orjson
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.errors import URL_SETTING, StoreError, StoreSettingError, explain, store_name

BUSY_SECONDS = 3
"""How long a statement waits for its turn before it gives up."""

Upsert = sqlite.Insert | postgresql.Insert


class Database:
    """The store's connections. Thread-safe; opened on first use, after any fork.

    Attributes:
        url: Where the store is, with its password.
        is_sqlite: PostgreSQL otherwise.
    """

    def __init__(self, url: str) -> None:
        """Read the URL; nothing is opened yet.

        Raises:
            StoreError: The URL is none, or of a database that is not supported.
        """
        self.url = _parsed(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _engine(self.url)
        # SQLite lets one writer in and has the others poll with growing naps; queueing for a lock
        # instead wakes the next thread of this process at once.
        self._turn = Lock() if self.is_sqlite else None

    @property
    def file(self) -> Path | None:
        """The SQLite file; None for PostgreSQL and for `file:` URIs."""
        name = self.url.database or ""
        return Path(name) if self.is_sqlite and not name.startswith("file:") else None

    @contextmanager
    def reading(self, unavailable: Callable[[str], Exception] = StoreError) -> Iterator[Connection]:
        """Lend a connection for reading.

        Args:
            unavailable: Makes the error to raise from the message that says what failed.
        """
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise unavailable(explain(error, self.url)) from error

    @contextmanager
    def writing(self, unavailable: Callable[[str], Exception] = StoreError) -> Iterator[Connection]:
        """Lend a connection for one transaction, on disk when the block has ended.

        Args:
            unavailable: Makes the error to raise from the message that says what failed.
        """
        if self._turn is not None and not self._turn.acquire(timeout=BUSY_SECONDS):
            raise unavailable(f"the store {store_name(self.url)} is busy; try again later")
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise unavailable(explain(error, self.url)) from error
        finally:
            if self._turn is not None:
                self._turn.release()

    def insert(self, table: Table) -> Upsert:
        """Begin an insert that can say what to do on a conflict."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._engine.dispose()


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreSettingError(
            f"{URL_SETTING} is not a database URL; write it like sqlite:///var/polyfaq.db or "
            "postgresql://user:password@host/database"
        ) from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"}:
        raise StoreSettingError(
            f"{URL_SETTING} names a {url.drivername} database; use sqlite or postgresql"
        )
    if url.drivername.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise StoreSettingError(
            f"{URL_SETTING} names an SQLite database in memory, which keeps nothing; name a file"
        )
    return url


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(
                url,
                connect_args={"timeout": BUSY_SECONDS},
                hide_parameters=True,
                json_serializer=_json,
                json_deserializer=orjson.loads,
                max_overflow=-1,
            )
            event.listen(engine, "connect", _set_up_sqlite)
            return engine
        return create_engine(
            url,
            connect_args={
                "connect_timeout": BUSY_SECONDS,
                "tcp_user_timeout": BUSY_SECONDS * 1000,
                "options": f"-c statement_timeout={BUSY_SECONDS}s -c timezone=UTC",
            },
            hide_parameters=True,
            json_serializer=_json,
            json_deserializer=orjson.loads,
            max_overflow=-1,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            f"PostgreSQL needs {error.name}, which is not installed; "
            "run `pip install 'polyfaq[postgres]'`"
        ) from None


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # NORMAL would lose the last tickets when the machine loses power.
    connection.execute("PRAGMA synchronous = FULL")


def _json(value: object) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Whole numbers beyond 64 bits are JSON all the same.
        return json.dumps(value)
