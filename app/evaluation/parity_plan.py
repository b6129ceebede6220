"""What is asked to compare languages: phrasings, each with the language its entry is held to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.entry_table import ANSWER, EntryTable, turns
from indexer.query import FloatArray, Query

QUESTIONS: Final = 4000
"""Questions asked in all, about: a few milliseconds each."""

PER_PAIR: Final = (5, 40)
"""Fewest and most questions that a pair of languages is tried with."""


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


def _phrasings(
    table: EntryTable, language: int, random: np.random.Generator
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Rows of a language's questions and alternates: one of each entry, then another of each."""
    is_answer = table.kind_of == ANSWER
    rows = random.permutation(np.flatnonzero((table.language_of == language) & ~is_answer))
    return rows[np.argsort(turns(table.entry_of[rows]), kind="stable")]


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
