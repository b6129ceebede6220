"""Confidence: is what is delivered right, and is what is right delivered?

`python -m benchmarks.confidence [SET...] [--seeds N] [--json]`

On public question sets with answers left out: an index is built of a part of each set, its
confidence learnt as `polyfaq index` learns it, from the indexed texts alone, and asked questions
that it answers and questions that it cannot. Plain ways to be sure, in the same run, stand in
brackets. A first entry is right when it is the question's; for a question without an answer in the
index, none is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.confidence_methods import PRODUCT, Verdicts, baselines, product
from benchmarks.corpora import question_vectors
from benchmarks.figures import Bound, Figure, Remark, at_least, at_most, shares, show
from benchmarks.question_sets import SETS, Question, Round
from benchmarks.risk import (
    BoolVector,
    area_under_risk,
    auroc,
    calibration_error,
    error_by_chance,
    interval,
    right_at_risk,
)
from benchmarks.shared_data import DATA, is_there
from indexer.thresholds import ERROR_BUDGET

SEEDS = 5
LEAST_FOR_RISK = 50
LEAST_FOR_CALIBRATION = 100
CALIBRATION_BOUND = 0.05
CALIBRATION_BOUND_IN_A_LANGUAGE = 0.08

_BOUNDS: Mapping[tuple[str, str], Bound] = {
    ("banking77", "AUROC, answerable or not"): at_least(0.89),
    ("banking77", "area under risk and coverage"): at_most(0.085),
    ("banking77", "answered rightly at 5 % risk"): at_least(0.63),
}
_WORST = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A round of questions, and what each method makes of them; all shapes are (questions,)."""

    answerable: BoolVector
    language: npt.NDArray[np.str_]
    verdicts: Mapping[str, Verdicts]

    @property
    def product(self) -> Verdicts:
        """What polyfaq makes of them."""
        return self.verdicts[PRODUCT]


Measure = Callable[[Asked, Verdicts], float]


def _rightly_at(risk: float) -> Measure:
    return lambda asked, method: right_at_risk(
        method.confidence, method.right, asked.answerable, risk
    )


_MEASURES: Mapping[str, tuple[Measure, str]] = {
    "first entry right, of the answerable": (
        lambda asked, method: float(method.right[asked.answerable].mean()),
        "",
    ),
    "AUROC, answerable or not": (
        lambda asked, method: auroc(method.confidence, asked.answerable),
        "",
    ),
    "AUROC, first entry right or not": (
        lambda _, method: auroc(method.confidence, method.right),
        "",
    ),
    "area under risk and coverage": (
        lambda _, method: area_under_risk(method.confidence, method.right),
        "",
    ),
    "answered rightly at 5 % risk": (_rightly_at(0.05), "%"),
    "answered rightly at 10 % risk": (_rightly_at(0.10), "%"),
}


def measure(names: Sequence[str], seeds: int) -> Iterator[Figure | Remark]:
    """Ask the sets in turn.

    Args:
        names: Of `SETS`.
        seeds: Rounds where chance chooses what is left out.
    """
    for name in names:
        chosen = SETS[name]
        if not is_there(*chosen.folders):
            yield Remark(f"{name}: skipped, for want of {', '.join(chosen.folders)} in {DATA}")
            continue
        yield Remark(f"{name}: {chosen.about}")
        rounds = [_ask(each) for each in chosen.rounds(seeds)]
        for label, (measured, unit) in _MEASURES.items():
            means = {
                method: float(np.mean([measured(each, each.verdicts[method]) for each in rounds]))
                for method in rounds[0].verdicts
            }
            value = means.pop(PRODUCT)
            bound = _BOUNDS.get((name, label))
            yield Figure(f"{name}: {label}", value, unit, bound, note=shares(means))
        yield from _at_the_threshold(name, rounds)
        yield _calibration(name, rounds)
        if len(np.unique(rounds[0].language)) > 1:
            yield from _by_language(name, rounds)


def _ask(cases: Round) -> Asked:
    questions: list[Question] = []
    verdicts: dict[str, list[Verdicts]] = {}
    for case in cases:
        vectors = question_vectors([question.text for question in case.questions])
        questions.extend(case.questions)
        verdicts.setdefault(PRODUCT, []).append(product(case, vectors))
        for method, found in baselines(case, vectors):
            verdicts.setdefault(method, []).append(found)
    return Asked(
        np.array([bool(question.gold) for question in questions], np.bool_),
        np.array([question.language for question in questions]),
        {method: Verdicts.joined(found) for method, found in verdicts.items()},
    )


