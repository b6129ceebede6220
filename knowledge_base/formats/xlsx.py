"""XLSX workbooks: tables on every sheet that has the columns of records."""

from __future__ import annotations

import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import cast
from zlib import error as ZlibError  # noqa: N812 an exception, named as one

from defusedxml import DefusedXmlException
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from knowledge_base.entry import Location, Record
from knowledge_base.fields import Refused
from knowledge_base.formats import Layout
from knowledge_base.formats.table import Table, column_of, rows
from knowledge_base.problems import Code, ContentError, Problem, Severity
from knowledge_base.reading import Reading, ReadingStoppedError

_MOST_CELL_CHARACTERS = 32_767
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ALWAYS_SMALL = 1024 * 1024
_SCANNED_AT_ONCE = 1024 * 1024
_TABLE_PARTS = ("xl/worksheets/", "xl/sharedStrings")
_MOST_OTHER_XML_BYTES = 4 * 1024 * 1024
_FORMULA = (
    "cell {cell} holds a formula, not text; copy the column and paste it as values, or put an "
    "apostrophe before the ="
)
_DAMAGED = (
    zipfile.BadZipFile, InvalidFileException, ZlibError, EOFError, KeyError, ValueError, TypeError,
    IndexError, AttributeError, SyntaxError, NotImplementedError, OSError, RuntimeError,
)  # fmt: skip


_ReadCell = ReadOnlyCell | EmptyCell | Cell | MergedCell


def read(data: bytes, reading: Reading) -> None:
    """Read the first sheet, and every other one that has a column `id`.

    Raises:
        ReadingStoppedError: It is no workbook or a hostile one, or a limit is reached.
    """
    _refuse_bombs(data, reading)
    with warnings.catch_warnings():
        # The library warns of styles and extensions that it does not know, none of them text.
        warnings.simplefilter("ignore")
        _read_sheets(data, reading)


def _read_sheets(data: bytes, reading: Reading) -> None:
    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except DefusedXmlException:
        raise _forbidden_xml(reading) from None
    except _DAMAGED as error:
        raise _damaged(error, reading) from None
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


def _refuse_bombs(data: bytes, reading: Reading) -> None:
    """Look at the archive's directory before anything is decompressed.

    A member cannot expand beyond the size stated there: the library stops at it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                _refuse_member(member, reading)
            expanded = sum(member.file_size for member in archive.infolist())
            if expanded > reading.limits.expanded_bytes:
                raise reading.stop(
                    Code.TOO_LARGE,
                    f"the workbook would take {expanded} bytes decompressed, more than "
                    f"{reading.limits.expanded_bytes}; split it",
                )
            _scan_markup(archive, reading)
    except _DAMAGED as error:
        raise _damaged(error, reading) from None


def _refuse_member(member: zipfile.ZipInfo, reading: Reading) -> None:
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
        raise reading.stop(
            Code.UNSAFE_PATH,
            f"the workbook has a part {name[:80]!r}, which points out of it; save it anew from a "
            "spreadsheet program",
        )
    if member.flag_bits & 1:
        raise reading.stop(
            Code.UNREADABLE_FILE, "the workbook is encrypted; save it without a password"
        )
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > _ALWAYS_SMALL and ratio > reading.limits.expansion_ratio:
        raise reading.stop(
            Code.TOO_LARGE,
            f"the part {name[:80]!r} would grow {ratio:.0f} times when decompressed, more than "
            f"{reading.limits.expansion_ratio}; save only the cells with text",
        )


def _scan_markup(archive: zipfile.ZipFile, reading: Reading) -> None:
    """Look through the XML, piece by piece, for what would be costly to take apart."""
    limits = reading.limits
    tags = 0
    for member in archive.infolist():
        name = member.filename
        if not name.lower().endswith((".xml", ".rels")):
            continue
        if not name.startswith(_TABLE_PARTS) and member.file_size > _MOST_OTHER_XML_BYTES:
            raise reading.stop(
                Code.TOO_LARGE,
                f"the part {name[:80]!r} has {member.file_size} bytes decompressed, more than "
                f"{_MOST_OTHER_XML_BYTES}; copy the cells into a new workbook",
            )
        tail = b""
        with archive.open(member) as part:
            while piece := part.read(_SCANNED_AT_ONCE):
                tags += piece.count(b"<")
                if b"<!DOCTYPE" in tail + piece:
                    raise _forbidden_xml(reading)
                if tags > limits.workbook_tags:
                    raise reading.stop(
                        Code.TOO_LARGE,
                        f"the workbook has more than {limits.workbook_tags} XML tags; split it, "
                        "or save it as CSV",
                    )
                tail = piece[-16:]


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
            raise _forbidden_xml(reading) from None
        except _DAMAGED as error:
            raise _damaged(error, reading) from None
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


def _forbidden_xml(reading: Reading) -> ReadingStoppedError:
    return reading.stop(
        Code.FORBIDDEN_SYNTAX,
        "the workbook declares XML entities, which no spreadsheet program does; save it anew",
    )


def _damaged(error: Exception, reading: Reading) -> ReadingStoppedError:
    return reading.stop(
        Code.UNREADABLE_FILE,
        f"this is no XLSX workbook, or a damaged one ({type(error).__name__}); save it anew as "
        ".xlsx",
    )


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
