"""From the values a file holds to a record: the rules of every field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from knowledge_base import texts
from knowledge_base.entry import Location, Origin, Record, Status, default_status
from knowledge_base.fields import METADATA_PREFIX, Refused, scalar_text
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, Problem, Severity

_REQUIRED = ("id", "lang", "question", "answer")
_REQUIRED_SET = frozenset(_REQUIRED)
_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_METADATA_KEY = re.compile(r"\w[\w.-]*")
_URL = re.compile(r"(?:https?://[^\s/]|/(?!/)|mailto:|tel:)\S*", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SOURCE_HASH = re.compile(r"[0-9a-f]{16}")
_NO_METADATA: Mapping[str, str] = MappingProxyType({})

_Choice = TypeVar("_Choice", bound=StrEnum)


def build_record(
    values: Mapping[str, object], location: Location, limits: Limits
) -> tuple[Record | None, list[Problem]]:
    """Check a record's values and bring them into their canonical form.

    Args:
        values: By field name; a metadata value stands under `metadata.KEY` or in a mapping under
            `metadata`. Lists may be given as lists or as the text of a cell. Names that are no
            fields are ignored here.
        location: Where the values were read.
        limits: Bounds on each field.

    Returns:
        The record, None if any value is at fault, and every fault found.
    """
    row = _Row(values, location, limits)
    record = row.record()
    return (None if row.problems else record), row.problems


class _Row:
    __slots__ = ("entry_id", "lang", "limits", "location", "problems", "values")

    def __init__(self, values: Mapping[str, object], location: Location, limits: Limits) -> None:
        self.values = values
        self.location = location
        self.limits = limits
        self.problems: list[Problem] = []
        self.entry_id: str | None = None
        self.lang: str | None = None

    def record(self) -> Record:
        limits = self.limits
        self.entry_id = entry_id = self._id(self._line("id", limits.id_characters), "id")
        self.lang = lang = self._lang()
        question = self._line("question", limits.question_characters)
        answer = self._answer()
        for field, value in zip(_REQUIRED, (entry_id, lang, question, answer), strict=True):
            if not value and not any(problem.field == field for problem in self.problems):
                self.fail(Code.MISSING_FIELD, field, f"{field} is missing; every record needs one")
        if self.values.keys() <= _REQUIRED_SET:
            return Record(entry_id, lang, question, answer, location=self.location)
        return self._with_options(entry_id, lang, question, answer)

    def _with_options(self, entry_id: str, lang: str, question: str, answer: str) -> Record:
        limits = self.limits
        origin = self._choice("origin", Origin) or Origin.HUMAN
        valid_from, valid_until = self._date("valid_from"), self._date("valid_until")
        if valid_from and valid_until and valid_until < valid_from:
            self.fail(
                Code.INVALID_FIELD,
                "valid_until",
                f"valid_until {valid_until} is before valid_from {valid_from}; swap or mend them",
            )
        related = self._list("related", r"[,\n]", limits.related, limits.id_characters)
        return Record(
            id=entry_id,
            lang=lang,
            question=question,
            answer=answer,
            alternates=self._list(
                "alternates", "\n", limits.alternates, limits.question_characters
            ),
            tags=self._list("tags", r"[,\n]", limits.tags, limits.tag_characters),
            url=self._url(),
            valid_from=valid_from,
            valid_until=valid_until,
            related=tuple(self._id(item, "related") for item in related),
            metadata=self._metadata(),
            origin=origin,
            status=self._choice("status", Status) or default_status(origin),
            source_hash=self._source_hash(),
            location=self.location,
        )

    def fail(self, code: Code, field: str, message: str) -> None:
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

    def _text(self, value: object, field: str) -> str:
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

    def _bounded(self, text: str, field: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self.fail(
            Code.TOO_LONG,
            field,
            f"{field} has {len(text)} characters, more than {limit}; shorten it",
        )
        return ""

    def _line(self, field: str, limit: int) -> str:
        return self._bounded(self._folded(self.values.get(field), field), field, limit)

    def _folded(self, value: object, field: str) -> str:
        if value is None:
            return ""
        if type(value) is str and texts.is_clean_line(value):
            return value
        return texts.one_line(self._text(value, field))

    def _answer(self) -> str:
        text = texts.block(self._text(self.values.get("answer"), "answer"))
        return self._bounded(text, "answer", self.limits.answer_characters)

    def _id(self, text: str, field: str) -> str:
        if not text or _ID.fullmatch(text):
            return text
        self.fail(
            Code.INVALID_FIELD,
            field,
            f"{text!r} is not an entry id; use letters a-z, digits, '.', '_', '-' and '/', "
            "and begin no part with a dot",
        )
        return ""

    def _lang(self) -> str:
        text = self._line("lang", self.limits.tag_characters)
        if not text:
            return ""
        try:
            return canonical_tag(text)
        except LanguageTagError as error:
            self.fail(Code.INVALID_FIELD, "lang", str(error))
            return ""

    def _list(self, field: str, separator: str, most: int, longest: int) -> tuple[str, ...]:
        value = self.values.get(field)
        if value is None:
            return ()
        items = self._items(value, field, separator)
        if len(items) > most:
            self.fail(
                Code.TOO_MANY, field, f"{field} has {len(items)} items, more than {most}; drop some"
            )
            return ()
        return tuple(dict.fromkeys([self._bounded(item, field, longest) for item in items]))

    def _items(self, value: object, field: str, separator: str) -> list[str]:
        if isinstance(value, Sequence) and not isinstance(value, str):
            lines = [self._folded(item, field) for item in value]
            for line in lines:
                if "," in line and "," in separator:
                    self.fail(
                        Code.INVALID_FIELD,
                        field,
                        f"{field}: {line[:80]!r} holds a comma; make it two items",
                    )
        else:
            text = texts.with_line_feeds(self._text(value, field))
            parts = re.split(separator, text) if len(separator) > 1 else text.split(separator)
            lines = [part if texts.is_clean_line(part) else texts.one_line(part) for part in parts]
        return [line for line in lines if line]

    def _url(self) -> str | None:
        text = self._line("url", self.limits.url_characters)
        if text and not _URL.fullmatch(text):
            self.fail(
                Code.INVALID_FIELD,
                "url",
                f"{text[:80]!r} is not a web address; begin it with https:// or /",
            )
        return text or None

    def _date(self, field: str) -> date | None:
        value = self.values.get(field)
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        text = self._folded(value, field)
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

    def _choice(self, field: str, choices: type[_Choice]) -> _Choice | None:
        text = self._folded(self.values.get(field), field).casefold()
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

    def _source_hash(self) -> str | None:
        text = self._folded(self.values.get("source_hash"), "source_hash").lower()
        if text and not _SOURCE_HASH.fullmatch(text):
            self.fail(
                Code.INVALID_FIELD,
                "source_hash",
                f"{text[:80]!r} is no source_hash; it has 16 hexadecimal digits, or leave it empty",
            )
        return text or None

    def _metadata(self) -> Mapping[str, str]:
        nested = self.values.get("metadata")
        flat = [name for name in self.values if name.startswith(METADATA_PREFIX)]
        if nested is None and not flat:
            return _NO_METADATA
        found: dict[str, object] = {}
        if isinstance(nested, Mapping):
            found.update(nested)
        elif nested is not None:
            self.fail(
                Code.INVALID_FIELD, "metadata", "metadata is not a mapping; write KEY: value pairs"
            )
        for name in flat:
            found[name.removeprefix(METADATA_PREFIX)] = self.values[name]
        if len(found) > self.limits.metadata_keys:
            self.fail(
                Code.TOO_MANY,
                "metadata",
                f"metadata has {len(found)} keys, more than {self.limits.metadata_keys}; drop some",
            )
            return _NO_METADATA
        kept = {key: self._metadata_value(key, value) for key, value in found.items()}
        return MappingProxyType({key: text for key, text in kept.items() if text})

    def _metadata_value(self, key: str, value: object) -> str:
        field = f"{METADATA_PREFIX}{key[:100]}"
        if len(key) > self.limits.tag_characters or not _METADATA_KEY.fullmatch(key):
            self.fail(
                Code.INVALID_FIELD,
                field,
                f"{key[:80]!r} is no metadata key; use letters, digits, '_', '-' and '.'",
            )
            return ""
        text = self._folded(value, field)
        return self._bounded(text, field, self.limits.metadata_characters)
