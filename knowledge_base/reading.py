"""One file being read: the records and problems found so far, within the limits."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

from knowledge_base import texts
from knowledge_base.entry import Location, Record
from knowledge_base.fields import FIELD_SET, is_field, nearest_field
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, KnowledgeBaseError, Problem, Severity
from knowledge_base.record_rules import build_record

_WIDE_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE_AS = "save the file as UTF-8 (in a spreadsheet program: “CSV UTF-8”)"


class ReadingStoppedError(KnowledgeBaseError):
    """The rest of a file cannot be read; the reason stands among its problems."""


class Reading:
    """Collects what a format's reader finds in one file.

    Attributes:
        file: The file as the editor named it.
        relative: Its path from the folder being read, without suffix: a hint where a format
            leaves the entry's key or language to the file's name.
        limits: Bounds on what is accepted.
        records: The records found, in the order of the file.
        problems: Everything found wrong, in the order of the file.
    """

    def __init__(
        self, file: str, limits: Limits, *, relative: str = "", room: int | None = None
    ) -> None:
        self.file = file
        self.relative = relative
        self.limits = limits
        self.records: list[Record] = []
        self.problems: list[Problem] = []
        self._room = limits.records if room is None else room
        self._unknown: set[str] = set()

    def add(self, values: Mapping[str, object], line: int | None, sheet: str | None = None) -> None:
        """Take in one record's values, by field name; report faults and unknown names.

        Raises:
            ReadingStoppedError: A limit on records or problems is reached.
        """
        location = Location(self.file, line, sheet)
        if not values.keys() <= FIELD_SET:
            for name in values:
                if not is_field(name):
                    self.unknown_field(name, location)
        record, problems = build_record(values, location, self.limits)
        for problem in problems:
            self.report(problem)
        if record is None:
            return
        if len(self.records) >= self._room:
            raise self.stop(
                Code.TOO_MANY,
                f"there are more than {self.limits.records} records; split the knowledge base",
                line,
            )
        self.records.append(record)

    def unknown_field(self, name: str, location: Location) -> None:
        """Warn, once per file, that a column or key is none of ours and was left out."""
        if name in self._unknown:
            return
        self._unknown.add(name)
        near = nearest_field(name)
        hint = f"did you mean {near}?" if near else "to keep it, call it metadata.KEY"
        self.report(
            Problem(
                Severity.WARNING,
                Code.UNKNOWN_FIELD,
                f"{name[:80]!r} is not a known field and is left out; {hint}",
                location,
                field=texts.shown(name),
            )
        )

    def report(self, problem: Problem) -> None:
        """Note a problem.

        Raises:
            ReadingStoppedError: There are more problems than one would want to read.
        """
        if len(self.problems) >= self.limits.problems:
            self.problems.append(
                Problem(
                    Severity.ERROR,
                    Code.TOO_MANY,
                    f"the file has more than {self.limits.problems} problems and the rest of it "
                    "was not read; mend these first",
                    problem.location,
                )
            )
            raise ReadingStoppedError(f"{self.file}: too many problems")
        self.problems.append(problem)

    def error(self, code: Code, message: str, line: int | None = None) -> None:
        """Note an error at a line of the file."""
        self.report(Problem(Severity.ERROR, code, message, self.at(line)))

    def at(self, line: int | None) -> Location:
        """Name a line of the file."""
        return Location(self.file, line)

    def stop(self, code: Code, message: str, line: int | None = None) -> ReadingStoppedError:
        """Note an error after which reading cannot go on, and give the exception to raise."""
        self.error(code, message, line)
        return self.given_up()

    def given_up(self) -> ReadingStoppedError:
        """Give the exception to raise once the reason has been reported."""
        return ReadingStoppedError(f"{self.file}: the rest was not read")

    def decode(self, data: bytes) -> str:
        """Decode UTF-8, with or without byte order mark, or UTF-16 with one.

        Raises:
            ReadingStoppedError: The bytes are neither, or there are too many lines.
        """
        encoding = "utf-8"
        for mark, marked in _WIDE_ENCODINGS:
            if data.startswith(mark):
                encoding = marked
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            looks_wide = data[:200].count(0) > len(data[:200]) // 4
            guess = " It looks like UTF-16 without a byte order mark." if looks_wide else ""
            raise self.stop(
                Code.ENCODING,
                f"byte 0x{data[error.start]:02X} at offset {error.start} is not {encoding.upper()};"
                f" {_SAVE_AS}.{guess}",
                line,
            ) from None
        if text.count("\n") > self.limits.lines:
            raise self.stop(
                Code.TOO_MANY, f"the file has more than {self.limits.lines} lines; split it"
            )
        return text.removeprefix("\ufeff")
