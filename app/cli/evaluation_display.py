"""What was measured, as people read it on a terminal."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from rich.table import Table

from app.cli.output import note, quantity, results, say, table
from app.evaluation.calibration import ENOUGH
from app.evaluation.estimates import Estimate
from app.evaluation.parity import LanguagePair, Parity
from app.evaluation.risk import RiskPoint
from app.evaluation.score import RANKS, Evaluation, Score

_COUNTS = ("ASKED", "ANSWERED", "RIGHT", "WRONG", "CLARIFIED", "OFFERED", "HANDED OVER")
_FIGURES = (*(f"R@{rank}" for rank in RANKS), "MRR", "ECE", "AURC")
_COVERAGES = (0.2, 0.4, 0.6, 0.8, 1.0)
_NAMED = 10
_CELL = 4
"""Columns of a cell of the matrix: three digits and what parts them."""


def show_evaluation(evaluation: Evaluation) -> None:
    """Print how golden questions went: per language, then overall with intervals."""
    shown = table("LANGUAGE", *_COUNTS, *_FIGURES, right=(*_COUNTS, *_FIGURES))
    for score in (*evaluation.languages, evaluation.total):
        counts = (
            score.asked,
            score.answered,
            score.right,
            score.wrong,
            score.clarified,
            score.offered,
            score.handed_over,
        )
        figures = (*score.recall, score.mrr, score.calibration, score.area)
        shown.add_row(score.lang, *map(str, counts), *(_figure(each.value) for each in figures))
    say(shown)
    say("")
    say(_headlines(evaluation.total))
    say("")
    say(_risk(evaluation.total.curve))
    total = evaluation.total
    say(
        f"{total.wrong} of {total.answered} answers were wrong (budget "
        f"{evaluation.error_budget:.1%}); generation {evaluation.generation}"
    )
    _show_remarks(evaluation)


def show_parity(parity: Parity) -> None:
    """Print how pairs of languages fare: as matrices where they fit, and the worst pairs."""
    if len(parity.languages) < 2:
        note("the index has texts in one language only: there is no pair to compare")
    if results().width >= _CELL * (len(parity.languages) + 3):
        say("Rows: language of the question. Columns: the only language of its entry.")
        say("\nRight entry first, in % of the questions")
        say(_matrix(parity, _recall))
        say("\nAnother entry delivered, in % of the questions")
        say(_matrix(parity, _false_answers))
    else:
        note(f"{len(parity.languages)} languages do not fit this width; --html or --json show all")
    total = parity.total
    if total.questions:
        say("\nWorst pairs")
        say(_worst(parity))
        say(
            f"all pairs of two languages: R@1 {_figure(total.recall)}, another entry delivered "
            f"{_figure(total.false_answers)}, {total.questions:,} questions"
        )
    say(f"{parity.per_pair} questions a pair; generation {parity.generation}")
    if not parity.is_complete:
        note("time ran out before all was asked: the figures are of what was", "yellow")


def _worst(parity: Parity) -> Table:
    numbers = ("QUESTIONS", "R@1", "ANOTHER DELIVERED")
    shown = table("ASKED IN", "ENTRY ONLY IN", *numbers, right=numbers)
    for pair in parity.worst():
        shown.add_row(
            pair.asked,
            pair.held,
            str(pair.questions),
            _figure(pair.recall),
            _figure(pair.false_answers),
        )
    return shown


def _recall(pair: LanguagePair) -> float | None:
    return pair.recall


def _false_answers(pair: LanguagePair) -> float | None:
    return pair.false_answers


def _matrix(parity: Parity, of: Callable[[LanguagePair], float | None]) -> Table:
    shown = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column("")
    for held in parity.languages:
        shown.add_column(held, justify="right", no_wrap=True)
    for asked in parity.languages:
        values = (of(parity.pair(asked, held)) for held in parity.languages)
        shown.add_row(asked, *("-" if value is None else f"{value:.0%}"[:-1] for value in values))
    return shown


def _headlines(total: Score) -> Table:
    shown = table("OVERALL", "VALUE", "95 % INTERVAL", right=("VALUE", "95 % INTERVAL"))
    named = {
        "dealt with rightly, of all questions": total.handled,
        "answered, of all questions": total.coverage,
        "wrong, of all answers": total.error,
        **{f"recall at {rank}": each for rank, each in zip(RANKS, total.recall, strict=True)},
        "mean reciprocal rank": total.mrr,
        "expected calibration error": total.calibration,
        "area under the risk-coverage curve": total.area,
    }
    for name, each in named.items():
        shown.add_row(name, _figure(each.value), _interval(each))
    return shown


def _risk(curve: Sequence[RiskPoint]) -> str:
    coverages = [point.coverage for point in curve]
    last = len(curve) - 1
    parts = ((share, curve[min(last, bisect_left(coverages, share))].risk) for share in _COVERAGES)
    return "wrong if the surest were answered: " + ", ".join(
        f"{risk:.1%} of {share:.0%}" for share, risk in parts
    )


def _show_remarks(evaluation: Evaluation) -> None:
    total = evaluation.total
    if total.calibration.value is None:
        note(
            f"{quantity(total.asked, 'question is', 'questions are')} too few for a calibration "
            f"error: {ENOUGH} are needed"
        )
    elif few := [each.lang for each in evaluation.languages if each.calibration.value is None]:
        note(f"fewer than {ENOUGH} questions, so no calibration error: {', '.join(few)}")
    if evaluation.unknown_entries:
        unknown = evaluation.unknown_entries
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        note(
            f"the index has no entry {', '.join(unknown[:_NAMED])}{more}: questions that expect it "
            "count as not found. Correct the ids, or run `polyfaq index`",
            "yellow",
        )
    if evaluation.unserved_languages:
        note(
            f"the index has no text in {', '.join(evaluation.unserved_languages)}: questions in it "
            "are answered from other languages",
            "yellow",
        )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(of: Estimate) -> str:
    return "-" if of.low is None or of.high is None else f"{of.low:.3f} to {of.high:.3f}"
