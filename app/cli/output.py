"""Results on stdout, notes on stderr, JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
import orjson
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

_NARROWEST_FILE = 120
"""Columns where the output is no terminal: a log or a pipe has no width of its own."""

_UNPRINTABLE_YET_WRITTEN = "\n\t\u00a0\u200c\u200d\u3000"
"""Not printable to Python: line ends, tabs, joiners and spaces that texts are written with."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def results() -> Console:
    """The console for what was asked for."""
    return _console(stderr=False)


def notes() -> Console:
    """The console for progress and remarks."""
    return _console(stderr=True)


def note(text: str, style: str = "") -> None:
    """Remark something on stderr."""
    notes().print(Text(visible(text), style=style), soft_wrap=True)


def say(text: RenderableType, style: str = "") -> None:
    """Print a result; a string is taken literally."""
    console = results()
    if isinstance(text, str):
        console.print(Text(visible(text), style=style), soft_wrap=True)
    else:
        console.print(text)


def say_json(document: object) -> None:
    """Print a document for programs."""
    click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2))


def table(*columns: str, right: Sequence[str] = (), title: str | None = None) -> Table:
    """Begin a table.

    Args:
        columns: The headings.
        right: Those of them whose cells are numbers.
        title: What stands above.
    """
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def quantity(number: int, one: str, several: str | None = None) -> str:
    """Write a number with what it counts.

    Args:
        number: How many.
        one: What one of them is called.
        several: What others are called; `one` and an s when None.
    """
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"


def visible(text: str) -> str:
    """Replace what would steer a terminal instead of being shown; visitors type the text."""
    return "".join(
        char
        if char.isprintable() or char in _UNPRINTABLE_YET_WRITTEN
        else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = max(console.width, _NARROWEST_FILE)
    return console
