"""Parity: what each language's visitors would get if an entry existed in one language alone.

The index is asked its own phrasings, each with every text of its entry hidden but those in one
language, while all other entries keep all theirs: what happens when a translation is missing, for
every pair of a visitor's language and the only language of the right entry. Where the two are the
same, the phrasing that is asked is hidden too. The index is not built anew for it, so its means
and centroids have seen the texts that are hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from app.evaluation.parity_plan import ParityTrial
from indexer.decision import Decision, Outcome
from indexer.entry_table import EntryTable
from indexer.hiding import Hidden
from indexer.query import Query
from indexer.ranking import Ranking
from indexer.retriever import Retriever

SECONDS: Final = 60.0
"""Time after which no more questions are asked."""


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """How a visitor's language fares with entries that exist in one language alone.

    Attributes:
        asked: Language of the questions.
        held: The only language of their entries.
        questions: Number of questions asked.
        found: Those whose entry came first.
        answered: Those that any entry was delivered for.
        wrong: Those that another entry was delivered for.
    """

    asked: str
    held: str
    questions: int
    found: int
    answered: int
    wrong: int

    @property
    def recall(self) -> float | None:
        """Share of the questions whose entry came first; None when none was asked."""
        return self.found / self.questions if self.questions else None

    @property
    def false_answers(self) -> float | None:
        """Share of the questions that another entry was delivered for; None when none was asked."""
        return self.wrong / self.questions if self.questions else None


@dataclass(frozen=True, slots=True)
class Parity:
    """All pairs of languages.

    Attributes:
        generation: Name of the index that was asked.
        languages: Its languages, in order of their tags.
        pairs: Every pair, by language of the question, then of the entry.
        is_complete: Every question planned was asked in the time given.
    """

    generation: str
    languages: tuple[str, ...]
    pairs: tuple[LanguagePair, ...]
    is_complete: bool

    def pair(self, asked: str, held: str) -> LanguagePair:
        """Find the pair of two of the languages."""
        at = self.languages.index(asked) * len(self.languages) + self.languages.index(held)
        return self.pairs[at]

    @property
    def per_pair(self) -> str:
        """How many questions the pairs were tried with that could be tried, in words."""
        counts = [pair.questions for pair in self.pairs if pair.questions] or [0]
        fewest, most = min(counts), max(counts)
        return str(most) if fewest == most else f"{fewest} to {most}"

    @property
    def total(self) -> LanguagePair:
        """All pairs of two different languages together."""
        across = [pair for pair in self.pairs if pair.asked != pair.held]
        return LanguagePair(
            "",
            "",
            sum(pair.questions for pair in across),
            sum(pair.found for pair in across),
            sum(pair.answered for pair in across),
            sum(pair.wrong for pair in across),
        )

    def worst(self, count: int = 10) -> tuple[LanguagePair, ...]:
        """The pairs of two different languages that find least; those alike by wrong answers."""
        tried = [pair for pair in self.pairs if pair.asked != pair.held and pair.questions]
        tried.sort(key=lambda pair: (pair.recall, -pair.wrong / pair.questions))
        return tuple(tried[:count])


def measure_parity(
    generation: str,
    retriever: Retriever,
    decide: Callable[[Ranking], Decision],
    trials: Sequence[ParityTrial],
    queries: Mapping[int, Query],
    *,
    progress: Callable[[int], None] | None = None,
    seconds: float = SECONDS,
    clock: Callable[[], float] = monotonic,
) -> Parity:
    """Ask every trial, as long as there is time.

    Args:
        generation: Name of the index.
        retriever: What finds.
        decide: What decides.
        trials: What to ask.
        queries: The phrasing of each trial's row, embedded in the query role.
        progress: Called with the number of questions asked since the last call.
        seconds: Time after which no more are asked; pairs are then judged by those that were.
        clock: Tells the time in seconds.
    """
    languages = retriever.table.languages
    counts = {(asked, held): [0, 0, 0, 0] for asked in languages for held in languages}
    end = clock() + seconds
    is_complete = True
    for trial in trials:
        if clock() >= end:
            is_complete = False
            break
        ranking = retriever.rank(queries[trial.row], 3, _all_but(retriever.table, trial))
        decision = decide(ranking)
        is_found = bool(ranking.entries) and ranking.entries[0].entry_id == trial.entry_id
        is_answered = decision.outcome is Outcome.ANSWERED
        count = counts[trial.asked, trial.held]
        count[0] += 1
        count[1] += is_found
        count[2] += is_answered
        count[3] += is_answered and not is_found
        if progress is not None:
            progress(1)
    pairs = tuple(LanguagePair(*names, *count) for names, count in counts.items())
    return Parity(generation, languages, pairs, is_complete)


def _all_but(table: EntryTable, trial: ParityTrial) -> Hidden:
    """Hide an entry in all languages but one, and the phrasing itself."""
    kept = table.languages.index(trial.held)
    hidden = (table.entry_of == table.entry_of[trial.row]) & (table.language_of != kept)
    hidden[trial.row] = True
    return Hidden(table.with_answers(hidden))
