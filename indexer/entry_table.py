"""Which passage belongs to which entry and language, and which entries a filter lets through."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.passages import Passage, PassageKind
from indexer.query import Filters

IntArray = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]

KINDS = tuple(PassageKind)
QUESTION, ANSWER = KINDS.index(PassageKind.QUESTION), KINDS.index(PassageKind.ANSWER)

_ENTRIES = "entries.json"
_PASSAGES = "passages.npz"


def turns(entry_of: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """For each text, how many of its entry come before it; shape (texts,), as of the entries."""
    by_entry = np.argsort(entry_of, kind="stable")
    entries = entry_of[by_entry]
    turn = np.empty(len(entries), np.int64)
    turn[by_entry] = np.arange(len(entries)) - np.searchsorted(entries, entries)
    return turn


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What an entry can be filtered by.

    Attributes:
        entry_id: The entry.
        tags: Tags of all its texts.
        metadata: Its free keys.
    """

    entry_id: str
    tags: frozenset[str] = frozenset()
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def passes(self, filters: Filters) -> bool:
        """Tell whether the entry may answer under the given filters."""
        return (not filters.tags or not filters.tags.isdisjoint(self.tags)) and all(
            self.metadata.get(key) == value for key, value in filters.metadata.items()
        )


class EntryTable:
    """The entries of an index and the rows of their passages.

    Attributes:
        facts: The entries; position in it is an entry's number.
        languages: The languages, in the order that passages are sorted by.
        passages_per_language: How many passages each has.
        entry_of: Shape (passages,); the entry number of each passage.
        kind_of: Shape (passages,); position of a passage's kind in `KINDS`.
        language_of: Shape (passages,); the position of each passage's language.
        starts_record: Shape (passages,); whether a record, the passages of one entry in one
            language, starts there.
        has_text: Shape (entries, languages); whether an entry has a text in a language.
        translated_share: Shape (languages,); of the entries with a text in a language, the share
            that has one in another too.
    """

    def __init__(
        self,
        facts: Sequence[EntryFacts],
        passages_per_language: Mapping[str, int],
        entry_of: IntArray,
        kind_of: npt.NDArray[np.int8],
    ) -> None:
        self.facts = tuple(facts)
        self.passages_per_language = dict(passages_per_language)
        self.languages = tuple(passages_per_language)
        self.entry_of = entry_of
        self.kind_of = kind_of
        counts = list(passages_per_language.values())
        self.language_of = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        self.starts_record = np.ones(len(entry_of), np.bool_)
        self.starts_record[1:] = (entry_of[1:] != entry_of[:-1]) | (
            self.language_of[1:] != self.language_of[:-1]
        )
        self.has_text = np.zeros((len(self.facts), len(counts)), np.bool_)
        self.has_text[entry_of, self.language_of] = True
        translated = self.has_text[self.has_text.sum(axis=1) > 1].sum(axis=0)
        self.translated_share = translated / np.maximum(self.has_text.sum(axis=0), 1)

    @classmethod
    def of(cls, passages: Sequence[Passage], facts: Sequence[EntryFacts]) -> Self:
        """Number the entries of passages that are sorted by language.

        Raises:
            ValueError: When the passages are not sorted by language.
        """
        counts: dict[str, int] = {}
        previous = None
        for passage in passages:
            if passage.lang != previous and passage.lang in counts:
                raise ValueError(f"passages are not sorted by language: {passage.lang} comes again")
            previous = passage.lang
            counts[passage.lang] = counts.get(passage.lang, 0) + 1
        numbers = {entry.entry_id: number for number, entry in enumerate(facts)}
        return cls(
            facts,
            counts,
            np.fromiter((numbers[passage.entry_id] for passage in passages), np.int32),
            np.fromiter((KINDS.index(passage.kind) for passage in passages), np.int8),
        )

    def with_answers(self, rows: BoolArray) -> BoolArray:
        """Add to some passages the answers that stand under the questions among them.

        Args:
            rows: Shape (passages,).
        """
        records = np.zeros(self.has_text.shape, np.bool_)
        questions = rows & (self.kind_of == QUESTION)
        records[self.entry_of[questions], self.language_of[questions]] = True
        under: BoolArray = records[self.entry_of, self.language_of] & (self.kind_of == ANSWER)
        return rows | under

    def passing(self, filters: Filters) -> BoolArray:
        """Tell which entries pass the filters: shape (entries,)."""
        return np.fromiter((entry.passes(filters) for entry in self.facts), np.bool_)

    def write(self, folder: Path) -> None:
        """Write the table into a generation's folder."""
        document = {
            "languages": self.passages_per_language,
            "entries": [
                {"id": entry.entry_id, "tags": sorted(entry.tags), "metadata": {**entry.metadata}}
                for entry in self.facts
            ],
        }
        (folder / _ENTRIES).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / _PASSAGES, entry_of=self.entry_of, kind_of=self.kind_of)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a table back; the caller has verified the folder's checksums."""
        document = json.loads((folder / _ENTRIES).read_text(encoding="utf-8"))
        facts = [
            EntryFacts(entry["id"], frozenset(entry["tags"]), MappingProxyType(entry["metadata"]))
            for entry in document["entries"]
        ]
        with np.load(folder / _PASSAGES, allow_pickle=False) as arrays:
            return cls(facts, document["languages"], arrays["entry_of"], arrays["kind_of"])
