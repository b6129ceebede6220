"""Sentences of the knowledge base that teach what supports what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from indexer.chunking import plain_text, split_sentences
from knowledge_base.entry import Record

SAMPLE: Final = 1200
"""Sentences that are looked at, at most; each must be embedded once."""

MOST_ALONE: Final = 60
"""Sentences of a language, at most, that are taken of entries in no other: they teach what it is
like, and nothing of translations."""

_LANGUAGES_AN_ENTRY = 3
MOST_OF_A_RECORD: Final = 8
_LEAST_BYTES = 20


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
    """Pick entries by chance, and the answers in some of their languages.

    What a language is like is learnt from them too, so that those which have few sentences yet come
    first; of entries in one language alone it takes no more than `MOST_ALONE` to tell. Questions
    teach little: they state nothing.

    Args:
        records: What visitors may be shown.
        seed: Chooses the entries.

    Returns:
        At most `SAMPLE` sentences, those of an entry in one language together.
    """
    entries: dict[str, dict[str, Record]] = {}
    for record in records:
        entries.setdefault(record.id, {})[record.lang] = record
    alone = frozenset(entry_id for entry_id, languages in entries.items() if len(languages) == 1)
    ids = sorted(entries)
    order = [ids[place] for place in np.random.default_rng(seed).permutation(len(ids)).tolist()]
    texts: list[SupportText] = []
    count: Counter[str] = Counter()
    while any(entries.values()):
        for entry_id in order:
            left = entries[entry_id]
            for lang in sorted(left, key=lambda each: (count[each], each))[:_LANGUAGES_AN_ENTRY]:
                record = left.pop(lang)
                if entry_id in alone and count[lang] >= MOST_ALONE:
                    continue
                listed = _telling(record)
                if len(texts) + len(listed) > SAMPLE:
                    return tuple(texts)
                texts += [SupportText(entry_id, lang, text) for text in listed]
                count[lang] += len(listed)
    return tuple(texts)


def _telling(record: Record) -> list[str]:
    """Give the answer's first sentences, but none as short as "Of course.", which says nothing."""
    _, *said = sentences_of(record)
    return [each for each in said if len(each.encode()) >= _LEAST_BYTES][:MOST_OF_A_RECORD]
