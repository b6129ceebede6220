"""Answers that came to stand under the questions of other entries, as when one column is sorted.

Golden questions cannot see this: they expect an entry, and its questions still lead to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from indexer.record_lines import RecordKey, decode_record
from knowledge_base.entry import Record

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MovedAnswer:
    """An answer that stood at another entry before, under a question that stayed.

    Attributes:
        entry_id: The entry that it stands at now.
        lang: Language of both.
        came_from: The entry that it stood at, and that has another answer now.
    """

    entry_id: str
    lang: str
    came_from: str


def moved_answers(
    before: Mapping[RecordKey, bytes], after: Mapping[RecordKey, bytes]
) -> tuple[MovedAnswer, ...]:
    """Find the answers that moved between entries.

    Args:
        before: Encoded records of what serves.
        after: Encoded records of what is to serve.

    Returns:
        Those moved, in order of `after`; none when it is a single one, which people do on purpose
        when they take an entry apart.
    """
    stood_at = {
        (old.lang, _digest(old.answer)): old.id
        for old, new in _changed(before, after)
        if old.answer != new.answer
    }
    moved = tuple(
        MovedAnswer(new.id, new.lang, origin)
        for old, new in _changed(before, after)
        if old.question == new.question
        and old.answer != new.answer
        and (origin := stood_at.get((new.lang, _digest(new.answer)))) is not None
        and origin != new.id
    )
    return moved if len(moved) > 1 else ()


def _changed(
    before: Mapping[RecordKey, bytes], after: Mapping[RecordKey, bytes]
) -> Iterator[tuple[Record, Record]]:
    """Decode the records that differ, one by one: there may be hundreds of thousands."""
    for key, line in after.items():
        old = before.get(key)
        if old is not None and old != line:
            yield decode_record(old), decode_record(line)


def _digest(answer: str) -> bytes:
    return blake2b(answer.encode(), digest_size=16).digest()


def describe_moved(moved: tuple[MovedAnswer, ...]) -> str:
    """Say which answers moved, naming a few, and what to do."""
    named = ", ".join(
        f"{each.entry_id} {each.lang} has that of {each.came_from}" for each in moved[:_SHOWN]
    )
    more = f" and {len(moved) - _SHOWN} more" if len(moved) > _SHOWN else ""
    return (
        f"{len(moved)} answers moved to other entries, whose questions stayed: {named}{more}. "
        "Was a column sorted by itself?"
    )
