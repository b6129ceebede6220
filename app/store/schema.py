"""Which version of the tables a store has, and how it gets the one this program needs."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection

from app.store.database import Database
from app.store.errors import StoreError, store_name

HEAD = "0002"
"""Revision of the last migration: known without alembic, whose import would delay every start."""

OLDER_REVISIONS: frozenset[str] = frozenset({"0001"})
"""The revisions before it."""

_ADVISORY_LOCK = 7_204_918_265
"""Any number, the same in every process that migrates a PostgreSQL store."""


class SchemaState(StrEnum):
    """How a store's tables relate to what this program needs."""

    CURRENT = "current"
    EMPTY = "empty"
    OLDER = "older"
    NEWER = "newer"


def check(database: Database) -> None:
    """Make sure that the store can be read and has the tables this program needs.

    Raises:
        StoreError: It cannot be used as it is; the message says what to run.
    """
    _require_current(state_of(database), store_name(database.url))


def prepare(url: str) -> None:
    """Make the store ready for a server: create a fresh SQLite file, change nothing else.

    Raises:
        StoreError: The store cannot be used as it is; the message says what to run.
    """
    database = Database(url)
    try:
        state = state_of(database)
        if state is SchemaState.EMPTY and database.is_sqlite:
            _migrate(database, lambda found: found is SchemaState.EMPTY)
            state = state_of(database)
        _require_current(state, store_name(database.url))
    finally:
        database.close()


def upgrade(url: str) -> bool:
    """Bring the store to the version of this program; several processes may try at once.

    Returns:
        Whether there was anything to do.

    Raises:
        StoreError: The store cannot be used, or is of a newer program.
    """
    database = Database(url)
    try:
        state = state_of(database)
        if state in {SchemaState.CURRENT, SchemaState.NEWER}:
            _require_current(state, store_name(database.url))
            return False
        return _migrate(database, lambda found: found is not SchemaState.CURRENT)
    finally:
        database.close()


def state_of(database: Database) -> SchemaState:
    """Look up which version of the tables a store has, without creating anything.

    Raises:
        StoreError: The store cannot be read.
    """
    file = database.file
    if file is not None and not file.exists():
        return SchemaState.EMPTY
    with database.reading() as connection:
        return _state(connection, is_sqlite=database.is_sqlite)


def _state(connection: Connection, *, is_sqlite: bool) -> SchemaState:
    known = (
        "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if is_sqlite
        # Not to_regclass: it remembers that a table was missing while another process made it.
        else "SELECT 1 FROM pg_catalog.pg_class "
        "WHERE relname = 'alembic_version' AND pg_catalog.pg_table_is_visible(oid)"
    )
    if connection.exec_driver_sql(known).scalar() is None:
        return SchemaState.EMPTY
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if revision is None:
        return SchemaState.EMPTY
    if revision == HEAD:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in OLDER_REVISIONS else SchemaState.NEWER


def _require_current(state: SchemaState, name: str) -> None:
    match state:
        case SchemaState.EMPTY:
            raise StoreError(f"the store {name} has no tables yet; run `polyfaq db upgrade`")
        case SchemaState.OLDER:
            raise StoreError(
                f"the store {name} is of an older polyfaq; stop its servers, "
                "then run `polyfaq db upgrade`"
            )
        case SchemaState.NEWER:
            raise StoreError(
                f"the store {name} is of a newer polyfaq than this one; "
                "install the newer polyfaq again"
            )
        case SchemaState.CURRENT:
            return


def _migrate(database: Database, wanted: Callable[[SchemaState], bool]) -> bool:
    if database.file is not None:
        _create_private(database.file)
    if database.is_sqlite:
        _let_readers_and_a_writer_work_together(database)
    with database.writing() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            # A big table takes longer to change than a question may wait.
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        if not wanted(_state(connection, is_sqlite=database.is_sqlite)):
            return False
        _run_migrations(connection)
    return True


def _create_private(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Questions and contact details are nobody else's to read.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"the store {file} cannot be created: {error.strerror}; "
            "check its folder, or set POLYFAQ_HOME to another"
        ) from error


def _let_readers_and_a_writer_work_together(database: Database) -> None:
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - its import would delay every start
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
