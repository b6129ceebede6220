"""CSV and TSV: comma, semicolon or tab, told by the heading; quotes as spreadsheets write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from knowledge_base.entry import Record
from knowledge_base.formats import Layout
from knowledge_base.formats.table import Table, column_of, rows
from knowledge_base.problems import Code
from knowledge_base.reading import Reading

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SEPARATORS = (",", ";", "\t")
_DECLARATION = "sep="
_DECLARED = re.compile(_DECLARATION + r"(.)\r?\n?", re.IGNORECASE)
# A spreadsheet program would compute such a cell. An apostrophe before it keeps it text, and is
# taken off on reading, so that the value comes back as it was.
_COMPUTED = re.compile(r"'*[=+@-]")
_KEPT_TEXT = re.compile(r"'+[=+@-]")


def read(data: bytes, reading: Reading) -> None:
    """Read a table; a row that is at fault does not stop the next.

    Raises:
        ReadingStoppedError: The heading cannot be used, or a limit is reached.
    """
    text = reading.decode(data)
    # The library keeps its bound for all of the process; one that is larger than any record is
    # right for any other reader here, too.
    csv.field_size_limit(reading.limits.record_characters)
    source = csv.reader(lines_of(text), delimiter=separator_of(text, reading.file), strict=True)
    table: Table | None = None
    for line, row in _rows(source, reading):
        if len(row) > reading.limits.columns:
            raise reading.stop(
                Code.TOO_MANY,
                f"there are more than {reading.limits.columns} columns; drop the empty ones",
                line,
            )
        if table is not None:
            table.add(row, line)
        elif is_heading(row):
            table = Table(row, reading, line)


def lines_of(text: str) -> Iterator[str]:
    """Cut a text into lines as tables have them, each with its end."""
    return (found.group() for found in _LINE.finditer(text))


def _rows(source: Iterator[list[str]], reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Give each row with the line it begins at, reporting those that are no rows."""
    while True:
        line = source.line_num + 1  # type: ignore[attr-defined] # a csv.reader has it
        try:
            row = next(source)
        except StopIteration:
            return
        except csv.Error as error:
            reading.error(
                Code.SYNTAX,
                f"the row that begins here cannot be read: {error}; a quotation mark within a "
                "quoted cell is written twice, and the cell is closed by one",
                line,
            )
        else:
            yield line, [_as_text(cell) for cell in row]


def is_heading(row: Sequence[str]) -> bool:
    """Tell whether a row is the first that says anything; `sep=` above it does not."""
    return any(cell.strip() for cell in row) and "".join(row).lower() != _DECLARATION


def as_cell(text: str) -> str:
    """Write a text so that no spreadsheet program computes it."""
    return f"'{text}" if _COMPUTED.match(text) else text


def _as_text(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _KEPT_TEXT.match(cell) else cell


def separator_of(text: str, file: str) -> str:
    """Tell what stands between cells, by the heading."""
    lines = lines_of(text)
    first = next((line for line in lines if line.strip()), "")
    declared = _DECLARED.fullmatch(first)
    if declared is not None:
        return declared[1]
    usual = "\t" if file.lower().endswith(".tsv") else ","
    return max(_SEPARATORS, key=lambda each: (_known_names(first, each), each == usual))


def _known_names(heading: str, separator: str) -> int:
    names = (name.strip().strip('"') for name in heading[:10_000].split(separator))
    return sum(column_of(0, name) is not None for name in names)


def write(records: Sequence[Record], layout: Layout) -> bytes:
    """Write a table, with tabs if the suffix is `.tsv`, else with commas."""
    out = io.StringIO()
    separator = "\t" if layout.suffix == ".tsv" else ","
    table = csv.writer(out, delimiter=separator, lineterminator="\n")
    for row in rows(records, wide=layout.wide):
        table.writerow([as_cell(cell) for cell in row])
    return out.getvalue().encode()
