"""Why the store cannot be used, and the way out."""

from __future__ import annotations

import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

URL_SETTING = "POLYFAQ_DATABASE_URL"
_UNDEFINED = frozenset({"42P01", "42703"})
"""PostgreSQL's codes for a table and a column that are not there."""

_DUPLICATE_TABLE = "42P07"
_WAYS_OUT = {
    "SQLITE_BUSY": "another process holds it locked; stop that process, or try again later",
    "SQLITE_CANTOPEN": "it cannot be opened; check that its folder exists and may be written to",
    "SQLITE_CORRUPT": "it is damaged; restore it from a backup, or move it aside and run "
    "`polyfaq db upgrade` to begin an empty one",
    "SQLITE_FULL": "the disk is full; free some space",
    "SQLITE_IOERR": "the disk failed while it was read or written; check the disk",
    "SQLITE_LOCKED": "another connection holds it locked; try again later",
    "SQLITE_NOTADB": "it is not an SQLite database, or it is damaged; restore it from a backup, or "
    "move it aside and run `polyfaq db upgrade` to begin an empty one",
    "SQLITE_PERM": "it may not be used; give this user the right to read and write it",
    "SQLITE_READONLY": "it is read-only; give this user the right to write the file and its folder",
}


class StoreError(Exception):
    """The store cannot be used; the message names it, says why, and what to do."""


class StoreSettingError(StoreError):
    """The setting of the store names none that could ever be used."""


def store_name(url: URL) -> str:
    """Name a store the way its owner knows it: the file, or the URL without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def explain(error: SQLAlchemyError, url: URL) -> str:
    """Say what failed without quoting anything that was to be stored."""
    name = store_name(url)
    cause = error.orig if isinstance(error, DBAPIError) else None
    if cause is None:
        return f"the store {name} cannot be used: {_first_line(error)}"
    text = _first_line(cause)
    state = getattr(cause, "sqlstate", None)
    if state == _DUPLICATE_TABLE or "already exists" in text:
        return (
            f"the store {name} holds tables that are not ours: {text}; "
            f"name another database in {URL_SETTING}"
        )
    if state in _UNDEFINED or text.startswith(("no such table", "no such column")):
        return f"the store {name} is not as expected: {text}; run `polyfaq db upgrade`"
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorname", "SQLITE_ERROR")
        way_out = _WAYS_OUT.get("_".join(code.split("_")[:2]))
        return f"the store {name} cannot be used: {way_out or text}"
    return f"the store {name} cannot be used: {text}; check that it runs, and {URL_SETTING}"


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
