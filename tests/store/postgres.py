"""A PostgreSQL server of the tests' own, on a socket in a folder that is thrown away."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

USER = "polyfaq"


def binaries() -> Path | None:
    """The newest installed server's programs; None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return found[-1].parent if found else None


class Server:
    """A running server without a network address."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="polyfaq-pg-"))
        self._data = self.folder / "data"
        self._databases = 0
        # PostgreSQL refuses to run as root.
        self._account = "postgres" if os.geteuid() == 0 else None
        if self._account is not None:
            shutil.chown(self.folder, self._account)
        self._run("initdb", "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {self.folder}"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """Create a database and give its name."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.execute(f"CREATE DATABASE {name}")
        return name

    def execute(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        # The server inherits the output, so that a pipe would never end.
        with (self.folder.parent / f"{self.folder.name}.out").open("w+") as output:
            output_file = Path(output.name)
            try:
                subprocess.run(
                    [self._programs / program, "-D", self._data, *arguments],
                    user=self._account,
                    cwd="/",
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=True,
                )
            except subprocess.CalledProcessError as error:
                raise RuntimeError(output_file.read_text()) from error
            finally:
                output_file.unlink()


def _version(program: Path) -> int:
    return int(program.parent.parent.name)
