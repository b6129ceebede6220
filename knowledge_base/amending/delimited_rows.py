"""Drafts into CSV and TSV: rows that do not change stay as they are, to the last byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from knowledge_base.amending.draft import Draft
from knowledge_base.amending.grid import Grid
from knowledge_base.amending.text_form import opened
from knowledge_base.entry import Record
from knowledge_base.formats.delimited import as_cell, is_heading, lines_of, separator_of


def amended(data: bytes, records: Sequence[Record], drafts: Sequence[Draft], *, file: str) -> bytes:
    """Add rows or fill cells.

    Args:
        data: The file.
        records: What was read from it.
        drafts: What to put into it.
        file: Its name, which says what usually separates its cells.
    """
    text, form = opened(data)
    separator = separator_of(text, file)
    lines = list(lines_of(text))
    source = csv.reader(iter(lines), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    for row in source:
        rows.append((line, row))
        line = source.line_num + 1
    ends = [start - 1 for start, _ in rows[1:]] + [len(lines)]
    heading = next(place for place, (_, row) in enumerate(rows) if is_heading(row))
    grid = Grid(rows[heading][1], records)
    for draft in drafts:
        grid.put(draft)

    def written(cells: Sequence[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=separator, lineterminator=form.newline).writerow(cells)
        return out.getvalue()

    parts = []
    for place, ((start, row), end) in enumerate(zip(rows, ends, strict=True)):
        if place == heading and grid.is_extended:
            parts.append(written(grid.heading))
        elif start in grid.changed:
            parts.append(written(_filled(row, grid.changed[start])))
        else:
            parts.append("".join(lines[start - 1 : end]))
    if not parts[-1].endswith(("\n", "\r")):
        parts.append(form.newline)
    parts += [written(_filled([], cells)) for cells in grid.added]
    return form.encoded("".join(parts))


def _filled(row: Sequence[str], cells: Mapping[int, str]) -> list[str]:
    width = max(len(row), *(place + 1 for place in cells))
    filled = [*row, *[""] * (width - len(row))]
    for place, text in cells.items():
        filled[place] = as_cell(text)
    return filled
