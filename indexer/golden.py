"""Golden questions: what an index makes of questions whose right entry is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from indexer.decision import Decision, Outcome
from indexer.query import FloatArray, Query
from indexer.ranking import Ranking
from knowledge_base.golden import GoldenQuestion


class Verdict(StrEnum):
    """What became of a golden question."""

    RIGHT = "right"
    WRONG = "wrong"
    HANDED_OVER = "handed_over"


class Searchable(Protocol):
    """An index that may be published already, or is about to be."""

    def rank(self, query: Query, limit: int = ...) -> Ranking:
        """Rank the entries that may answer."""
        ...

    def decide(self, ranking: Ranking) -> Decision:
        """Decide what to do with a ranking."""
        ...


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """What an index made of one golden question.

    Attributes:
        question: As asked.
        lang: Language it was asked in.
        expect: The entry that answers it; None when nothing may.
        outcome: What the index decided.
        entry_id: The entry delivered; None when none was.
        top_entry_id: The best entry found, whether delivered or not.
        confidence: Of the best entry, in [0, 1].
    """

    question: str
    lang: str
    expect: str | None
    outcome: Outcome
    entry_id: str | None
    top_entry_id: str | None
    confidence: float

    @property
    def is_found(self) -> bool:
        """Whether the best entry found is the expected one, delivered or not."""
        return self.expect is not None and self.top_entry_id == self.expect

    @property
    def verdict(self) -> Verdict:
        """Whether that was right; to withhold what nothing may answer is right."""
        if self.outcome is not Outcome.ANSWERED:
            return Verdict.RIGHT if self.expect is None else Verdict.HANDED_OVER
        return Verdict.RIGHT if self.entry_id == self.expect else Verdict.WRONG


@dataclass(frozen=True, slots=True)
class GoldenSummary:
    """Golden questions counted by what became of them.

    Attributes:
        asked: All of them.
        answered: Those an entry was delivered for.
        right: Those answered with the expected entry, or rightly not answered.
        wrong: Those answered with another entry, or answered where nothing may.
        handed_over: Those with an expected entry that were not answered.
        expected: Those with an expected entry.
        found: Those whose expected entry came first, delivered or not.
    """

    asked: int
    answered: int
    right: int
    wrong: int
    handed_over: int
    expected: int = 0
    found: int = 0

    @property
    def wrong_share(self) -> float:
        """Share of wrong ones among the answers delivered, in [0, 1]."""
        return self.wrong / self.answered if self.answered else 0.0

    @property
    def right_share(self) -> float:
        """Share of the questions dealt with rightly, in [0, 1]."""
        return self.right / self.asked if self.asked else 0.0


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A golden question as two indexes treat it."""

    before: GoldenAnswer
    after: GoldenAnswer

    @property
    def is_broken(self) -> bool:
        """Whether what was right, or the best entry found, is so no more."""
        before, after = self.before, self.after
        was_right = before.verdict is Verdict.RIGHT and after.verdict is not Verdict.RIGHT
        return was_right or (before.is_found and not after.is_found)


def ask_golden(
    index: Searchable, questions: Sequence[GoldenQuestion], vectors: FloatArray
) -> tuple[GoldenAnswer, ...]:
    """Ask an index every question.

    Args:
        index: What to ask.
        questions: What to ask it.
        vectors: Shape (len(questions), dimension), the questions embedded in the query role.
    """
    return tuple(
        _ask(index, question, vector) for question, vector in zip(questions, vectors, strict=True)
    )


def _ask(index: Searchable, question: GoldenQuestion, vector: FloatArray) -> GoldenAnswer:
    ranking = index.rank(Query(question.question, question.lang, vector))
    decision = index.decide(ranking)
    top = ranking.entries[0].entry_id if ranking.entries else None
    answered = decision.outcome is Outcome.ANSWERED
    return GoldenAnswer(
        question=question.question,
        lang=question.lang,
        expect=question.expect,
        outcome=decision.outcome,
        entry_id=decision.candidates[0].entry_id if answered else None,
        top_entry_id=top,
        confidence=round(float(decision.confidence.value), 6),
    )


def summarise(answers: Sequence[GoldenAnswer]) -> GoldenSummary:
    """Count what became of golden questions."""
    verdicts = [answer.verdict for answer in answers]
    return GoldenSummary(
        asked=len(answers),
        answered=sum(answer.outcome is Outcome.ANSWERED for answer in answers),
        right=verdicts.count(Verdict.RIGHT),
        wrong=verdicts.count(Verdict.WRONG),
        handed_over=verdicts.count(Verdict.HANDED_OVER),
        expected=sum(answer.expect is not None for answer in answers),
        found=sum(answer.is_found for answer in answers),
    )


def changed_answers(
    before: Sequence[GoldenAnswer], after: Sequence[GoldenAnswer]
) -> tuple[AnswerChange, ...]:
    """The questions asked of both whose outcome, or whose entry, differs.

    What broke comes first. The entry is the one delivered; where that is the same, a best entry
    that was the expected one and is no more counts too.
    """
    known = {(answer.question, answer.lang): answer for answer in before}
    pairs = (
        AnswerChange(old, new)
        for new in after
        if (old := known.get((new.question, new.lang))) is not None
    )
    changes = [
        change
        for change in pairs
        if change.is_broken
        or (change.before.outcome, change.before.entry_id)
        != (change.after.outcome, change.after.entry_id)
    ]
    return tuple(sorted(changes, key=lambda change: not change.is_broken))
