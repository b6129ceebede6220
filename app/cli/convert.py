"""`polyfaq convert`: content from one format into another."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.failures import ExitCode
from app.cli.output import json_option, note, quantity, say, say_json
from app.cli.problems import problem_document, show_problems
from knowledge_base.convert import convert as convert_content
from knowledge_base.problems import ContentError


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over files that are there already.")
@json_option
@click.pass_context
def convert(ctx: click.Context, source: Path, target: Path, force: bool, as_json: bool) -> None:
    """Convert content into another format, which OUT's name decides.

    OUT is a file (.csv, .tsv, .xlsx, .json, .jsonl, .yaml, .md, .po, .html), a name with {lang}
    for a file per language, NAME.wide.csv for a row per entry, or a folder of Markdown pages.
    What OUT cannot hold is told. OUT is never IN, nor a part of it.
    """
    try:
        report = convert_content(source, target, replace=force)
    except ContentError as error:
        if as_json:
            say_json(
                {
                    "records": 0,
                    "files": [],
                    "problems": [problem_document(found) for found in error.problems],
                }
            )
        else:
            show_problems(error.problems)
            note("nothing was converted", "red")
        ctx.exit(ExitCode.INPUT)
    if as_json:
        say_json(
            {
                "records": report.records,
                "files": [str(file) for file in report.files],
                "problems": [problem_document(found) for found in report.problems],
            }
        )
        return
    for problem in report.problems:
        note(str(problem), "yellow")
    one = len(report.files) == 1
    files = str(report.files[0]) if one else quantity(len(report.files), "file")
    say(f"{quantity(report.records, 'record')} written to {files}")
