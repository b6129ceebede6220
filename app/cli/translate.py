"""`polyfaq translate`: drafts of missing and stale translations, written into the content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import click
from filelock import FileLock, Timeout

from app.choices import translator_for
from app.cli.failures import ExitCode, InputFailure, SystemFailure, UsageFailure
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, say_json
from app.cli.problems import problem_document, show_problems
from app.cli.translation_display import (
    TranslationDisplay,
    plan_document,
    report_document,
    show_plan,
    show_translation,
)
from app.settings import Settings
from app.translating.drafting import Drafter
from app.translating.memory import TranslationMemory
from app.translating.planning import Only, Plan, Wanted, plan
from app.translating.routes import Routes
from app.translating.translating import TranslationReport, translate_content
from app.translator_choices import glossary_for, text_identifier
from knowledge_base.amending.placing import Places
from knowledge_base.convert import repeated_records
from knowledge_base.entry import Record
from knowledge_base.files import read_content
from knowledge_base.glossary import GLOSSARY_NAME
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.problems import Problem


@click.command()
@click.argument("source", required=False, metavar="[SOURCE]", type=click.Path(path_type=Path))
@click.option("--to", "targets", metavar="TAGS", required=True, help="Languages, as in fr,ar.")
@click.option(
    "--only",
    type=click.Choice([each.value for each in Only]),
    help="Make only texts that are missing, or only anew those whose source has changed.",
)
@click.option("--from", "origin", metavar="TAG", help="Translate from this language alone.")
@click.option(
    "--glossary",
    "glossary_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Terms that stay or are settled.  [default: {GLOSSARY_NAME} beside the content]",
)
@click.option("--dry-run", is_flag=True, help="Show what there is to translate; do nothing.")
@json_option
@pass_invocation
@click.pass_context
def translate(
    ctx: click.Context,
    invocation: Invocation,
    *,
    source: Path | None,
    targets: str,
    only: str | None,
    origin: str | None,
    glossary_file: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write drafts of missing translations into the content.

    SOURCE is a content file or folder; the configured content without one. Drafts have origin
    machine and status draft: visitors do not see them until someone approves them. A text that
    people wrote or approved is never touched. What loses a number, link or name, or is no
    translation, is refused and told. Texts are written as they are made: run again, it goes on.
    """
    settings = invocation.settings()
    if source is None and "content" not in settings.model_fields_set:
        raise UsageFailure(
            "no content of yours is named; name it as SOURCE, or set POLYFAQ_CONTENT"
        )
    root = _whole(settings, source)
    wanted = Wanted(
        languages=_tags(targets, "--to"),
        source=None if origin is None else _tags(origin, "--from")[0],
        preferred=(settings.default_language, *settings.fallback_languages),
        only=None if only is None else Only(only),
    )
    records = _records(ctx, root, as_json=as_json)
    glossary = glossary_for(settings, root, glossary_file)
    languages = tuple(dict.fromkeys([*(each.lang for each in records), *wanted.languages]))
    translator = translator_for(settings, languages)
    routes = cache(lambda: Routes(translator.pairs(), wanted.preferred))
    planned = plan(_asked(records, source), wanted, routes)
    if dry_run:
        if as_json:
            say_json(plan_document(planned, wanted))
        else:
            show_plan(planned, wanted)
        return
    identify = text_identifier(settings, languages)
    report = _run(
        settings,
        planned,
        lambda memory: Drafter(translator, memory, glossary, identify),
        Places(records, root),
        quiet=as_json,
    )
    if as_json:
        say_json(report_document(report, wanted))
    else:
        show_translation(report, wanted)
    if report.failure is not None:
        note(report.failure, "red")
        ctx.exit(ExitCode.SYSTEM)


def _run(
    settings: Settings,
    planned: Plan,
    make_drafter: Callable[[TranslationMemory], Drafter],
    places: Places,
    *,
    quiet: bool,
) -> TranslationReport:
    if not planned.jobs:
        return TranslationReport(planned, refused=list(planned.refused))
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "translate.lock", timeout=0)
    try:
        with (
            lock,
            TranslationMemory(settings.translations_file) as memory,
            TranslationDisplay(quiet=quiet) as display,
        ):
            return translate_content(planned, make_drafter(memory), places, display)
    except Timeout:
        raise SystemFailure(
            f"{lock.lock_file}: another `polyfaq translate` runs; wait until it is done"
        ) from None


def _whole(settings: Settings, source: Path | None) -> Path:
    """Tell what to read: of a file within the configured content, all of that.

    Texts of its entries may be in other files, and must not be written a second time.
    """
    content = settings.content
    if source is None or "content" not in settings.model_fields_set:
        return source or content
    inside = source.is_file() and source.resolve().is_relative_to(content.resolve())
    return content if inside else source


def _asked(records: Sequence[Record], source: Path | None) -> list[Record]:
    """Keep the entries that are in the file that was named, in all their languages."""
    if source is None or source.is_dir():
        return list(records)
    file = source.resolve()
    asked = {
        each.id for each in records if each.location and Path(each.location.file).resolve() == file
    }
    return [each for each in records if each.id in asked]


def _tags(text: str, option: str) -> tuple[str, ...]:
    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        tags = tuple(dict.fromkeys(canonical_tag(word) for word in words))
    except LanguageTagError as error:
        raise UsageFailure(f"{option}: {error}") from None
    if not tags:
        raise UsageFailure(f"{option} names no language; write tags such as fr,ar")
    return tags


def _records(ctx: click.Context, root: Path, *, as_json: bool) -> tuple[Record, ...]:
    """Read the content; what has errors cannot be added to safely."""
    content = read_content([root])
    problems: list[Problem] = [*content.errors, *repeated_records(content.records)]
    if problems:
        if as_json:
            say_json({"problems": [problem_document(problem) for problem in problems]})
        else:
            show_problems(problems)
            note("nothing was translated: correct the errors above first", "red")
        ctx.exit(ExitCode.INPUT)
    if not content.records:
        raise InputFailure(f"{root} holds no content")
    return content.records
