"""From the values a file holds to a record: the rules of every field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from knowledge_base import texts
from knowledge_base.entry import Location, Origin, Record, Status, default_status
from knowledge_base.fields import METADATA_PREFIX
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, Problem
from knowledge_base.raw_values import RawValues

_REQUIRED = ("id", "lang", "question", "answer")
_REQUIRED_SET = frozenset(_REQUIRED)
_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_METADATA_KEY = re.compile(r"\w[\w.-]*")
_URL = re.compile(r"(?:https?://[^\s/]|/(?!/)|mailto:|tel:)\S*", re.IGNORECASE)
_SOURCE_HASH = re.compile(r"[0-9a-f]{16}")
_NO_METADATA: Mapping[str, str] = MappingProxyType({})


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


class _Row(RawValues):
    __slots__ = ()

    def record(self) -> Record:
        limits = self.limits
        self.entry_id = entry_id = self._id(self.line("id", limits.id_characters), "id")
        self.lang = lang = self._lang()
        question = self.line("question", limits.question_characters)
        answer = self._answer()
        for field, value in zip(_REQUIRED, (entry_id, lang, question, answer), strict=True):
            if not value and not any(problem.field == field for problem in self.problems):
                self.fail(Code.MISSING_FIELD, field, f"{field} is missing; every record needs one")
        if self.values.keys() <= _REQUIRED_SET:
            return Record(entry_id, lang, question, answer, location=self.location)
        return self._with_options(entry_id, lang, question, answer)

    def _with_options(self, entry_id: str, lang: str, question: str, answer: str) -> Record:
        limits = self.limits
        origin = self.choice("origin", Origin) or Origin.HUMAN
        valid_from, valid_until = self.day("valid_from"), self.day("valid_until")
        if valid_from and valid_until and valid_until < valid_from:
            self.fail(
                Code.INVALID_FIELD,
                "valid_until",
                f"valid_until {valid_until} is before valid_from {valid_from}; swap or mend them",
            )
        related = self.items("related", r"[,\n]", limits.related, limits.id_characters)
        return Record(
            id=entry_id,
            lang=lang,
            question=question,
            answer=answer,
            alternates=self.items(
                "alternates", "\n", limits.alternates, limits.question_characters
            ),
            tags=self.items("tags", r"[,\n]", limits.tags, limits.tag_characters),
            url=self._url(),
            valid_from=valid_from,
            valid_until=valid_until,
            related=tuple(self._id(item, "related") for item in related),
            metadata=self._metadata(),
            origin=origin,
            status=self.choice("status", Status) or default_status(origin),
            source_hash=self._source_hash(),
            location=self.location,
        )

    def _answer(self) -> str:
        text = texts.block(self.text(self.values.get("answer"), "answer"))
        return self.bounded(text, "answer", self.limits.answer_characters)

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
        text = self.line("lang", self.limits.tag_characters)
        if not text:
            return ""
        try:
            return canonical_tag(text)
        except LanguageTagError as error:
            self.fail(Code.INVALID_FIELD, "lang", str(error))
            return ""

    def _url(self) -> str | None:
        text = self.line("url", self.limits.url_characters)
        if text and not _URL.fullmatch(text):
            self.fail(
                Code.INVALID_FIELD,
                "url",
                f"{text[:80]!r} is not a web address; begin it with https:// or /",
            )
        return text or None

    def _source_hash(self) -> str | None:
        text = self.folded(self.values.get("source_hash"), "source_hash").lower()
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
        field = f"{METADATA_PREFIX}{texts.shown(key)}"
        if len(key) > self.limits.tag_characters or not _METADATA_KEY.fullmatch(key):
            self.fail(
                Code.INVALID_FIELD,
                field,
                f"{key[:80]!r} is no metadata key; use letters, digits, '_', '-' and '.'",
            )
            return ""
        text = self.folded(value, field)
        return self.bounded(text, field, self.limits.metadata_characters)
