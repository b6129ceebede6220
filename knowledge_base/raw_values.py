"""The values of one record as a file holds them, taken apart with every fault noted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from knowledge_base import texts
from knowledge_base.entry import Location
from knowledge_base.fields import Refused, scalar_text
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, Problem, Severity

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_Choice = TypeVar("_Choice", bound=StrEnum)


class RawValues:
    """A record's values by field name, and what is wrong with them.

    Attributes:
        values: As the file holds them.
        location: Where they were read.
        limits: Bounds on each field.
        problems: Every fault found so far.
        entry_id: The entry's key once it is known, to be named with later faults.
        lang: The language once it is known, likewise.
    """

    __slots__ = ("entry_id", "lang", "limits", "location", "problems", "values")

    def __init__(self, values: Mapping[str, object], location: Location, limits: Limits) -> None:
        self.values = values
        self.location = location
        self.limits = limits
        self.problems: list[Problem] = []
        self.entry_id: str | None = None
        self.lang: str | None = None

    def fail(self, code: Code, field: str, message: str) -> None:
        """Note what is wrong with a field."""
        self.problems.append(
            Problem(
                Severity.ERROR,
                code,
                message,
                self.location,
                entry_id=self.entry_id or None,
                lang=self.lang or None,
                field=field,
            )
        )

    def text(self, value: object, field: str) -> str:
        """Give a value as text, empty if it is absent or at fault."""
        if value is None:
            return ""
        if isinstance(value, Refused):
            self.fail(value.code, field, f"{field}: {value.message}")
            return ""
        text = scalar_text(value)
        if text is None:
            kind = "a mapping" if isinstance(value, Mapping) else "a list"
            self.fail(Code.INVALID_FIELD, field, f"{field} is {kind}; write it as text")
            return ""
        bad = texts.forbidden_character(text)
        if bad is not None:
            self.fail(
                Code.CONTROL_CHARACTER,
                field,
                f"{field} holds the control character {bad}; delete it",
            )
            return ""
        return text

    def bounded(self, text: str, field: str, limit: int) -> str:
        """Give the text, or nothing if it is longer than the limit."""
        if len(text) <= limit:
            return text
        self.fail(
            Code.TOO_LONG,
            field,
            f"{field} has {len(text)} characters, more than {limit}; shorten it",
        )
        return ""

    def folded(self, value: object, field: str) -> str:
        """Give a value as one line, of any length."""
        if value is None:
            return ""
        if type(value) is str and texts.is_clean_line(value):
            return value
        return texts.one_line(self.text(value, field))

    def line(self, field: str, limit: int) -> str:
        """Give a field as one line, empty if it is absent or at fault."""
        return self.bounded(self.folded(self.values.get(field), field), field, limit)

    def items(self, field: str, separator: str, most: int, longest: int) -> tuple[str, ...]:
        """Give a list field, its items once each; text is cut at the separator, a pattern."""
        value = self.values.get(field)
        if value is None:
            return ()
        items = self._split(value, field, separator)
        if len(items) > most:
            self.fail(
                Code.TOO_MANY, field, f"{field} has {len(items)} items, more than {most}; drop some"
            )
            return ()
        return tuple(dict.fromkeys([self.bounded(item, field, longest) for item in items]))

    def _split(self, value: object, field: str, separator: str) -> list[str]:
        if isinstance(value, Sequence) and not isinstance(value, str):
            lines = [self.folded(item, field) for item in value]
            for line in lines:
                if "," in line and "," in separator:
                    self.fail(
                        Code.INVALID_FIELD,
                        field,
                        f"{field}: {line[:80]!r} holds a comma; make it two items",
                    )
        else:
            text = texts.with_line_feeds(self.text(value, field))
            parts = re.split(separator, text) if len(separator) > 1 else text.split(separator)
            lines = [part if texts.is_clean_line(part) else texts.one_line(part) for part in parts]
        return [line for line in lines if line]

    def day(self, field: str) -> date | None:
        """Give a field as a date, None if it is absent or at fault."""
        value = self.values.get(field)
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        text = self.folded(value, field)
        if not text:
            return None
        try:
            return date.fromisoformat(text if _DATE.fullmatch(text) else "")
        except ValueError:
            self.fail(
                Code.INVALID_FIELD,
                field,
                f"{text[:80]!r} is not a date; write it as YYYY-MM-DD, such as 2026-12-31",
            )
            return None

    def choice(self, field: str, choices: type[_Choice]) -> _Choice | None:
        """Give a field as one of the choices, None if it is absent or at fault."""
        text = self.folded(self.values.get(field), field).casefold()
        if not text:
            return None
        try:
            return choices(text)
        except ValueError:
            allowed = ", ".join(choices)
            self.fail(
                Code.INVALID_FIELD, field, f"{text[:80]!r} is no {field}; write one of: {allowed}"
            )
            return None
