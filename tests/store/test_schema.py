"""How a store gets the tables this program needs, and how it is refused."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import app.store
from app.store import StoreError, open_store, prepare, upgrade
from app.store.database import Database
from app.store.schema import HEAD, OLDER_REVISIONS, SchemaState, state_of
from app.store.tables import metadata


def at_revision(url: str, revision: str) -> str:
    database = Database(url)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - a constant of these tests
    database.close()
    return url


def state(url: str) -> SchemaState:
    database = Database(url)
    try:
        return state_of(database)
    finally:
        database.close()


def test_upgrade_creates_the_tables_once(fresh_url: str) -> None:
    assert state(fresh_url) is SchemaState.EMPTY

    assert upgrade(fresh_url)
    assert state(fresh_url) is SchemaState.CURRENT
    assert not upgrade(fresh_url)


def test_the_migrations_make_the_tables_the_code_uses(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_known_revisions_are_those_of_the_migrations() -> None:
    config = Config()
    folder = Path(app.store.__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    assert scripts.get_current_head() == HEAD
    assert {script.revision for script in scripts.walk_revisions()} == OLDER_REVISIONS | {HEAD}


def test_looking_at_a_store_that_is_not_there_creates_nothing(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'none.db'}")

    with pytest.raises(StoreError, match="no tables yet; run `polyfaq db upgrade`"):
        store.check()
    assert list(tmp_path.iterdir()) == []


def test_a_server_creates_a_fresh_sqlite_store(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'home' / 'polyfaq.db'}"

    prepare(url)
    prepare(url)

    store = open_store(url)
    store.check()
    store.close()
    assert (tmp_path / "home" / "polyfaq.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.postgres
@pytest.mark.parametrize("fresh_url", ["postgres"], indirect=True)
def test_a_server_leaves_a_fresh_postgresql_to_its_owner(fresh_url: str) -> None:
    with pytest.raises(StoreError, match="run `polyfaq db upgrade`"):
        prepare(fresh_url)

    assert state(fresh_url) is SchemaState.EMPTY


def test_an_older_store_is_refused_with_the_command_to_run(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.schema.OLDER_REVISIONS", frozenset({"0000"}))
    url = at_revision(database_url, "0000")

    with pytest.raises(StoreError, match=r"older polyfaq.*run `polyfaq db upgrade`"):
        prepare(url)


def test_a_newer_store_is_refused(database_url: str) -> None:
    url = at_revision(database_url, "9999")

    for attempt in (prepare, upgrade):
        with pytest.raises(StoreError, match="newer polyfaq"):
            attempt(url)


def test_upgrades_at_once_do_the_work_once(fresh_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        worked = list(pool.map(upgrade, [fresh_url] * 4))

    assert sorted(worked) == [False, False, False, True]
    assert state(fresh_url) is SchemaState.CURRENT


def test_processes_may_prepare_a_fresh_file_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'polyfaq.db'}"
    program = "import sys; from app.store import prepare; prepare(sys.argv[1])"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]

    assert [process.communicate()[1] for process in processes] == [""] * 3
    assert [process.returncode for process in processes] == [0] * 3
    assert state(url) is SchemaState.CURRENT


def test_a_migration_that_fails_leaves_nothing_behind(
    fresh_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreError("out of luck")

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(StoreError, match="out of luck"):
        upgrade(fresh_url)

    assert state(fresh_url) is SchemaState.EMPTY
    monkeypatch.undo()
    assert upgrade(fresh_url)


def test_a_current_store_is_opened_without_alembic(database_url: str) -> None:
    program = (
        "import sys; from app.store import open_store, prepare\n"
        "prepare(sys.argv[1]); store = open_store(sys.argv[1]); store.check(); store.close()\n"
        "sys.exit('alembic' in sys.modules or 'sqlalchemy.orm' in sys.modules)"
    )

    subprocess.run([sys.executable, "-c", program, database_url], check=True)
