"""Records as the plain values and the cells that formats write."""

from __future__ import annotations

from knowledge_base.entry import Origin, Record, default_status
from knowledge_base.fields import METADATA_PREFIX


def plain_values(record: Record) -> dict[str, object]:
    """Give a record's fields as texts, lists of texts and one mapping, without the empty ones."""
    values: dict[str, object] = {
        "id": record.id,
        "lang": record.lang,
        "question": record.question,
        "alternates": list(record.alternates),
        "answer": record.answer,
        "tags": list(record.tags),
        "url": record.url,
        "valid_from": record.valid_from and record.valid_from.isoformat(),
        "valid_until": record.valid_until and record.valid_until.isoformat(),
        "related": list(record.related),
        "metadata": dict(record.metadata),
        "origin": "" if record.origin is Origin.HUMAN else record.origin.value,
        "status": "" if record.status is default_status(record.origin) else record.status.value,
        "source_hash": record.source_hash,
    }
    return {name: value for name, value in values.items() if value}


def cells(record: Record) -> dict[str, str]:
    """Give a record's fields as the texts of a table's cells, without the empty ones."""
    texts: dict[str, str] = {}
    for name, value in plain_values(record).items():
        if isinstance(value, dict):
            texts.update({f"{METADATA_PREFIX}{key}": text for key, text in value.items()})
        elif isinstance(value, list):
            texts[name] = (", " if name in {"tags", "related"} else "\n").join(value)
        else:
            texts[name] = str(value)
    return texts
