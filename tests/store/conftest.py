import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import Store, open_store, upgrade
from app.store.database import Database
from app.store.schema import HEAD
from app.store.tables import metadata
from tests.store import postgres

SQLITE = pytest.param("sqlite", id="sqlite")
POSTGRES = pytest.param(
    "postgres",
    id="postgres",
    marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")],
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    programs = postgres.binaries()
    if programs is None:
        reason = "no PostgreSQL server below /usr/lib/postgresql; apt-get install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    server = postgres.Server(programs)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file with its tables, to copy instead of migrating for every test."""
    file = tmp_path_factory.mktemp("store") / "template.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: postgres.Server) -> str:
    """The name of a database with tables, to empty instead of migrating for every test."""
    name = postgres_server.new_database()
    upgrade(postgres_server.url(name))
    return name


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_tables: str) -> str:
    """The URL of a PostgreSQL store with its tables, empty."""
    names = ", ".join(metadata.tables)
    postgres_server.execute(
        f"TRUNCATE {names} RESTART IDENTITY; UPDATE alembic_version SET version_num = '{HEAD}'",  # noqa: S608 - names of our tables
        postgres_tables,
    )
    return postgres_server.url(postgres_tables)


@pytest.fixture(params=[SQLITE, POSTGRES])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty store that has its tables."""
    if request.param == "sqlite":
        return f"sqlite:///{request.getfixturevalue('sqlite_file')}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=[SQLITE, POSTGRES])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a store that has no tables yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh' / 'polyfaq.db'}"
    server: postgres.Server = request.getfixturevalue("postgres_server")
    return server.url(server.new_database())


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    connections = Database(database_url)
    yield connections
    connections.close()


@pytest.fixture
def sqlite_file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A store file with its tables."""
    return Path(shutil.copy(sqlite_template, tmp_path / "polyfaq.db"))
