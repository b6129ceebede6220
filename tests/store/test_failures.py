"""Stores that cannot be used: which, why, and what to do; never what was to be stored."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from app.handoff.tickets import TicketRequest, TicketsUnavailableError
from app.idempotency import IdempotencyKey, RepliesUnavailableError
from app.journal import JournalUnavailableError
from app.store import StoreError, StoreSettingError, open_store, prepare, upgrade
from app.store.database import Database
from indexer.decision import Reason
from tests.store import postgres

SECRET = "my secret question"
REQUEST = TicketRequest("c-1", SECRET, "en", Reason.REQUESTED)


def refusal(url: str) -> str:
    """What a ticket's opening says when it fails."""
    store = open_store(url)
    try:
        with pytest.raises(TicketsUnavailableError) as caught:
            store.tickets.open(REQUEST)
        assert SECRET not in str(caught.value)
        with pytest.raises(JournalUnavailableError):
            store.journal.last_language("c-1")
        with pytest.raises(RepliesUnavailableError):
            store.replies.find(IdempotencyKey("scope", "value", "00"))
        return str(caught.value)
    finally:
        store.close()


@pytest.mark.parametrize(
    ("url", "way_out"),
    [
        ("not a url", "write it like sqlite:///"),
        ("", "write it like sqlite:///"),
        ("mysql://host/db", "use sqlite or postgresql"),
        ("postgresql+psycopg2://host/db", "use sqlite or postgresql"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("postgresql://user:pass@host:port/db", "write it like sqlite:///"),
    ],
)
def test_an_address_that_cannot_be_used_names_the_setting(url: str, way_out: str) -> None:
    with pytest.raises(StoreSettingError) as caught:
        open_store(url)

    assert "POLYFAQ_DATABASE_URL" in str(caught.value)
    assert way_out in str(caught.value)
    assert "pass" not in str(caught.value).replace("user:password", "")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none" / "polyfaq.db"

    message = str(_failure(f"sqlite:///{file}"))

    assert str(file) in message
    assert "check that its folder exists" in message


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"cannot be created.*POLYFAQ_HOME"):
        prepare(f"sqlite:///{tmp_path / 'file' / 'polyfaq.db'}")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "polyfaq.db"
    file.write_bytes(b"These are not the tables you are looking for. " * 100)

    for attempt in (prepare, upgrade, _check):
        with pytest.raises(StoreError) as caught:
            attempt(f"sqlite:///{file}")
        assert str(file) in str(caught.value)
        assert "restore it from a backup" in str(caught.value)


def test_a_damaged_file_is_refused(sqlite_file: Path) -> None:
    content = bytearray(sqlite_file.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    sqlite_file.write_bytes(content)

    message = refusal(f"sqlite:///{sqlite_file}")

    assert str(sqlite_file) in message
    assert "damaged; restore it from a backup" in message


def test_a_database_of_another_program_is_refused(fresh_url: str) -> None:
    database = Database(fresh_url)
    if database.file is not None:
        database.file.parent.mkdir()
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE tickets (seat TEXT)")
    database.close()

    with pytest.raises(StoreError, match=r"tables that are not ours.*POLYFAQ_DATABASE_URL"):
        upgrade(fresh_url)


def test_a_locked_file_is_refused_after_a_while(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.database.BUSY_SECONDS", 0)
    other = sqlite3.connect(sqlite_file)
    other.execute("BEGIN IMMEDIATE")
    store = open_store(f"sqlite:///{sqlite_file}")

    with pytest.raises(TicketsUnavailableError, match="another process holds it locked"):
        store.tickets.open(REQUEST)

    other.rollback()
    assert store.tickets.open(REQUEST).ticket_id
    other.close()
    store.close()


def test_a_read_only_file_is_refused_for_writing_alone(sqlite_file: Path) -> None:
    store = open_store(f"sqlite:///file:{sqlite_file}?mode=ro&uri=true")

    assert store.tickets.page().tickets == ()
    with pytest.raises(TicketsUnavailableError, match="read-only; give this user the right"):
        store.tickets.open(REQUEST)
    store.close()


def test_a_store_without_tables_names_the_command(tmp_path: Path) -> None:
    (tmp_path / "polyfaq.db").touch()

    assert "run `polyfaq db upgrade`" in refusal(f"sqlite:///{tmp_path / 'polyfaq.db'}")


def test_a_store_that_comes_back_is_used_again(sqlite_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "later" / "polyfaq.db"
    store = open_store(f"sqlite:///{file}")
    with pytest.raises(TicketsUnavailableError):
        store.tickets.open(REQUEST)

    file.parent.mkdir()
    shutil.copy(sqlite_file, file)

    assert store.tickets.open(REQUEST).ticket_id
    store.close()


def test_an_unreachable_postgresql_is_named_without_its_password(tmp_path: Path) -> None:
    message = refusal(f"postgresql://user:hunter2@/faq?host={tmp_path}")

    assert "hunter2" not in message
    assert str(tmp_path) in message
    assert "check that it runs, and POLYFAQ_DATABASE_URL" in message


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_postgresql_without_tables_names_the_command(postgres_server: postgres.Server) -> None:
    url = postgres_server.url(postgres_server.new_database())

    assert "run `polyfaq db upgrade`" in refusal(url)


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_connections_that_the_server_ended_are_replaced(
    postgres_server: postgres.Server, postgres_url: str
) -> None:
    store = open_store(postgres_url)
    first = store.tickets.open(REQUEST)

    postgres_server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )

    assert store.tickets.find(first.ticket_id) == first
    store.close()


def _failure(url: str) -> StoreError | TicketsUnavailableError:
    store = open_store(url)
    with pytest.raises(TicketsUnavailableError) as caught:
        store.tickets.open(REQUEST)
    return caught.value


def _check(url: str) -> None:
    store = open_store(url)
    try:
        store.check()
    finally:
        store.close()
