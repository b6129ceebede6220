"""`polyfaq check`: every problem of content, with its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from app.choices import language_identifier
from app.cli.failures import ExitCode
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, quantity, say, say_json
from app.cli.problems import counted, problem_document, show_problems
from app.settings import Settings
from knowledge_base.checks import check_presence, check_records
from knowledge_base.entry import Record
from knowledge_base.files import read_content
from knowledge_base.golden import check_golden, read_golden
from knowledge_base.problems import Problem, Severity


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@json_option
@pass_invocation
@click.pass_context
def check(
    ctx: click.Context, invocation: Invocation, paths: tuple[Path, ...], as_json: bool
) -> None:
    """Check content and report every problem with its file and row.

    PATH is a content file or folder; the configured content without one. A golden.jsonl in a
    folder is checked with it. Only errors keep content from being published. Whether texts are in
    the language that they are said to be in is checked here alone, for indexing must be fast.
    """
    settings = invocation.settings()
    places = paths or (settings.content,)
    content = read_content(places)
    problems = [
        *content.problems,
        *check_records(
            content.records,
            default_language=settings.default_language,
            today=datetime.now(UTC).date(),
            identify=_identify(settings, content.records),
        ),
    ]
    for file in _golden_files(settings, paths):
        questions, faults = read_golden(file)
        problems += (*faults, *check_golden(questions, content.records))
    if not any(problem.severity is Severity.ERROR for problem in problems):
        problems += check_presence(content.records, places)
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    if as_json:
        languages = sorted({record.lang for record in content.records})
        say_json(
            {
                "records": len(content.records),
                "files": len(content.files),
                "languages": languages,
                "problems": [problem_document(problem) for problem in problems],
            }
        )
    else:
        show_problems(problems)
        _conclude(problems, content.records, len(content.files))
    if failed:
        ctx.exit(ExitCode.INPUT)


def _golden_files(settings: Settings, paths: tuple[Path, ...]) -> list[Path]:
    if not paths:
        file = settings.golden_file
        return [file] if settings.golden is not None or file.is_file() else []
    return [file for path in paths if (file := path / "golden.jsonl").is_file()]


def _identify(settings: Settings, records: tuple[Record, ...]) -> Callable[[str], str] | None:
    languages = tuple(dict.fromkeys(record.lang for record in records))
    if not languages:
        return None
    identifier = language_identifier(settings, languages)
    return lambda text: identifier.identify(text).tag


def _conclude(problems: list[Problem], records: tuple[Record, ...], files: int) -> None:
    entries = len({record.id for record in records})
    languages = len({record.lang for record in records})
    say(
        f"{quantity(entries, 'entry', 'entries')} in {quantity(languages, 'language')}, "
        f"{quantity(len(records), 'record')}, {quantity(files, 'file')}"
    )
    if problems:
        note(counted(problems))
    else:
        say("no problems", "green")
