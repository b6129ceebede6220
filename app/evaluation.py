"""How well an index finds and decides, measured on questions whose right entry is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from indexer.decision import Outcome
from indexer.golden import GoldenAnswer, Searchable, summarise
from indexer.query import FloatArray, Query
from knowledge_base.golden import GoldenQuestion

RANKS: Final = (1, 3, 5)
"""The N of recall at N."""

ALL: Final = "all"
_DEPTH: Final = 50
"""Entries looked through for the right one; further down it counts as not found."""


class NamedIndex(Searchable, Protocol):
    """An index that has a name."""

    @property
    def id(self) -> str:
        """Name of the generation."""
        ...


@dataclass(frozen=True, slots=True)
class Score:
    """How the questions of one language went.

    Attributes:
        lang: BCP 47 tag, or `all`.
        asked: Number of questions.
        answered: Number of questions that an entry was delivered for.
        right: Answered with the expected entry, or not answered where nothing may be.
        wrong: Answered with another entry, or answered where nothing may be.
        handed_over: Not answered although an entry was expected.
        recall: Share of the questions with an expected entry that have it among the first
            `RANKS`, in [0, 1]; None where no question has one.
        mrr: Mean over the same questions of one by the rank of the expected entry, in [0, 1].
    """

    lang: str
    asked: int
    answered: int
    right: int
    wrong: int
    handed_over: int
    recall: tuple[float | None, ...]
    mrr: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How all questions went.

    Attributes:
        generation: Name of the index that was asked.
        languages: One score a language, in order of their tags.
        total: Over all languages.
    """

    generation: str
    languages: tuple[Score, ...]
    total: Score


@dataclass(frozen=True, slots=True)
class _Asked:
    answer: GoldenAnswer
    rank: int | None


def evaluate_index(
    index: NamedIndex, questions: Sequence[GoldenQuestion], vectors: FloatArray
) -> Evaluation:
    """Ask an index every question.

    Args:
        index: What to ask.
        questions: What to ask it, in the language that each names.
        vectors: Shape (len(questions), dimension), the questions embedded in the query role.
    """
    asked = [
        _ask(index, question, vector) for question, vector in zip(questions, vectors, strict=True)
    ]
    languages = sorted({one.answer.lang for one in asked})
    return Evaluation(
        generation=index.id,
        languages=tuple(
            _score(lang, [one for one in asked if one.answer.lang == lang]) for lang in languages
        ),
        total=_score(ALL, asked),
    )


def _ask(index: Searchable, question: GoldenQuestion, vector: FloatArray) -> _Asked:
    ranking = index.rank(Query(question.question, question.lang, vector), _DEPTH)
    decision = index.decide(ranking)
    ids = [entry.entry_id for entry in ranking.entries]
    answered = decision.outcome is Outcome.ANSWERED
    answer = GoldenAnswer(
        question=question.question,
        lang=question.lang,
        expect=question.expect,
        outcome=decision.outcome,
        entry_id=decision.candidates[0].entry_id if answered else None,
        top_entry_id=ids[0] if ids else None,
        confidence=decision.confidence.value,
    )
    return _Asked(answer, ids.index(question.expect) + 1 if question.expect in ids else None)


def _score(lang: str, asked: Sequence[_Asked]) -> Score:
    counted = summarise([one.answer for one in asked])
    ranks = [one.rank for one in asked if one.answer.expect is not None]
    return Score(
        lang=lang,
        asked=counted.asked,
        answered=counted.answered,
        right=counted.right,
        wrong=counted.wrong,
        handed_over=counted.handed_over,
        recall=tuple(
            _mean(rank is not None and rank <= depth for rank in ranks) for depth in RANKS
        ),
        mrr=_mean(0.0 if rank is None else 1 / rank for rank in ranks),
    )


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None
