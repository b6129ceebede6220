"""A build of the index as people and programs see it: while it runs, and when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.generations import diff_document, show_diff
from app.cli.output import note, quantity, say, table
from app.cli.problems import counted, problem_document, show_problems
from app.cli.progress import CountProgress
from indexer.build_report import BuildOutcome, BuildReport, GoldenReport
from indexer.build_steps import Step
from indexer.golden import AnswerChange, GoldenAnswer, GoldenSummary
from knowledge_base.problems import Severity

_STEPS = {
    Step.COMPARE_FILES: "Comparing files",
    Step.READ: "Reading content",
    Step.CHECK: "Checking content",
    Step.COMPARE: "Comparing entries",
    Step.EMBED: "Looking up vectors",
    Step.INDEX: "Indexing",
    Step.CALIBRATE: "Learning how sure answers are",
    Step.ASK_GOLDEN: "Asking golden questions",
    Step.PUBLISH: "Publishing",
}
_OUTCOMES = {
    BuildOutcome.PUBLISHED: "published {generation}",
    BuildOutcome.UNCHANGED: "nothing changed; {generation} serves",
    BuildOutcome.DRY_RUN: "dry run: nothing was published",
    BuildOutcome.INVALID: "nothing was published: correct the errors above, then index again",
    BuildOutcome.REFUSED: "nothing was published for the reasons above. Correct the content, or "
    "publish all the same with --force",
}
_PROBLEMS_SHOWN = 20
_SHOWN_CHANGES = 50
_SHOWN_TRUNCATED = 10
_NUMBERS = ("ENTRIES", "HELD BACK", "PASSAGES", "EMBEDDED", "ADDED", "CHANGED", "REMOVED")


class BuildDisplay(CountProgress):
    """Shows the steps of a build, and how fast texts are embedded.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool) -> None:
        super().__init__("texts", quiet=quiet)

    def begin(self, step: Step) -> None:
        """Name the step."""
        self.step(_STEPS[step], None)

    def embedding(self, total: int) -> None:
        """Show a bar for so many texts."""
        self.step(f"Embedding {quantity(total, 'text')}", total)

    def embedded(self, count: int) -> None:
        """Move the bar."""
        self.advance(count)


def show_report(report: BuildReport) -> None:
    """Print what a build did."""
    shown = [problem for problem in report.problems if problem.severity is not Severity.INFO]
    show_problems(shown, most=_PROBLEMS_SHOWN)
    if report.problems:
        note(f"{counted(report.problems)} in the content; `polyfaq check` shows all")
    if report.live_fault is not None:
        note(report.live_fault, "yellow")
    if report.outcome is BuildOutcome.DRY_RUN:
        show_diff(report.diff)
    _show_languages(report)
    if report.golden is not None:
        _show_golden(report.golden)
    _show_truncated(report)
    if report.confidence is not None:
        note(f"confidence: {report.confidence}")
    _show_work(report)
    for objection in report.objections:
        note(objection, "red")
    failed = report.outcome in {BuildOutcome.INVALID, BuildOutcome.REFUSED}
    text = _OUTCOMES[report.outcome].format(generation=report.generation)
    if failed:
        note(text, "red")
    else:
        say(text, "green")


def report_document(report: BuildReport) -> dict[str, object]:
    """Give the JSON of what a build did."""
    golden = report.golden
    return {
        "outcome": report.outcome,
        "generation": report.generation,
        "previous": report.previous,
        "live_fault": report.live_fault,
        "problems": [problem_document(problem) for problem in report.problems],
        "diff": diff_document(report.diff),
        "languages": report.languages,
        "embedded": report.embedded,
        "reused": report.reused,
        "truncated": report.truncated,
        "confidence": report.confidence,
        "golden": golden
        and {
            "summary": golden.summary,
            "before": golden.before,
            "objections": golden.objections,
            "changes": golden.changes,
            "broken": [change for change in golden.changes if change.is_broken],
            "wrong": golden.wrong,
        },
        "moved": report.moved,
        "objections": report.objections,
        "pruned": report.pruned,
        "seconds": {timing.step.value: round(timing.seconds, 4) for timing in report.timings},
    }


def _show_languages(report: BuildReport) -> None:
    if not report.languages:
        return
    shown = table("LANGUAGE", *_NUMBERS, right=_NUMBERS)
    for language in report.languages:
        shown.add_row(
            language.lang,
            *(
                f"{number:,}" if number else "-"
                for number in (
                    language.entries,
                    language.held_back,
                    language.passages,
                    language.embedded,
                    language.added,
                    language.changed,
                    language.removed,
                )
            ),
        )
    say(shown)


def _show_golden(golden: GoldenReport) -> None:
    say(f"golden questions: {_summary(golden.summary)}")
    if golden.before is not None and golden.before != golden.summary:
        say(f"          before: {_summary(golden.before)}")
    broken = [change for change in golden.changes if change.is_broken]
    _show_some("golden questions broke", [_change(change) for change in broken])
    others = [change for change in golden.changes if not change.is_broken]
    _show_some("golden questions are treated otherwise", [_change(change) for change in others])
    if golden.objections and golden.before is None:
        _show_some("golden questions are answered wrongly", [_wrong(a) for a in golden.wrong])


def _show_some(what: str, lines: Sequence[str]) -> None:
    if lines:
        say(f"{len(lines)} {what}:")
        for line in lines[:_SHOWN_CHANGES]:
            say(line)
        if len(lines) > _SHOWN_CHANGES:
            say(f"  and {len(lines) - _SHOWN_CHANGES} more; --json lists all")


def _summary(summary: GoldenSummary) -> str:
    return (
        f"{summary.right} of {summary.asked} right, {summary.wrong} wrong, "
        f"{summary.handed_over} not answered; right entry first for {summary.found} of "
        f"{summary.expected}"
    )


def _change(change: AnswerChange) -> str:
    return f"{_wanted(change.after)}: {_given(change.before)} -> {_given(change.after)}"


def _wrong(answer: GoldenAnswer) -> str:
    return f"{_wanted(answer)}: {_given(answer)}"


def _wanted(answer: GoldenAnswer) -> str:
    wanted = answer.expect or "no answer"
    return f"  [{answer.lang}] {answer.question}\n      expected {wanted}"


def _given(answer: GoldenAnswer) -> str:
    verdict = answer.verdict.replace("_", " ")
    if answer.entry_id is None:
        return f"{answer.outcome}, {answer.top_entry_id or 'nothing'} first ({verdict})"
    return f"{answer.entry_id} ({verdict})"


def _show_truncated(report: BuildReport) -> None:
    for cut in report.truncated[:_SHOWN_TRUNCATED]:
        note(
            f"{cut.entry_id} {cut.lang}: the model reads only the beginning of a {cut.kind}",
            "yellow",
        )
    if len(report.truncated) > _SHOWN_TRUNCATED:
        note(f"and {len(report.truncated) - _SHOWN_TRUNCATED} more; --json lists all", "yellow")


def _show_work(report: BuildReport) -> None:
    total = sum(timing.seconds for timing in report.timings)
    embedded, reused = quantity(report.embedded, "text"), quantity(report.reused, "vector")
    say(f"{embedded} embedded, {reused} reused, {total:.1f} s")