def _at_the_threshold(name: str, rounds: Sequence[Asked]) -> Iterator[Figure]:
    delivered, wrong, rightly = (
        float(np.mean(counts))
        for counts in zip(
            *(_delivered(each.product, each.answerable) for each in rounds), strict=True
        )
    )
    likely = interval(wrong, delivered)
    yield Figure(f"{name}: answered rightly at the threshold", rightly, "%")
    yield Figure(
        f"{name}: wrong, of what is delivered",
        wrong / max(delivered, 1.0),
        "%",
        note=f"{wrong:.4g} of {delivered:.5g}; 95 % interval {likely}",
    )
    yield Figure(f"{name}: lower end of that interval", likely.low, "%", at_most(ERROR_BUDGET))


def _delivered(
    found: Verdicts, answerable: BoolVector, chosen: BoolVector | None = None
) -> tuple[int, int, float]:
    """Count what is delivered, what of it is wrong; the share of answerable questions right."""
    delivered = found.delivered if chosen is None else found.delivered & chosen
    asked = answerable if chosen is None else answerable & chosen
    right = int((delivered & found.right).sum())
    return int(delivered.sum()), int(delivered.sum()) - right, right / max(int(asked.sum()), 1)


def _calibration(name: str, rounds: Sequence[Asked]) -> Figure:
    error, said, seen = (
        float(np.mean(values))
        for values in zip(
            *(
                (
                    calibration_error(each.product.confidence, each.product.right),
                    each.product.confidence.mean(),
                    each.product.right.mean(),
                )
                for each in rounds
            ),
            strict=True,
        )
    )
    return Figure(
        f"{name}: expected calibration error",
        error,
        bound=at_most(CALIBRATION_BOUND),
        note=f"mean confidence {said:.3f}, first entries right {seen:.3f}",
    )


def _by_language(name: str, rounds: Sequence[Asked]) -> Iterator[Figure]:
    """Look at each language by itself; sets of several languages have one round."""
    (asked,) = rounds
    found = asked.product
    over, notes, errors = [], {}, {}
    for language in np.unique(asked.language).tolist():
        chosen = asked.language == language
        delivered, wrong, _ = _delivered(found, asked.answerable, chosen)
        if chosen.sum() >= LEAST_FOR_RISK and delivered:
            notes[language] = wrong / delivered
            if interval(wrong, delivered).low > ERROR_BUDGET:
                over.append(language)
        if chosen.sum() >= LEAST_FOR_CALIBRATION:
            errors[language] = calibration_error(found.confidence[chosen], found.right[chosen])
    if notes:
        yield Figure(
            f"{name}: languages wrong more often than chance explains",
            len(over),
            bound=at_most(0),
            note=f"of {len(notes)} with {LEAST_FOR_RISK} questions; worst "
            f"{shares(_highest(notes))}",
        )
    if errors:
        chance = error_by_chance([found.confidence[asked.language == name] for name in errors])
        yield Figure(
            f"{name}: greatest calibration error in a language",
            max(errors.values()),
            bound=at_most(CALIBRATION_BOUND_IN_A_LANGUAGE),
            note=f"of {len(errors)} with {LEAST_FOR_CALIBRATION} questions; "
            f"{shares(_highest(errors))}; by chance alone {chance:.3f}",
        )


def _highest(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: -item[1])[:_WORST])


def main() -> int:
    """Run as a command."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.confidence")
    arguments.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}")
    arguments.add_argument(
        "--seeds", type=int, default=SEEDS, help="rounds, %(default)s if not given"
    )
    arguments.add_argument("--json", action="store_true", help="a line of JSON a figure")
    options = arguments.parse_args()
    for name in options.sets:
        if name not in SETS:
            arguments.error(f"there is no set {name!r}; choose from {', '.join(SETS)}")
    if options.seeds < 1:
        arguments.error(f"--seeds is {options.seeds}; it takes at least 1")
    show(measure(options.sets or list(SETS), options.seeds), as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
