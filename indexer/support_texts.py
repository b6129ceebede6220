"""Sentences of the knowledge base that teach what supports what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.chunking import plain_text, split_sentences
from knowledge_base.entry import Record

SAMPLE: Final = 360
"""Sentences that are looked at, at most; each must be embedded once."""

_LANGUAGES_AN_ENTRY = 3
_MOST_OF_A_RECORD = 8


@dataclass(frozen=True, slots=True)
class SupportText:
    """A sentence of a record.

    Attributes:
        entry_id: The entry.
        lang: BCP 47 tag of the record.
        text: Plain text.
    """

    entry_id: str
    lang: str
    text: str


def sentences_of(record: Record) -> Iterator[str]:
    """Give what a record says, sentence by sentence in plain text; first the question."""
    yield record.question
    yield from split_sentences(plain_text(record.answer))


def support_texts(records: Iterable[Record], seed: int) -> tuple[SupportText, ...]:
    """Pick entries by chance, and the answers in some of their languages in turn.

    Questions teach little: they state nothing.

    Args:
        records: What visitors may be shown.
        seed: Chooses the entries.

    Returns:
        At most `SAMPLE` sentences, those of an entry in one language together.
    """
    entries: dict[str, list[Record]] = {}
    for record in records:
        entries.setdefault(record.id, []).append(record)
    ids = sorted(entries)
    texts: list[SupportText] = []
    for turn, place in enumerate(np.random.default_rng(seed).permutation(len(ids)).tolist()):
        for record in _in_turn(entries[ids[place]], turn):
            listed = list(sentences_of(record))[1 : 1 + _MOST_OF_A_RECORD]
            if len(texts) + len(listed) > SAMPLE:
                return tuple(texts)
            texts += [SupportText(record.id, record.lang, text) for text in listed]
    return tuple(texts)


def _in_turn(records: list[Record], turn: int) -> list[Record]:
    ordered = sorted(records, key=lambda record: record.lang)
    start = turn * _LANGUAGES_AN_ENTRY % len(ordered)
    return [*ordered[start:], *ordered[:start]][:_LANGUAGES_AN_ENTRY]
