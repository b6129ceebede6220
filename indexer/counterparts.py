"""Which phrasings of an entry say the same in different languages.

Content does not tell which alternate in one language translates which in another, and editors
need not translate them at all. The questions of an entry translate each other; its alternates are
paired, language by language, so that the paired ones are as close as can be on the whole (the
assignment problem; Crouse, 2016, is what scipy follows).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from indexer.entry_table import ANSWER, QUESTION, EntryTable, IntArray
from indexer.query import FloatArray
from indexer.retriever import Retriever

_QUESTIONS_FIRST = 4.0
"""More than any two cosines differ by: a question is paired with a question, whatever they say."""


def counterparts(retriever: Retriever, entries: Collection[int]) -> IntArray | None:
    """Give phrasings that say the same in different languages one number.

    Phrasings of other entries, and of those with no more than one phrasing in any language, get a
    number of their own each: hiding all that says the same would leave them nothing to be found by.

    Args:
        retriever: The index.
        entries: Numbers of the entries whose phrasings are wanted.

    Returns:
        Shape (passages,); None where nothing has counterparts.
    """
    table = retriever.table
    number_of = np.arange(len(table.entry_of), dtype=np.int32)
    for rows in _phrasings_by_language(table, entries).values():
        longest = max(rows.values(), key=len)
        if len(longest) < 2 or len(rows) < 2:
            continue
        there = retriever.vectors(longest)
        for others in rows.values():
            if others is not longest:
                paired = _pair(retriever.vectors(others) @ there.T, table, others, longest)
                number_of[others] = [longest[place] for place in paired]
    return None if (number_of == np.arange(len(number_of))).all() else number_of


def _phrasings_by_language(
    table: EntryTable, entries: Collection[int]
) -> Mapping[int, dict[int, list[int]]]:
    """Rows of the questions and alternates of some entries, by entry and language."""
    wanted = np.zeros(len(table.facts), np.bool_)
    wanted[list(entries)] = True
    found: dict[int, dict[int, list[int]]] = {}
    for row in np.flatnonzero(wanted[table.entry_of] & (table.kind_of != ANSWER)).tolist():
        languages = found.setdefault(int(table.entry_of[row]), {})
        languages.setdefault(int(table.language_of[row]), []).append(row)
    return found


def _pair(
    cosines: FloatArray, table: EntryTable, rows: Sequence[int], others: Sequence[int]
) -> list[int]:
    """The place among the others of what each row is paired with; there are as many or more."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - only indexing pairs

    both = np.outer(table.kind_of[rows] == QUESTION, table.kind_of[others] == QUESTION)
    _, places = linear_sum_assignment(cosines + _QUESTIONS_FIRST * both, maximize=True)
    paired: list[int] = places.tolist()
    return paired
