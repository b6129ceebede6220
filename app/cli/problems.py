"""Problems of content, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.text import Text

from app.cli.output import quantity, results, visible
from knowledge_base.problems import Problem, Severity

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def show_problems(problems: Iterable[Problem], most: int | None = None) -> None:
    """Print problems one a line, the worst first, otherwise as they were found.

    Args:
        problems: What to print.
        most: How many at most; all without it.
    """
    console = results()
    order = list(Severity)
    by_severity = sorted(problems, key=lambda problem: order.index(problem.severity))
    for problem in by_severity[:most]:
        line = Text(visible(str(problem)), style=_STYLES[problem.severity])
        console.print(line, soft_wrap=True)


def counted(problems: Sequence[Problem]) -> str:
    """Say how many problems of each kind there are."""
    counts = Counter(problem.severity for problem in problems)
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    return ", ".join(quantity(counts[severity], name) for severity, name in names.items())


def problem_document(problem: Problem) -> dict[str, object]:
    """Give the JSON of a problem."""
    place = problem.location
    return {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "file": None if place is None else place.file,
        "sheet": None if place is None else place.sheet,
        "line": None if place is None else place.line,
        "entry_id": problem.entry_id,
        "lang": problem.lang,
        "field": problem.field,
    }
