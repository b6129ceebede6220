"""XLSX workbooks: tables on every sheet that has the columns of records."""

from __future__ import annotations

import io
import itertools
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import cast

from defusedxml import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from knowledge_base.entry import Location, Record
from knowledge_base.fields import Refused
from knowledge_base.formats import Layout
from knowledge_base.formats.table import Table, column_of, rows
from knowledge_base.formats.workbook_archive import (
    DAMAGED,
    damaged,
    forbidden_xml,
    refuse_bombs,
)
from knowledge_base.problems import Code, ContentError, Problem, Severity
from knowledge_base.reading import Reading

_MOST_CELL_CHARACTERS = 32_767
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FORMULA = (
    "cell {cell} holds a formula, not text; copy the column and paste it as values, or put an "
    "apostrophe before the ="
)
_ReadCell = ReadOnlyCell | EmptyCell | Cell | MergedCell


def read(data: bytes, reading: Reading) -> None:
    """Read the first sheet, and every other one that has a column `id`.

    Raises:
        ReadingStoppedError: It is no workbook or a hostile one, or a limit is reached.
    """
    refuse_bombs(data, reading)
    with warnings.catch_warnings():
        # The library warns of styles and extensions that it does not know, none of them text.
        warnings.simplefilter("ignore")
        _read_sheets(data, reading)


def _read_sheets(data: bytes, reading: Reading) -> None:
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except DefusedXmlException:
        raise forbidden_xml(reading) from None
    except DAMAGED as error:
        raise damaged(error, reading) from None
    for number, sheet in enumerate(cast("list[Worksheet]", workbook.worksheets)):
        lines = _rows(sheet, reading)
        heading = next(lines, None)
        if heading is None:
            continue
        line, names = heading
        texts = [name if isinstance(name, str) else "" for name in names]
        if number and not any(getattr(column_of(0, name), "field", "") == "id" for name in texts):
            reading.report(
                Problem(
                    Severity.INFO,
                    Code.SKIPPED_FILE,
                    "the sheet has no column id and is left out",
                    Location(reading.file, line, sheet.title),
                )
            )
            continue
        table = Table(texts, reading, line, sheet.title)
        for row_number, row in lines:
            table.add(row, row_number)


def _rows(sheet: Worksheet, reading: Reading) -> Iterator[tuple[int, list[object]]]:
    """Give each row that holds anything, with its number."""
    limits = reading.limits
    # What the sheet states about its size is not to be trusted: rows would be filled up to it.
    cast("ReadOnlyWorksheet", sheet).reset_dimensions()
    cells = sheet.iter_rows(max_row=limits.records + 2)
    for number in itertools.count(1):
        try:
            row = next(cells)
        except StopIteration:
            return
        except DefusedXmlException:
            raise forbidden_xml(reading) from None
        except DAMAGED as error:
            raise damaged(error, reading) from None
        if number > limits.records + 1:
            message = f"there are more than {limits.records} rows; split the workbook"
        elif len(row) > limits.columns:
            message = f"there are more than {limits.columns} columns; delete the empty ones, too"
        else:
            values = [None if cell.value is None else _value(cell) for cell in row]
            if any(value is not None for value in values):
                yield number, values
            continue
        location = Location(reading.file, number, sheet.title)
        reading.report(Problem(Severity.ERROR, Code.TOO_MANY, message, location))
        raise reading.given_up()


def _value(cell: _ReadCell) -> object:
    value = cell.value
    if value is None or isinstance(cell, EmptyCell | MergedCell):
        return None
    if cell.data_type == "f":
        return Refused(Code.FORMULA, _FORMULA.format(cell=cell.coordinate))
    if cell.data_type == "e":
        message = (
            f"cell {cell.coordinate} shows the error {str(value)[:20]!r}; put the text in its place"
        )
        return Refused(Code.FORMULA, message)
    if isinstance(value, str) and "_x" in value:
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return value


def write(records: Sequence[Record], layout: Layout) -> bytes:
    """Write one sheet, every cell as text.

    Raises:
        ContentError: A cell would be longer than a workbook can hold.
    """
    table = [
        [escaped_cell(text, row[0]) for text in row] for row in rows(records, wide=layout.wide)
    ]
    workbook = Workbook(write_only=True)
    sheet = cast("WriteOnlyWorksheet", workbook.create_sheet("entries"))
    for row in table:
        sheet.append([_cell(sheet, text) if text else None for text in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def escaped_cell(text: str, entry_id: str) -> str:
    """Keep what looks like an escaped character from being taken for one.

    Raises:
        ContentError: The text is longer than a cell can be.
    """
    kept = _ESCAPED.sub(lambda found: f"_x005F{found.group()}", text)
    if len(kept) > _MOST_CELL_CHARACTERS:
        message = (
            f"a text of {len(kept)} characters does not fit a workbook's cell, which holds "
            f"{_MOST_CELL_CHARACTERS}; shorten it or use another format"
        )
        raise ContentError([Problem(Severity.ERROR, Code.TOO_LONG, message, entry_id=entry_id)])
    return kept


def _cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    # Whatever looks like a formula, a number or an error is a text here.
    cell.data_type = "s"
    return cell
