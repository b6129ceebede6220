"""`polyfaq index`: the path of an edit; and, by name, what looks after published generations."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from app.choices import load_embedder_for
from app.cli.build_display import BuildDisplay, report_document, show_report
from app.cli.failures import ExitCode
from app.cli.generations import generations
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, say_json
from app.settings import Settings
from indexer.build import build
from indexer.build_report import BuildOutcome, BuildRequest
from indexer.embedding_run import EmbeddingModel
from indexer.gate import Gate
from indexer.generations import Generations
from models.catalogue import DEFAULT_MODEL
from models.model_folder import read_manifest


class BuildCommand(click.Command):
    """Builds, unless the first argument is the name of a subcommand."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Turn to the subcommand that is named, if one is."""
        if args and args[0] in generations.commands:
            return generations.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Append the subcommands to the options."""
        super().format_options(ctx, formatter)
        generations.format_commands(ctx, formatter)


@click.command(cls=BuildCommand)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would change; publish nothing.")
@click.option("--full", is_flag=True, help="Build even if nothing changed, embedding all anew.")
@click.option("--force", is_flag=True, help="Publish all the same when the gate objects.")
@json_option
@pass_invocation
@click.pass_context
def index(
    ctx: click.Context,
    invocation: Invocation,
    *,
    paths: tuple[Path, ...],
    dry_run: bool,
    full: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Build the index from content and publish it.

    PATH is a content file or folder; the configured content without one. Only what changed is
    embedded. Content with errors is not published, nor is an index that answers golden questions
    worse than it may, or where answers moved to other entries. Servers follow what is published.
    """
    settings = invocation.settings()
    if not paths and "content" not in settings.model_fields_set:
        note("No content of yours is named (POLYFAQ_CONTENT): this is the sample shop's.")
    request = BuildRequest(
        content=paths or (settings.content,),
        default_language=settings.default_language,
        today=datetime.now(UTC).date(),
        golden=golden_file(settings, paths),
        gate=Gate(settings.error_budget, settings.golden_loss),
        dry_run=dry_run,
        full=full,
        force=force,
    )
    with BuildDisplay(quiet=as_json) as display:
        report = build(
            request,
            Generations(settings.generations_folder),
            embedding_model(settings),
            display,
        )
    if as_json:
        say_json(report_document(report))
    else:
        show_report(report)
    if report.outcome in {BuildOutcome.INVALID, BuildOutcome.REFUSED}:
        ctx.exit(ExitCode.INPUT)


def golden_file(settings: Settings, paths: Sequence[Path] = ()) -> Path | None:
    """Find the golden questions; a file that the settings name is wanted, another welcome.

    Args:
        settings: They may name a file.
        paths: The content, where it is not the configured one: its golden questions are those
            beside it, and never those of other content.
    """
    if settings.golden is not None:
        return settings.golden
    folders = [path if path.is_dir() else path.parent for path in paths]
    beside = [folder / settings.golden_file.name for folder in folders] or [settings.golden_file]
    return next((file for file in beside if file.is_file()), None)


def embedding_model(settings: Settings) -> EmbeddingModel:
    """Know the model without loading it, where it is one that was installed.

    Raises:
        EmbedderError: It cannot be used.
    """
    load = partial(load_embedder_for, settings, threads=len(os.sched_getaffinity(0)))
    installed = settings.models_folder / settings.embedding_model
    if settings.embedding_model == DEFAULT_MODEL or installed.is_dir():
        return EmbeddingModel(read_manifest(installed).identity, load)
    embedder = load()
    return EmbeddingModel(embedder.identity, lambda: embedder)
