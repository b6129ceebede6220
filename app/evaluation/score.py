"""How the questions of one language, or of all, went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.evaluation.asking import AskedQuestion, MeasuredIndex, ask_questions
from app.evaluation.calibration import ReliabilityBin, calibration_error, reliability
from app.evaluation.estimates import Estimate, share
from app.evaluation.risk import RiskOrder, RiskPoint
from indexer.decision import Outcome
from indexer.query import FloatArray
from knowledge_base.golden import GoldenQuestion

RANKS: Final = (1, 3, 5)
"""The N of recall at N."""

ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Score:
    """How some questions went.

    Every question is answered, clarified or handed over; every answer is right or wrong.

    Attributes:
        lang: BCP 47 tag, or `all`.
        asked: Number of questions.
        expected: Those that an entry answers; the others must not be answered.
        answered: Those that an entry was delivered for.
        right: Those answered with the expected entry.
        wrong: Those answered with another, or where nothing may be answered.
        clarified: Those where the visitor was asked which of some entries is meant.
        offered: Clarified with the expected entry among the choices.
        handed_over: Those left to a person.
        withheld: Those that must not be answered and were not.
        handled: Share of the questions that are right or withheld.
        coverage: Share of the questions that were answered.
        error: Share of the answers that are wrong.
        recall: For each of `RANKS` the share of the questions with an expected entry that have it
            among the first so many.
        mrr: Mean over the same questions of one by the rank of the expected entry.
        calibration: Expected calibration error.
        area: Area under the risk-coverage curve.
        reliability: Confidence and what became true, the least sure questions first.
        curve: Risk by coverage.
    """

    lang: str
    asked: int
    expected: int
    answered: int
    right: int
    wrong: int
    clarified: int
    offered: int
    handed_over: int
    withheld: int
    handled: Estimate
    coverage: Estimate
    error: Estimate
    recall: tuple[Estimate, ...]
    mrr: Estimate
    calibration: Estimate
    area: Estimate
    reliability: tuple[ReliabilityBin, ...]
    curve: tuple[RiskPoint, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How all questions went.

    Attributes:
        generation: Name of the index that was asked.
        error_budget: Share of its answers that may be wrong, in [0, 1].
        languages: One score a language, in order of their tags.
        total: Over all languages.
        unknown_entries: Expected entries that the index does not have, each once.
        unserved_languages: Languages of questions that the index has no text in.
    """

    generation: str
    error_budget: float
    languages: tuple[Score, ...]
    total: Score
    unknown_entries: tuple[str, ...]
    unserved_languages: tuple[str, ...]


def evaluate_index(
    index: MeasuredIndex,
    questions: Sequence[GoldenQuestion],
    vectors: FloatArray,
    *,
    error_budget: float,
    seed: int = 0,
) -> Evaluation:
    """Ask an index every question, and judge what it makes of them.

    Args:
        index: What to ask.
        questions: What to ask it, in the language that each names.
        vectors: Shape (len(questions), dimension), the questions embedded in the query role.
        error_budget: Share of its answers that may be wrong.
        seed: Decides the draws that intervals come from.
    """
    asked = ask_questions(index, questions, vectors)
    by_language: dict[str, list[AskedQuestion]] = {}
    for one in asked:
        by_language.setdefault(one.lang, []).append(one)
    expected = dict.fromkeys(one.expect for one in asked if one.expect is not None)
    return Evaluation(
        generation=index.id,
        error_budget=error_budget,
        languages=tuple(score(lang, by_language[lang], seed) for lang in sorted(by_language)),
        total=score(ALL, asked, seed),
        unknown_entries=tuple(entry for entry in expected if not index.records_of(entry)),
        unserved_languages=tuple(sorted(set(by_language) - set(index.languages))),
    )


def score(lang: str, asked: Sequence[AskedQuestion], seed: int) -> Score:
    """Count some questions, and estimate the figures of their language."""
    answered = np.array([one.is_answered for one in asked], float)
    right = np.array([one.is_right for one in asked], float)
    expected = np.array([one.expect is not None for one in asked], float)
    withheld = (1.0 - answered) * (1.0 - expected)
    rank = np.array([np.inf if one.rank is None else one.rank for one in asked], float)
    confidence = np.array([one.confidence for one in asked], float)
    top_right = np.array([one.is_top_right for one in asked], float)
    everything = np.ones(len(asked))
    order = RiskOrder(confidence, 1.0 - top_right)
    return Score(
        lang=lang,
        asked=len(asked),
        expected=int(expected.sum()),
        answered=int(answered.sum()),
        right=int(right.sum()),
        wrong=sum(one.is_wrong for one in asked),
        clarified=sum(one.outcome is Outcome.CLARIFY for one in asked),
        offered=sum(one.is_offered for one in asked),
        handed_over=sum(one.outcome is Outcome.HANDOFF for one in asked),
        withheld=int(withheld.sum()),
        handled=share(right + withheld, everything, seed),
        coverage=share(answered, everything, seed),
        error=share(answered - right, answered, seed),
        recall=tuple(share((rank <= depth).astype(float), expected, seed) for depth in RANKS),
        mrr=share(1.0 / rank, expected, seed),
        calibration=calibration_error(confidence, top_right, seed),
        area=order.area(seed),
        reliability=reliability(confidence, top_right),
        curve=order.curve(),
    )
