"""What was measured, as one page that loads nothing: plots, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.evaluation.calibration import BINS, ENOUGH, PER_BIN
from app.evaluation.estimates import DRAWS, Estimate
from app.evaluation.parity import LanguagePair, Parity
from app.evaluation.risk import RiskPoint
from app.evaluation.score import RANKS, Evaluation, Score

_TEMPLATES: Final = Path(__file__).parent / "templates"
_COVERAGES: Final = tuple(tenth / 10 for tenth in range(1, 11))


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell of a heat map.

    Attributes:
        value: What it shows, in [0, 1]; None where there is nothing to show.
        says: What it says in words.
    """

    value: float | None
    says: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Values for every pair of a row and a column.

    Attributes:
        columns: Their headings.
        rows: Their headings, each with its cells.
        is_bad: For each column, whether much is bad.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[HeatCell, ...]], ...]
    is_bad: tuple[bool, ...]


def evaluation_page(evaluation: Evaluation | None, parity: Parity | None) -> str:
    """Write the page: how golden questions went, how pairs of languages fare, or both."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(share=_share, figure=_figure, interval=_interval)
    page = environment.get_template("evaluation.html").render(
        style=(_TEMPLATES / "evaluation.css").read_text(encoding="utf-8"),
        evaluation=evaluation,
        parity=parity,
        languages=evaluation and language_map(evaluation),
        tenths=evaluation and at_coverages(evaluation.total.curve),
        found=parity and pair_map(parity, _recall, "of the right entries come first"),
        false_answers=parity
        and pair_map(parity, _false_answers, "are answered with another entry", is_bad=True),
        ranks=RANKS,
        draws=DRAWS,
        bins=BINS,
        per_bin=PER_BIN,
        enough=ENOUGH,
    )
    return f"{page}\n"


def language_map(evaluation: Evaluation) -> HeatMap:
    """Lay out the figures of each language, and of all."""
    columns: tuple[tuple[str, bool, Callable[[Score], Estimate]], ...] = (
        ("dealt with rightly", False, lambda score: score.handled),
        ("answered", False, lambda score: score.coverage),
        *(
            (f"R@{rank}", False, lambda score, at=at: score.recall[at])
            for at, rank in enumerate(RANKS)
        ),
        ("MRR", False, lambda score: score.mrr),
        ("wrong of answers", True, lambda score: score.error),
        ("ECE", True, lambda score: score.calibration),
        ("AURC", True, lambda score: score.area),
    )
    return HeatMap(
        tuple(name for name, _, _ in columns),
        tuple(
            (
                score.lang,
                tuple(
                    HeatCell(of(score).value, f"{score.lang}, {name}: {_with_interval(of(score))}")
                    for name, _, of in columns
                ),
            )
            for score in (*evaluation.languages, evaluation.total)
        ),
        tuple(is_bad for _, is_bad, _ in columns),
    )


def pair_map(
    parity: Parity,
    of: Callable[[LanguagePair], float | None],
    what: str,
    *,
    is_bad: bool = False,
) -> HeatMap:
    """Lay out a figure of every pair of languages."""
    return HeatMap(
        parity.languages,
        tuple(
            (
                asked,
                tuple(
                    HeatCell(
                        of(pair),
                        f"asked in {asked}, entry only in {pair.held}: {_share(of(pair))} {what}, "
                        f"of {pair.questions} questions",
                    )
                    for pair in (parity.pair(asked, held) for held in parity.languages)
                ),
            )
            for asked in parity.languages
        ),
        (is_bad,) * len(parity.languages),
    )


def at_coverages(curve: Sequence[RiskPoint]) -> tuple[RiskPoint, ...]:
    """The points of a curve at which each tenth of the questions is reached."""
    return tuple(
        next((point for point in curve if point.coverage >= coverage - 1e-9), curve[-1])
        for coverage in _COVERAGES
    )


def _recall(pair: LanguagePair) -> float | None:
    return pair.recall


def _false_answers(pair: LanguagePair) -> float | None:
    return pair.false_answers


def _with_interval(of: Estimate) -> str:
    return f"{_figure(of.value)} ({_interval(of)})" if of.low is not None else _figure(of.value)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(of: Estimate) -> str:
    return "–" if of.low is None or of.high is None else f"{of.low:.3f} to {of.high:.3f}"
