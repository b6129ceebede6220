"""Drafts into a table, long or wide: which cells change, whatever the table is kept in."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge_base.amending.draft import Draft, draft_cells
from knowledge_base.entry import Record
from knowledge_base.formats.table import column_of, suffixed


class Grid:
    """A table's heading, and the changes to its rows.

    Attributes:
        heading: With the columns that drafts need and it lacked.
        is_extended: Whether there are such columns.
        changed: New texts by row, as its location numbers it, and by column, from 0.
        added: New rows, by column.
    """

    def __init__(self, heading: Sequence[str], records: Sequence[Record]) -> None:
        """Take in a table.

        Args:
            heading: The names of its columns.
            records: What was read from it.
        """
        self.heading = list(heading)
        self.is_extended = False
        self.changed: dict[int, dict[int, str]] = {}
        self.added: list[dict[int, str]] = []
        named = [column for place, name in enumerate(heading) if (column := column_of(place, name))]
        self._columns = {(column.field, column.lang): column.position for column in named}
        self._is_wide = ("lang", None) not in self._columns
        self._records = {(record.id, record.lang): record for record in records}
        self._entries = {record.id: record for record in reversed(records)}

    def put(self, draft: Draft) -> None:
        """Change the cells of an older version, or those of its language; or add a row."""
        lang = draft.record.lang if self._is_wide else None
        texts = draft_cells(draft.record)
        there = self._records.get(draft.key)
        if lang is not None:
            there = there or self._entries.get(draft.record.id)
            texts = {
                name: text for name, text in texts.items() if self._is_own(name, lang, text, there)
            }
        cells = {self._position(name, lang): text for name, text in texts.items()}
        if there is None or there.location is None or there.location.line is None:
            self.added.append(cells)
            return
        # Of an older version, what the new one does not say is to go.
        old = {place: "" for (_, of), place in self._columns.items() if of == lang}
        self.changed.setdefault(there.location.line, {}).update({**old, **cells})

    def _is_own(self, name: str, lang: str, text: str, there: Record | None) -> bool:
        """Tell whether a wide row needs a cell for this, or says it for all languages already."""
        if name == "lang":
            return False
        shared, own = (name, None) in self._columns, (name, lang) in self._columns
        if there is None or own or not shared:
            return True
        return name != "id" and draft_cells(there).get(name, "") != text

    def _position(self, name: str, lang: str | None) -> int:
        of = None if name == "id" else lang
        if (name, of) not in self._columns:
            self._columns[name, of] = len(self.heading)
            self.heading.append(name if of is None else suffixed(name, of))
            self.is_extended = True
        return self._columns[name, of]
