"""Why a question was decided as it was, for operators."""

from __future__ import annotations

from dataclasses import dataclass

from app.answering.act_grammar import DialogueAct
from indexer.explanation import ConfidenceExplanation
from indexer.ranking import ScoredEntry


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that the decision was made on.

    Attributes:
        act: What the words do besides asking; None for a question.
        confidence: How the probability came about.
        candidates: What was found, best first.
    """

    act: DialogueAct | None
    confidence: ConfidenceExplanation
    candidates: tuple[ScoredEntry, ...]
