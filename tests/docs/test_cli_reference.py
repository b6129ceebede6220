"""The page on the command line says what the command line says."""

from importlib import import_module
from pathlib import Path

import pytest

from app.cli.program import SUBCOMMANDS
from app.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "operators" / "cli.md"


def test_the_page_is_what_the_help_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "bring it up to date: python -m app.cli.reference > docs/operators/cli.md"
    )


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_the_list_of_subcommands_says_what_each_says_first(name: str) -> None:
    place, summary = SUBCOMMANDS[name]
    module, _, command = place.partition(":")

    found = getattr(import_module(module), command)

    assert found.name == name
    assert found.help.splitlines()[0] == summary
