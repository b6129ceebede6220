"""How a record is kept in a generation: one line of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Any

import orjson

from knowledge_base.entry import Origin, Record, Status

RecordKey = tuple[str, str]
"""An entry's id and a language."""


def encode_record(record: Record) -> bytes:
    """Write a record as one JSON object; equal records give equal bytes.

    Defaults and the place in the editor's files are left out.
    """
    values = {
        "id": record.id,
        "lang": record.lang,
        "question": record.question,
        "answer": record.answer,
        "alternates": record.alternates,
        "tags": record.tags,
        "url": record.url,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
        "related": record.related,
        "metadata": dict(sorted(record.metadata.items())),
        "origin": None if record.origin is Origin.HUMAN else record.origin,
        "status": None if record.status is Status.APPROVED else record.status,
        "source_hash": record.source_hash,
    }
    return orjson.dumps({name: value for name, value in values.items() if value})


def decode_record(line: bytes) -> Record:
    """Read back what `encode_record` wrote."""
    values: dict[str, Any] = orjson.loads(line)
    return Record(
        id=values["id"],
        lang=values["lang"],
        question=values.get("question", ""),
        answer=values.get("answer", ""),
        alternates=tuple(values.get("alternates", ())),
        tags=tuple(values.get("tags", ())),
        url=values.get("url"),
        valid_from=_day(values.get("valid_from")),
        valid_until=_day(values.get("valid_until")),
        related=tuple(values.get("related", ())),
        metadata=MappingProxyType(values.get("metadata", {})),
        origin=Origin(values.get("origin", Origin.HUMAN)),
        status=Status(values.get("status", Status.APPROVED)),
        source_hash=values.get("source_hash"),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def encode_records(records: Iterable[Record]) -> dict[RecordKey, bytes]:
    """Encode records, ordered by entry and language, for comparing and for writing."""
    encoded = {(record.id, record.lang): encode_record(record) for record in records}
    return dict(sorted(encoded.items()))
