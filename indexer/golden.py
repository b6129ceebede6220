"""Golden questions: what an index makes of questions whose right entry is known."""

from __future__ import annotations

import math
from collections import Counter
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


_UNLIKELY = 0.1


def chance_of_as_many(wrong: int, answered: int, share: float) -> float:
    """How likely `wrong` or more of `answered` are wrong when each is with probability `share`.

    The one-sided exact binomial test: two wrong answers of twenty-six say little against a share
    of 5 %, twenty of a hundred say much.
    """
    if wrong == 0 or share >= 1.0:
        return 1.0
    if share <= 0.0:
        return 0.0
    log_all = math.lgamma(answered + 1)
    return math.fsum(
        math.exp(
            log_all
            - math.lgamma(count + 1)
            - math.lgamma(answered - count + 1)
            + count * math.log(share)
            + (answered - count) * math.log1p(-share)
        )
        for count in range(wrong, answered + 1)
    )


@dataclass(frozen=True, slots=True)
class Gate:
    """What golden questions must show before a generation is published.

    Attributes:
        error_budget: Share of the answers delivered that may be wrong, in [0, 1]. So many wrong
            ones are objected to as chance would bring about, at that share, in fewer than one
            build of ten. Where the live generation exceeds it already, the next must do no
            worse.
        largest_loss: How far the share dealt with rightly, and the share of the questions with an
            expected entry for which that comes first, may fall below the live generation's, in
            [0, 1].
        entry_losses: Golden questions that one entry is missed by, when they are also more than
            half of those that found it.
    """

    error_budget: float = 0.05
    largest_loss: float = 0.05
    entry_losses: int = 3

    def objections(self, before: GoldenSummary | None, after: GoldenSummary) -> tuple[str, ...]:
        """Say why a generation must not be published; nothing when it may.

        Args:
            before: What the live generation makes of the same questions, if there is one.
            after: What the new one makes of them.
        """
        found = []
        too_many = chance_of_as_many(after.wrong, after.answered, self.error_budget) < _UNLIKELY
        if too_many and (before is None or after.wrong_share > before.wrong_share):
            found.append(
                f"{after.wrong} of {after.answered} answers to golden questions are wrong "
                f"({after.wrong_share:.1%}), more than chance explains where at most "
                f"{self.error_budget:.1%} may be"
            )
        if before is not None and before.right - after.right > self.largest_loss * after.asked:
            found.append(
                f"{after.right} of {after.asked} golden questions are dealt with rightly, "
                f"{before.right} before (at most {self.largest_loss:.0%} may be lost)"
            )
        lost = 0 if before is None else before.found - after.found
        if before is not None and lost > self.largest_loss * after.expected:
            found.append(
                f"the expected entry comes first for {after.found} of {after.expected} golden "
                f"questions, {before.found} before (at most {self.largest_loss:.0%} may be lost)"
            )
        return tuple(found)

    def objections_about_entries(
        self, before: Sequence[GoldenAnswer], after: Sequence[GoldenAnswer]
    ) -> tuple[str, ...]:
        """Name the entries that few of the golden questions find which found them before.

        One entry is too few to be seen in a share of all questions, and an edit that went wrong
        often spoils just one.

        Args:
            before: What the live generation makes of the questions; empty when there is none.
            after: What the new one makes of them.
        """
        found_before = Counter(answer.expect for answer in before if answer.is_found)
        found_after = Counter(answer.expect for answer in after if answer.is_found)
        return tuple(
            f"{entry} comes first for {found_after[entry]} of the golden questions that expect it, "
            f"{count} before"
            for entry, count in sorted(found_before.items(), key=str)
            if count - found_after[entry] >= self.entry_losses and found_after[entry] < count / 2
        )
