"""Runs the command line inside the test, in a home of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner, Result

from app.cli.program import polyfaq


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command printed
        return orjson.loads(self.out)


@dataclass(frozen=True, slots=True)
class Home:
    """A folder in which commands run, with nothing installed and nothing published."""

    folder: Path
    environment: Mapping[str, str | None]

    @property
    def content(self) -> Path:
        return self.folder / "content"

    def run(self, *arguments: str | Path, **environment: str) -> Ran:
        result: Result = CliRunner().invoke(
            polyfaq,
            [str(argument) for argument in arguments],
            env={**self.environment, **environment},
            prog_name="polyfaq",
        )
        return Ran(result.exit_code, result.stdout, result.stderr)

    def write(self, name: str, text: str) -> Path:
        file = self.content / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file
