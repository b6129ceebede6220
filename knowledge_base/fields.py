"""The fields of a record, by the names that files give them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date, datetime

from knowledge_base.problems import Code

FIELDS = (
    "id", "lang", "question", "answer", "alternates", "tags", "url", "valid_from", "valid_until",
    "related", "metadata", "origin", "status", "source_hash",
)  # fmt: skip
METADATA_PREFIX = "metadata."

FIELD_SET = frozenset(FIELDS)


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that a format's reader could not accept, in the place of the value.

    Attributes:
        code: The kind of problem.
        message: What is wrong with it and the way out.
    """

    code: Code
    message: str


def nearest_field(name: str) -> str | None:
    """Guess the field that an unknown name was meant to be, None without a good guess."""
    lowered = name.strip().casefold().replace(" ", "_")
    near = difflib.get_close_matches(lowered[:50], FIELDS, n=1, cutoff=0.6)
    return near[0] if near else None


def scalar_text(value: object) -> str | None:
    """Write a plain value as text: numbers, truth values and dates as JSON and ISO 8601 do.

    Returns:
        None for lists, mappings and anything else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return str(value) if isinstance(value, int | float | date) else None


def is_field(name: str) -> bool:
    """Tell whether a name is a field of records, or a metadata key's full name."""
    return name in FIELD_SET or name.startswith(METADATA_PREFIX)
