"""Drafts into XLSX workbooks: other sheets, widths and styles stay."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from knowledge_base.amending.draft import Draft
from knowledge_base.amending.grid import Grid
from knowledge_base.entry import Record
from knowledge_base.formats.xlsx import escaped_cell


def amended(data: bytes, records: Sequence[Record], drafts: Sequence[Draft]) -> bytes:
    """Add rows or fill cells, on the sheet that has the older version, the source or the first.

    Raises:
        ContentError: A text does not fit a cell.
    """
    with warnings.catch_warnings():
        # The library warns of styles and extensions that it does not know, none of them text.
        warnings.simplefilter("ignore")
        workbook = load_workbook(io.BytesIO(data))
        sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        by_sheet: dict[str, list[Draft]] = {}
        for draft in drafts:
            name = _sheet_of(draft, records) or workbook.worksheets[0].title
            by_sheet.setdefault(name, []).append(draft)
        for name, own in by_sheet.items():
            there = [each for each in records if each.location and each.location.sheet == name]
            _amend(sheets[name], there, own)
        out = io.BytesIO()
        workbook.save(out)
    return out.getvalue()


def _sheet_of(draft: Draft, records: Sequence[Record]) -> str | None:
    """Find the sheet with the draft's older version, else with the entry, else with any."""
    ranked = sorted(
        records, key=lambda each: ((each.id, each.lang) != draft.key, each.id != draft.record.id)
    )
    place = ranked[0].location if ranked else None
    return None if place is None else place.sheet


def _amend(sheet: Worksheet, records: Sequence[Record], drafts: Sequence[Draft]) -> None:
    number, heading = next(
        (number, row)
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1)
        if any(cell is not None for cell in row)
    )
    names = ["" if name is None else str(name) for name in heading]
    while names and not names[-1]:
        names.pop()
    grid = Grid(names, records)
    for draft in drafts:
        grid.put(draft)
    for place in range(len(names), len(grid.heading)):
        _set(sheet, number, place, grid.heading[place], "")
    for row, cells in grid.changed.items():
        _fill(sheet, row, cells)
    for offset, cells in enumerate(grid.added, sheet.max_row + 1):
        _fill(sheet, offset, cells)


def _fill(sheet: Worksheet, row: int, cells: Mapping[int, str]) -> None:
    for place, text in cells.items():
        _set(sheet, row, place, text, cells.get(0, ""))


def _set(sheet: Worksheet, row: int, place: int, text: str, entry_id: str) -> None:
    cell = sheet.cell(row, place + 1)
    cell.value = escaped_cell(text, entry_id) if text else None
    if text:
        # Whatever looks like a formula, a number or an error is a text here.
        cell.data_type = "s"
