"""How close a question is to the texts of each entry, kind by kind and language by language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.dense import Neighbours
from indexer.entry_table import ANSWER, BoolArray, EntryTable, IntArray
from indexer.query import FloatArray

ABSENT: Final = -2.0
"""Stands where no such text is known; below every cosine."""

MOST_CELLS: Final = 65_536
"""Texts of all kinds, languages and entries that are looked at one and all, where search is exact;
with more, only what is near is looked at."""


@dataclass(frozen=True, slots=True)
class Closeness:
    """The best cosines of the entries that were looked at.

    Attributes:
        entries: Entry numbers, ascending, shape (entries,).
        texts: Shape (2, languages, entries): the best cosine to a question or an alternate, and
            the best to an answer; `ABSENT` where no such text is known.
        floor: Shape (languages,); what a text that is not known counts as: it is no closer than
            the last one that is.
    """

    entries: IntArray
    texts: FloatArray
    floor: FloatArray


class TextCells:
    """Which passages are the texts of one kind, language and entry.

    Raises:
        ValueError: When passages of one kind, language and entry do not stand together.
    """

    def __init__(self, table: EntryTable) -> None:
        self._shape = (2, len(table.languages), len(table.facts))
        self._entries = np.arange(len(table.facts), dtype=np.int32)
        is_answer = (table.kind_of == ANSWER).astype(np.int64)
        cell_of = np.ravel_multi_index((is_answer, table.language_of, table.entry_of), self._shape)
        begins = np.ones(len(cell_of), np.bool_)
        begins[1:] = cell_of[1:] != cell_of[:-1]
        self._starts = np.flatnonzero(begins)
        self._cells = cell_of[self._starts]
        self._nothing = np.full(len(self), ABSENT, np.float32)
        filled = np.zeros(self._shape, np.bool_)
        filled.reshape(-1)[self._cells] = True
        if np.count_nonzero(filled) < len(self._cells):
            raise ValueError("passages of one kind, language and entry do not stand together")
        # With questions and answers wherever there is a text, nothing is ever put on the floor.
        self._no_floor = None
        if (filled[0] == filled[1]).all():
            self._no_floor = np.zeros(len(table.languages), np.float32)

    def __len__(self) -> int:
        return int(np.prod(self._shape))

    def closeness(self, cosines: FloatArray, visible: BoolArray | None) -> Closeness:
        """Take the best cosine of every cell.

        Args:
            cosines: Of all passages, shape (passages,).
            visible: Shape (passages,); False keeps a passage out, and its entry if it has no other.
        """
        if visible is not None:
            cosines = np.where(visible, cosines, np.float32(ABSENT))
        texts = self._nothing.copy()
        texts[self._cells] = np.maximum.reduceat(cosines, self._starts)
        texts = texts.reshape(self._shape)
        if visible is None:
            floor = _floor(texts) if self._no_floor is None else self._no_floor
            return Closeness(self._entries, texts, floor)
        left = np.flatnonzero((texts > ABSENT).any(axis=(0, 1)))
        texts = texts[:, :, left]
        return Closeness(self._entries[left], texts, _floor(texts))


def closeness_of_listed(table: EntryTable, found: Neighbours, candidates: IntArray) -> Closeness:
    """Gather what dense search listed, language by language.

    Args:
        table: The entries.
        found: What dense search found in each language.
        candidates: Numbers of entries to look at beside those that were found.
    """
    listed = found.rows >= 0
    rows = found.rows[listed]
    entry_of = table.entry_of[rows]
    is_found = np.zeros(len(table.facts), np.bool_)
    is_found[entry_of] = is_found[candidates] = True
    entries = np.flatnonzero(is_found).astype(np.int32)
    columns = len(table.languages)
    texts = np.full((2, columns, len(entries)), ABSENT, np.float32)
    line = (table.kind_of[rows] == ANSWER) * columns + table.language_of[rows]
    # numpy is several times as fast with one index as with three.
    cell = line * len(entries) + (np.cumsum(is_found) - 1)[entry_of]
    np.maximum.at(texts.reshape(-1), cell, found.scores[listed])
    floor = np.where(listed.any(axis=1), found.scores.min(axis=1, where=listed, initial=2.0), 0.0)
    return Closeness(entries, texts, floor.astype(np.float32))


def _floor(texts: FloatArray) -> FloatArray:
    known = texts > ABSENT
    floor: FloatArray = texts.min(axis=(0, 2), where=known, initial=2.0)
    floor[floor > 1.5] = 0.0
    return floor
