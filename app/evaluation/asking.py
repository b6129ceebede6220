"""Asks an index golden questions, and keeps what is needed to judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from indexer.decision import Outcome
from indexer.golden import Searchable
from indexer.query import FloatArray, Query
from knowledge_base.entry import Record
from knowledge_base.golden import GoldenQuestion

DEPTH: Final = 50
"""Entries looked through for the right one; further down it counts as not found."""


class MeasuredIndex(Searchable, Protocol):
    """A published index."""

    @property
    def id(self) -> str:
        """Name of the generation."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that it has texts in."""
        ...

    def records_of(self, entry_id: str) -> Mapping[str, Record]:
        """All texts of an entry by language; empty where there is no such entry."""
        ...


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """What an index made of one golden question.

    Attributes:
        lang: Language it was asked in.
        expect: The entry that answers it; None when nothing may.
        outcome: What the index decided.
        is_right: An entry was delivered, and it is the expected one.
        is_offered: The visitor was asked back, and the expected entry was among the choices.
        confidence: Probability that the best entry answers, as the index sees it, in [0, 1].
        is_top_right: The best entry is the expected one, delivered or not.
        rank: Place of the expected entry, from 1; None when it was not found or none is expected.
    """

    lang: str
    expect: str | None
    outcome: Outcome
    is_right: bool
    is_offered: bool
    confidence: float
    is_top_right: bool
    rank: int | None

    @property
    def is_answered(self) -> bool:
        """An entry was delivered."""
        return self.outcome is Outcome.ANSWERED

    @property
    def is_wrong(self) -> bool:
        """An entry was delivered that is not the expected one."""
        return self.is_answered and not self.is_right


def ask_questions(
    index: Searchable, questions: Sequence[GoldenQuestion], vectors: FloatArray
) -> tuple[AskedQuestion, ...]:
    """Ask an index every question.

    Args:
        index: What to ask.
        questions: What to ask it, in the language that each names.
        vectors: Shape (len(questions), dimension), the questions embedded in the query role.
    """
    return tuple(
        _ask(index, question, vector) for question, vector in zip(questions, vectors, strict=True)
    )


def _ask(index: Searchable, question: GoldenQuestion, vector: FloatArray) -> AskedQuestion:
    ranking = index.rank(Query(question.question, question.lang, vector), DEPTH)
    decision = index.decide(ranking)
    ids = [entry.entry_id for entry in ranking.entries]
    expect = question.expect
    candidates = [entry.entry_id for entry in decision.candidates]
    return AskedQuestion(
        lang=question.lang,
        expect=expect,
        outcome=decision.outcome,
        is_right=decision.outcome is Outcome.ANSWERED and candidates[0] == expect,
        is_offered=decision.outcome is Outcome.CLARIFY and expect in candidates,
        confidence=float(decision.confidence.value),
        is_top_right=ids[:1] == [expect],
        rank=ids.index(expect) + 1 if expect is not None and expect in ids else None,
    )
