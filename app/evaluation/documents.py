"""What was measured, as JSON for programs."""

from __future__ import annotations

from dataclasses import asdict

from app.evaluation.calibration import ENOUGH
from app.evaluation.estimates import DRAWS, LEVEL, Estimate
from app.evaluation.parity import LanguagePair, Parity
from app.evaluation.score import RANKS, Evaluation, Score


def evaluation_document(evaluation: Evaluation) -> dict[str, object]:
    """Give the JSON of an evaluation."""
    return {
        "generation": evaluation.generation,
        "error_budget": evaluation.error_budget,
        "total": _score_document(evaluation.total),
        "languages": {score.lang: _score_document(score) for score in evaluation.languages},
        "unknown_entries": evaluation.unknown_entries,
        "unserved_languages": evaluation.unserved_languages,
        "interval_level": LEVEL,
        "interval_draws": DRAWS,
        "calibration_needs": ENOUGH,
    }


def parity_document(parity: Parity) -> dict[str, object]:
    """Give the JSON of a comparison of languages."""
    return {
        "generation": parity.generation,
        "languages": parity.languages,
        "is_complete": parity.is_complete,
        "total": _pair_document(parity.total),
        "pairs": [_pair_document(pair) for pair in parity.pairs],
        "worst": [_pair_document(pair) for pair in parity.worst()],
    }


def _score_document(score: Score) -> dict[str, object]:
    figures = {
        "handled": score.handled,
        "coverage": score.coverage,
        "error": score.error,
        "mrr": score.mrr,
        "calibration_error": score.calibration,
        "risk_coverage_area": score.area,
    }
    recall = {str(rank): each for rank, each in zip(RANKS, score.recall, strict=True)}
    return {
        "asked": score.asked,
        "expected": score.expected,
        "answered": score.answered,
        "right": score.right,
        "wrong": score.wrong,
        "clarified": score.clarified,
        "offered": score.offered,
        "handed_over": score.handed_over,
        "withheld": score.withheld,
        **{name: each.value for name, each in figures.items()},
        "recall": {rank: each.value for rank, each in recall.items()},
        "intervals": {
            **{name: _interval(each) for name, each in figures.items()},
            "recall": {rank: _interval(each) for rank, each in recall.items()},
        },
        "reliability": [asdict(each) for each in score.reliability],
        "risk_coverage": [asdict(point) for point in score.curve],
    }


def _interval(of: Estimate) -> tuple[float, float] | None:
    return None if of.low is None or of.high is None else (of.low, of.high)


def _pair_document(pair: LanguagePair) -> dict[str, object]:
    names = {"asked": pair.asked, "held": pair.held} if pair.asked else {}
    return {
        **names,
        "questions": pair.questions,
        "found": pair.found,
        "answered": pair.answered,
        "wrong": pair.wrong,
        "recall_at_1": pair.recall,
        "false_answers": pair.false_answers,
    }
