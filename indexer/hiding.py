"""Asking an index as if some of its passages were not there.

So that an indexed phrasing can be asked as if it were new: by that an index learns how sure it may
be, and by that is measured what it would find.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.entry_table import ANSWER, QUESTION, BoolArray, EntryTable, IntArray
from indexer.learnt import Learnt
from indexer.query import FloatArray


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a search shall not see.

    Attributes:
        rows: Shape (passages,); True for those that are not there.
        learnt: From what is there; None to take the hidden phrasings out of what the index has
            learnt, which is about the same and costs next to nothing.
    """

    rows: BoolArray
    learnt: Learnt | None = None


class Hiding:
    """Knows what an index has left where some of it is hidden.

    Args:
        table: The entries and their passages.
        learnt: From all phrasings.
        vectors_of: Gives the debiased vectors of passages, shape (m, dimension), by their m rows.
    """

    def __init__(
        self,
        table: EntryTable,
        learnt: Learnt,
        vectors_of: Callable[[Sequence[int]], FloatArray],
    ) -> None:
        self._table = table
        self._learnt = learnt
        self._vectors_of = vectors_of

    def learning_again(self, rows: BoolArray) -> Hidden:
        """Hide passages, and learn from the phrasings that are left.

        Args:
            rows: Shape (passages,); True for those to hide; the answers under hidden questions,
                which carry their words, are hidden too.
        """
        table = self._table
        rows = table.with_answers(rows)
        left = np.flatnonzero(~rows & (table.kind_of != ANSWER))
        vectors = self._vectors_of(left.tolist())
        return Hidden(rows, Learnt.fit(vectors, table.entry_of[left], len(table.facts)))

    def texts_left(self, hidden: Hidden) -> BoolArray:
        """Tell which languages each entry has a text in that is not hidden.

        Returns:
            Shape (entries, languages).
        """
        table = self._table
        touched = np.zeros(len(table.facts), np.bool_)
        touched[table.entry_of[hidden.rows]] = True
        rows = np.flatnonzero(touched[table.entry_of] & ~hidden.rows)
        left = table.has_text & ~touched[:, None]
        left[table.entry_of[rows], table.language_of[rows]] = True
        return left

    def left_out(self, hidden: Hidden, entries: IntArray) -> tuple[FloatArray, FloatArray]:
        """Sum the hidden phrasings of entries, as centroids and the classifier want them.

        Args:
            hidden: What is not there.
            entries: Numbers of the entries, shape (m,).

        Returns:
            The sums, and the sums of each times its pull; both of shape (m, dimension).
        """
        place_of = {entry: at for at, entry in enumerate(entries.tolist())}
        alike = np.zeros((len(entries), len(self._learnt.origin)), np.float32)
        pulled = np.zeros_like(alike)
        is_phrasing = self._table.kind_of != ANSWER
        number_of = np.cumsum(is_phrasing) - 1
        rows = np.flatnonzero(hidden.rows & is_phrasing).tolist()
        rows = [row for row in rows if int(self._table.entry_of[row]) in place_of]
        for row, vector in zip(rows, self._vectors_of(rows), strict=True):
            at = place_of[int(self._table.entry_of[row])]
            centred = self._learnt.centred(vector)
            alike[at] += centred
            pulled[at] += self._learnt.classifier.pulls[number_of[row]] * centred
        return alike, pulled

    def documents(self, visible: BoolArray) -> BoolArray:
        """Tell which texts lexical search shall not see: questions and alternates, then records.

        A record is searched as a whole: it goes with its question.

        Args:
            visible: Shape (passages,); False for those that are not to be seen.
        """
        table, hidden = self._table, ~visible
        record_of = np.cumsum(table.starts_record) - 1
        records = np.zeros(int(record_of[-1]) + 1, np.bool_)
        records[record_of[hidden & (table.kind_of == QUESTION)]] = True
        return np.concatenate([hidden[table.kind_of != ANSWER], records])
