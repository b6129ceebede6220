"""Tables of records: a row for each record (long), or a row for each entry (wide)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.entry import Location, Record
from knowledge_base.fields import FIELDS, METADATA_PREFIX
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.problems import Code, ContentError, Problem, Severity
from knowledge_base.reading import Reading
from knowledge_base.record_values import cells

_PER_ENTRY = frozenset({"id", "lang"})
_NAMES = frozenset(FIELDS) - {"metadata"}
_SUFFIXED = re.compile(
    f"({'|'.join(sorted(_NAMES - _PER_ENTRY, key=len, reverse=True))})_([a-z0-9_-]+)", re.IGNORECASE
)
_METADATA = re.compile(r"metadata(?:_([a-z0-9_-]+))?\.(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds a field.

    Attributes:
        position: Its place in each row, from 0.
        field: The field's name.
        lang: The language it is for in a wide table; None if for all.
    """

    position: int
    field: str
    lang: str | None


class Table:
    """Turns the rows under a heading into records."""

    def __init__(
        self, heading: Sequence[str], reading: Reading, line: int, sheet: str | None = None
    ) -> None:
        """Take in the heading.

        Raises:
            ReadingStoppedError: The heading lacks a column that every record needs, or has one
                twice.
        """
        self._reading = reading
        self._sheet = sheet
        self._width = len(heading)
        location = Location(reading.file, line, sheet)
        columns: list[Column] = []
        for position, name in enumerate(heading):
            column = column_of(position, name)
            if column is not None:
                columns.append(column)
            elif name.strip():
                reading.unknown_field(name.strip(), location)
        self._refuse_repeated(columns, heading, line)
        self._unnamed = [place for place, name in enumerate(heading) if not name.strip()]
        self._shared = [column for column in columns if column.lang is None]
        self._by_language: dict[str, list[Column]] = {}
        for column in columns:
            if column.lang is not None:
                self._by_language.setdefault(column.lang, []).append(column)
        self._wide = bool(self._by_language) and all(c.field != "lang" for c in columns)
        self._refuse_incomplete(line)

    def add(self, row: Sequence[object], line: int) -> None:
        """Take in a row of cells; a row of nothing is passed over.

        Raises:
            ReadingStoppedError: A limit on records or problems is reached.
        """
        beyond = [cell for cell in row[self._width :] if cell not in {None, ""}]
        beyond += [row[place] for place in self._unnamed if place < len(row) and row[place]]
        if beyond:
            self._error(
                Code.SYNTAX,
                f"{str(beyond[0])[:40]!r} stands in a column without a heading; is a cell with a "
                "separator in it not in quotes, or a heading missing?",
                line,
            )
            return
        shared = _values(self._shared, row)
        if not self._wide:
            if shared:
                self._reading.add(shared, line, self._sheet)
            return
        empty = True
        for lang, columns in self._by_language.items():
            own = _values(columns, row)
            if own:
                empty = False
                self._reading.add({**shared, "lang": lang, **own}, line, self._sheet)
        if empty and shared:
            self._error(Code.MISSING_FIELD, "the row has no text in any language; add one", line)

    def _refuse_repeated(
        self, columns: Sequence[Column], heading: Sequence[str], line: int
    ) -> None:
        seen: set[tuple[str, str | None]] = set()
        for column in columns:
            key = (column.field, column.lang)
            if key in seen:
                name = heading[column.position].strip()
                self._error(
                    Code.SYNTAX, f"there are two columns {name[:80]!r}; rename or drop one", line
                )
                raise self._reading.given_up()
            seen.add(key)

    def _refuse_incomplete(self, line: int) -> None:
        present = {column.field for column in self._shared}
        if self._wide:
            missing = [] if "id" in present else ["id"]
            for lang, columns in self._by_language.items():
                own = {column.field for column in columns}
                missing += [f"{name}_{lang}" for name in ("question", "answer") if name not in own]
        else:
            missing = [name for name in ("id", "lang", "question", "answer") if name not in present]
            missing += [
                f"(no lang column beside {columns[0].field}_{lang})"
                for lang, columns in self._by_language.items()
            ]
        if missing:
            self._error(
                Code.MISSING_FIELD,
                f"the heading lacks {', '.join(missing)}; a table has the columns id, lang, "
                "question and answer, or id, question_en, answer_en and so on for each language",
                line,
            )
            raise self._reading.given_up()

    def _error(self, code: Code, message: str, line: int) -> None:
        location = Location(self._reading.file, line, self._sheet)
        self._reading.report(Problem(Severity.ERROR, code, message, location))


def column_of(position: int, name: str) -> Column | None:
    """Tell which field a heading names, None if it names none."""
    name = name.strip()
    lowered = name.casefold()
    if lowered in _NAMES:
        return Column(position, lowered, None)
    metadata = _METADATA.fullmatch(name)
    of_language = _SUFFIXED.fullmatch(name)
    if metadata is not None:
        field, tag = f"{METADATA_PREFIX}{metadata[2]}", metadata[1]
    elif of_language is not None:
        field, tag = of_language[1].lower(), of_language[2]
    else:
        return None
    try:
        return Column(position, field, None if tag is None else canonical_tag(tag))
    except LanguageTagError:
        return None


def _values(columns: Iterable[Column], row: Sequence[object]) -> dict[str, object]:
    width = len(row)
    return {
        column.field: row[column.position]
        for column in columns
        if column.position < width and row[column.position] not in {None, ""}
    }


def rows(records: Sequence[Record], *, wide: bool) -> list[list[str]]:
    """Lay records out as a heading and rows of cells, with the columns that they use.

    Raises:
        ContentError: In a wide table, an entry has several texts in a language.
    """
    filled = [cells(record) for record in records]
    names = {name for row in filled for name in row}
    order = [name for name in FIELDS if name in names] or ["id", "lang", "question", "answer"]
    order += sorted(names - set(FIELDS))
    if wide and records:
        return _wide_rows(records, filled, [name for name in order if name not in _PER_ENTRY])
    return [order, *([row.get(name, "") for name in order] for row in filled)]


def _wide_rows(
    records: Sequence[Record], filled: Sequence[dict[str, str]], names: Sequence[str]
) -> list[list[str]]:
    entries: dict[str, dict[str, dict[str, str]]] = {}
    for record, row in zip(records, filled, strict=True):
        by_language = entries.setdefault(record.id, {})
        if record.lang in by_language:
            message = "the entry has several texts in this language; delete all but one"
            problem = Problem(
                Severity.ERROR,
                Code.DUPLICATE_ENTRY,
                message,
                record.location,
                record.id,
                record.lang,
            )
            raise ContentError([problem])
        by_language[record.lang] = row
    languages = list(dict.fromkeys(record.lang for record in records))
    shared = [
        name
        for name in names
        if name not in {"question", "answer"}
        and all(
            len({row.get(name, "") for row in by_language.values()}) == 1
            for by_language in entries.values()
        )
    ]
    own = [name for name in names if name not in shared]
    heading = ["id", *shared, *(suffixed(name, lang) for lang in languages for name in own)]
    table = [heading]
    for entry_id, by_language in entries.items():
        first = next(iter(by_language.values()))
        texts = [by_language.get(lang, {}).get(name, "") for lang in languages for name in own]
        table.append([entry_id, *(first.get(name, "") for name in shared), *texts])
    return table


def suffixed(name: str, lang: str) -> str:
    """Name the column that holds a field for one language."""
    if name.startswith(METADATA_PREFIX):
        return f"metadata_{lang}.{name.removeprefix(METADATA_PREFIX)}"
    return f"{name}_{lang}"
