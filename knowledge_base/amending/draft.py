"""A text that a machine wrote, on its way into a content file."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge_base.entry import Origin, Record, Status
from knowledge_base.problems import KnowledgeBaseError
from knowledge_base.record_values import cells, plain_values


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft and what it was made from.

    Attributes:
        record: The draft.
        source: The text that it is a translation of.
    """

    record: Record
    source: Record

    @property
    def key(self) -> tuple[str, str]:
        """What no other record has: entry and language."""
        return self.record.id, self.record.lang


class AmendmentError(KnowledgeBaseError):
    """Drafts cannot be added to a file; the message names it and the way out."""


def is_replaceable(record: Record) -> bool:
    """Tell whether a text may be written over: a draft that a machine wrote, and nothing else."""
    return record.origin is Origin.MACHINE and record.status is Status.DRAFT


def draft_values(record: Record) -> dict[str, object]:
    """Give a draft's fields as files hold them, its status said aloud: editors will change it."""
    values = plain_values(record)
    hashed = values.pop("source_hash", None)
    return {**values, "status": record.status.value, "source_hash": hashed}


def draft_cells(record: Record) -> dict[str, str]:
    """Give a draft's fields as the texts of a table's cells, likewise."""
    texts = cells(record)
    hashed = texts.pop("source_hash", "")
    return {**texts, "status": record.status.value, **({"source_hash": hashed} if hashed else {})}
