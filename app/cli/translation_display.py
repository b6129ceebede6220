"""A run of `polyfaq translate` as people and programs see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from app.cli.output import note, quantity, say, table
from app.cli.progress import CountProgress
from app.translating.planning import Plan, Wanted
from app.translating.refusal import Refusal
from app.translating.translating import TranslationReport

_SHOWN_REFUSALS = 20
_NUMBERS = ("WRITTEN", "REFUSED", "WITHOUT SOME ALTERNATES", "CURRENT", "APPROVED BUT STALE")


class TranslationDisplay(CountProgress):
    """Shows how many texts are done.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        super().__init__("drafts", quiet=quiet)

    def translating(self, total: int) -> None:
        """Show a bar for so many texts."""
        if total:
            self.step(f"Making {quantity(total, 'draft')}", total)

    def translated(self, count: int) -> None:
        """Move the bar."""
        self.advance(count)


def show_plan(plan: Plan, wanted: Wanted) -> None:
    """Print what there is to translate."""
    shown = table("LANGUAGE", "MISSING", "STALE", "CURRENT", right=("MISSING", "STALE", "CURRENT"))
    for lang in wanted.languages:
        own = [job for job in plan.jobs if job.lang == lang]
        missing = sum(job.replaced is None for job in own)
        numbers = (missing, len(own) - missing, plan.current.get(lang, 0))
        shown.add_row(lang, *(_number(number) for number in numbers))
    say(shown)
    _show_refusals(plan.refused)
    _show_rest(plan)
    say("dry run: nothing was translated", "green")


def show_translation(report: TranslationReport, wanted: Wanted) -> None:
    """Print what a run did."""
    _show_refusals(report.refused)
    shown = table("LANGUAGE", *_NUMBERS, right=_NUMBERS)
    for lang in wanted.languages:
        shown.add_row(lang, *(_number(number) for number in _numbers(report, lang)))
    say(shown)
    _show_reasons(report.refused)
    _show_rest(report.plan)
    if not report.plan.jobs:
        say("nothing to translate", "green")
        return
    files = f" into {quantity(len(report.files), 'file')}"
    say(
        f"{quantity(len(report.kept), 'draft')} written{files if report.files else ''}; "
        f"{quantity(report.translated, 'passage')} translated, "
        f"{report.remembered:,} known from before",
        "green",
    )
    if report.kept:
        say("Read them over, and set their status to approved; visitors do not see drafts.")


def plan_document(plan: Plan, wanted: Wanted) -> dict[str, object]:
    """Give the JSON of what there is to translate."""
    return {
        "languages": list(wanted.languages),
        "jobs": [
            {
                "entry_id": job.source.id,
                "lang": job.lang,
                "from": job.source.lang,
                "replaces_stale": job.replaced is not None,
            }
            for job in plan.jobs
        ],
        "refused": [asdict(refusal) for refusal in plan.refused],
        "current": plan.current,
        "approved_but_stale": plan.stale_approved,
        "without_source": plan.sourceless,
    }


def report_document(report: TranslationReport, wanted: Wanted) -> dict[str, object]:
    """Give the JSON of what a run did."""
    return {
        **plan_document(report.plan, wanted),
        "written": [{"entry_id": each.id, "lang": each.lang} for each in report.kept],
        "refused": [asdict(refusal) for refusal in report.refused],
        "files": [str(file) for file in report.files],
        "translated": report.translated,
        "remembered": report.remembered,
        "failure": report.failure,
    }


def _numbers(report: TranslationReport, lang: str) -> tuple[int, ...]:
    kept = {record.id for record in report.kept if record.lang == lang}
    refused = {refusal.entry_id for refusal in report.refused if refusal.lang == lang}
    return (
        len(kept),
        len(refused - kept),
        len(refused & kept),
        report.plan.current.get(lang, 0),
        report.plan.stale_approved.get(lang, 0),
    )


def _number(number: int) -> str:
    return f"{number:,}" if number else "-"


def _show_refusals(refused: Sequence[Refusal]) -> None:
    for refusal in refused[:_SHOWN_REFUSALS]:
        what = f" {refusal.field}" if refusal.field else ""
        note(
            f"refused: [{refusal.entry_id} {refusal.lang}]{what}: {refusal.message} "
            f"({refusal.reason})",
            "yellow",
        )
    if len(refused) > _SHOWN_REFUSALS:
        note(f"and {len(refused) - _SHOWN_REFUSALS} more refused; --json lists all", "yellow")


def _show_reasons(refused: Sequence[Refusal]) -> None:
    if not refused:
        return
    fields = ("question", "answer", "alternates")
    counts = Counter((refusal.reason, refusal.field) for refusal in refused)
    names = [*(field.upper() for field in fields), "ENTRY"]
    shown = table("REFUSED FOR", *names, right=names)
    for reason in dict.fromkeys(refusal.reason for refusal in refused):
        shown.add_row(reason, *(_number(counts[reason, field]) for field in (*fields, None)))
    say(shown)


def _show_rest(plan: Plan) -> None:
    if plan.sourceless:
        more = f" and {len(plan.sourceless) - 3} more" if len(plan.sourceless) > 3 else ""
        note(
            f"no approved text to translate from: {', '.join(plan.sourceless[:3])}{more}", "yellow"
        )
