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

import numpy as np

from indexer.decision import Decision, Outcome
from indexer.entry_table import ANSWER, EntryTable
from indexer.query import FloatArray, Query
from indexer.ranking import Ranking
from indexer.retriever import Hidden, Retriever

QUESTIONS: Final = 4000
"""Questions asked in all, about: a few milliseconds each."""

PER_PAIR: Final = (5, 40)
"""Fewest and most questions that a pair of languages is tried with."""

SECONDS: Final = 60.0
"""Time after which no more questions are asked."""


@dataclass(frozen=True, slots=True)
class ParityTrial:
    """A phrasing to ask, and the only language that its entry shall exist in.

    Attributes:
        row: The phrasing's passage.
        entry_id: Its entry.
        phrasing: 0 for the question, n for the nth alternate.
        asked: The phrasing's language.
        held: The language that the entry shall exist in.
    """

    row: int
    entry_id: str
    phrasing: int
    asked: str
    held: str


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


def plan_parity(
    table: EntryTable, *, seed: int = 0, questions: int = QUESTIONS
) -> tuple[ParityTrial, ...]:
    """Choose what is asked: for each pair about as many questions, over as many entries.

    A language's questions are the same for all pairs that it is in, as far as their entries have
    texts. The first of every pair come first, so that the plan can be cut short.

    Args:
        table: The entries.
        seed: Decides the choice.
        questions: How many to ask in all, about.
    """
    languages = table.languages
    fewest, most = PER_PAIR
    per_pair = max(fewest, min(most, questions // max(len(languages) ** 2, 1)))
    random = np.random.default_rng(seed)
    starts = _record_starts(table)
    trials: list[tuple[int, ParityTrial]] = []
    for number, asked in enumerate(languages):
        rows = _phrasings(table, number, random)
        entries = table.entry_of[rows]
        passages = np.bincount(
            table.entry_of[table.language_of == number], minlength=len(table.facts)
        )
        for other, held in enumerate(languages):
            has_text = table.has_text[entries, other]
            if other == number:
                has_text = passages[entries] > 1
            chosen = rows[has_text][:per_pair].tolist()
            trials.extend(
                (
                    place,
                    ParityTrial(
                        row,
                        table.facts[int(table.entry_of[row])].entry_id,
                        row - int(starts[row]),
                        asked,
                        held,
                    ),
                )
                for place, row in enumerate(chosen)
            )
    trials.sort(key=lambda placed: placed[0])
    return tuple(trial for _, trial in trials)


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


def _phrasings(
    table: EntryTable, language: int, random: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Rows of a language's questions and alternates: one of each entry, then another of each."""
    is_answer = table.kind_of == ANSWER
    rows = random.permutation(np.flatnonzero((table.language_of == language) & ~is_answer))
    entries = table.entry_of[rows]
    by_entry = np.argsort(entries, kind="stable")
    _, firsts = np.unique(entries[by_entry], return_index=True)
    sizes = np.diff(np.append(firsts, len(rows)))
    turn = np.empty(len(rows), np.intp)
    turn[by_entry] = np.arange(len(rows)) - np.repeat(firsts, sizes)
    return rows[np.argsort(turn, kind="stable")]


def _record_starts(table: EntryTable) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """For each passage the row of its record's question: shape (passages,)."""
    starts = np.flatnonzero(table.starts_record)
    return np.repeat(starts, np.diff(np.append(starts, len(table.entry_of))))


def phrasing_queries(
    trials: Sequence[ParityTrial],
    text_of: Callable[[str, str, int], str],
    embed: Callable[[Sequence[str]], FloatArray],
) -> dict[int, Query]:
    """Embed every phrasing that trials ask, once.

    Args:
        trials: What will be asked.
        text_of: Gives an entry's phrasing in a language by its number.
        embed: Embeds texts in the query role: shape (texts, dimension).
    """
    rows = {trial.row: trial for trial in trials}
    texts = [text_of(trial.entry_id, trial.asked, trial.phrasing) for trial in rows.values()]
    if not texts:
        return {}
    vectors = embed(texts)
    return {
        row: Query(text, trial.asked, vector)
        for (row, trial), text, vector in zip(rows.items(), texts, vectors, strict=True)
    }
