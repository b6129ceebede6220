"""The reference of the command line, `docs/operators/cli.md`, made from what `--help` says.

`python -m app.cli.reference > docs/operators/cli.md` brings it up to date.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator

import click

from app.cli.generations import generations
from app.cli.index import BuildCommand
from app.cli.program import polyfaq

_INTRODUCTION = """\
# Command line

What `polyfaq --help` and the help of its subcommands say, in one place. This page is made by
`python -m app.cli.reference`; a test keeps it true.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | the input is wrong |
| 2 | wrong usage, or a setting that cannot be used |
| 3 | the system failed: disk, model, network, store; or there is no index that could be used |
| 130 | interrupted with Ctrl-C |

With `--json`, stdout holds one JSON document and nothing else. Progress and remarks go to stderr.
Colours are left out where the output is no terminal, or where `NO_COLOR` is set.
"""


def reference() -> str:
    """Write the reference as Markdown."""
    context = click.Context(polyfaq, info_name="polyfaq")
    return "\n".join([_INTRODUCTION, *_sections(context)])


def _sections(context: click.Context) -> Iterator[str]:
    yield _section(context)
    command = context.command
    if isinstance(command, BuildCommand):
        context = click.Context(generations, info_name=context.info_name, parent=context.parent)
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            if found is not None:
                yield from _sections(click.Context(found, info_name=name, parent=context))


def _section(context: click.Context) -> str:
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [
        f"## `{context.command_path}`",
        "",
        f"    {usage}",
        "",
        inspect.cleandoc(command.help or ""),
    ]
    records = [
        record
        for option in command.get_params(context)
        if isinstance(option, click.Option)
        and (record := option.get_help_record(context)) is not None
        and "--help" not in option.opts
    ]
    if records:
        lines += ["", *(f"- `{names}`: {text}" for names, text in records)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(reference())
