"""What to do with a ranking: answer, ask back, or hand over to a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from indexer.ranking import ScoredEntry


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    HANDOFF = "handoff"
    SMALL_TALK = "small_talk"


class Reason(StrEnum):
    """Why a question was not answered."""

    LOW_CONFIDENCE = "low_confidence"
    NOTHING_SIMILAR = "nothing_similar"
    REQUESTED = "requested"
    UNDETERMINED_LANGUAGE = "undetermined_language"
    NEGATIVE_TONE = "negative_tone"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the top entry is.

    Attributes:
        value: Probability that the top entry answers the question, in [0, 1].
        threshold: The value from which on it is delivered, in [0, 1].
    """

    value: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Decision:
    """The routing of one question.

    Attributes:
        outcome: ANSWERED, CLARIFY or HANDOFF of an index; SMALL_TALK once the words are heeded.
        reason: None exactly when ANSWERED or SMALL_TALK.
        confidence: What it was decided on.
        candidates: The entry to deliver when answered, the two or three to choose from on
            clarify, the closest ones on handoff; best first.
    """

    outcome: Outcome
    reason: Reason | None
    confidence: Confidence
    candidates: tuple[ScoredEntry, ...]
