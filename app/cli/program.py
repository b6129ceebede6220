"""The root of the command line, which imports a subcommand only when it is used."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

import click

from app.cli.failures import Interruption, failure_of
from app.cli.invocation import Invocation

SUBCOMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "models": (
            "app.cli.models:models",
            "List, install and verify models and the table of usual words.",
        ),
        "check": (
            "app.cli.check:check",
            "Check content and report every problem with its file and row.",
        ),
        "index": ("app.cli.index:index", "Build the index from content and publish it."),
        "ask": ("app.cli.ask:ask", "Answer one question in this process."),
        "serve": ("app.cli.serve:serve", "Serve the HTTP API and the page."),
        "eval": (
            "app.cli.evaluate:evaluate",
            "Measure the published index: on golden questions, and by language.",
        ),
        "convert": (
            "app.cli.convert:convert",
            "Convert content into another format, which OUT's name decides.",
        ),
        "translate": (
            "app.cli.translate:translate",
            "Write drafts of missing translations into the content.",
        ),
        "tickets": (
            "app.cli.tickets:tickets",
            "List questions that wait for a person, the newest first.",
        ),
        "db": ("app.cli.db:db", "Care for the store."),
    }
)
"""Where each subcommand is, and what it does: read without importing it."""


class Program(click.Group):
    """A group that knows its subcommands by name, and how failures are told."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the subcommands in the order of a user's first day."""
        del ctx
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand."""
        del ctx
        if cmd_name not in SUBCOMMANDS:
            return None
        module, _, name = SUBCOMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in SUBCOMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run a subcommand; whatever goes wrong ends in one message."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interruption("interrupted; what was finished before is kept") from None
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            raise failure_of(error) from error


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings file. Default: polyfaq.toml in this folder, if there is one.",
)
@click.option("--debug", is_flag=True, help="Show where a failure happened.")
@click.version_option(package_name="polyfaq", message="polyfaq %(version)s")
@click.pass_context
def polyfaq(ctx: click.Context, config: Path | None, debug: bool) -> None:
    """Answer visitors' questions from a knowledge base, in their language.

    Every setting is POLYFAQ_<NAME> in the environment or a key in polyfaq.toml. Results go to
    stdout, progress and problems of the system to stderr. Exit codes: 0 done, 1 the input is
    wrong, 2 wrong usage, 3 the system failed.
    """
    ctx.obj = Invocation(config, debug)
