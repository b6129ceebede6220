"""What machines' texts are made from, and what is known of each."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.generating.sentences import sentences
from knowledge_base.entry import Record, source_hash


class Kind(StrEnum):
    """What is wrong with a text."""

    NUMBER = "wrong number"
    NEGATION = "negation"
    OTHER_ENTRY = "other entry"
    LANGUAGE = "wrong language"
    INJECTION = "injected instruction"
    LINK = "invented link"
    NAME = "invented name"
    EXCHANGE = "exchanged numbers"


@dataclass(frozen=True, slots=True)
class Case:
    """A text, and what it was written from.

    Attributes:
        kind: What is wrong with it; None where nothing is.
        name: How it was made.
        records: What the machine was given to write from.
        reader: The language that it was to write in.
        sentences: What it wrote, in Markdown with leading white space.
    """

    kind: Kind | None
    name: str
    records: tuple[Record, ...]
    reader: str
    sentences: tuple[str, ...]

    @property
    def is_across(self) -> bool:
        """Whether no record is in the reader's language."""
        return all(record.lang != self.reader for record in self.records)


class Material:
    """Entries of which several languages say the same."""

    def __init__(self, records: Sequence[Record], seed: int) -> None:
        """Take what people wrote and no later edit has left behind.

        Args:
            records: Approved texts.
            seed: Decides everything that is drawn.
        """
        self.chance = random.Random(seed)  # noqa: S311 - a choice of texts, no secret
        entries: dict[str, dict[str, Record]] = {}
        for record in records:
            entries.setdefault(record.id, {})[record.lang] = record
        self.entries = {
            entry_id: fresh
            for entry_id, by_language in entries.items()
            if len(fresh := _fresh(by_language)) > 1
        }
        self.ids = sorted(self.entries)

    def pair(self, *, same: bool) -> tuple[Record, Record]:
        """Draw an entry: a text of it, and what that is written from."""
        texts = self.entries[self.chance.choice(self.ids)]
        text = texts[self.chance.choice(sorted(texts))]
        if same:
            return text, text
        return text, texts[self.chance.choice(sorted(texts.keys() - {text.lang}))]

    def other(self, entry_id: str, lang: str) -> Record:
        """Draw another entry in the same language."""
        ids = [each for each in self.ids if each != entry_id and lang in self.entries[each]]
        return self.entries[self.chance.choice(ids)][lang]


def _fresh(by_language: Mapping[str, Record]) -> dict[str, Record]:
    """Leave out translations of what has changed since: they state other facts."""
    hashes = {source_hash(each.question, each.answer) for each in by_language.values()}
    return {
        lang: record
        for lang, record in by_language.items()
        if record.source_hash is None or record.source_hash in hashes
    }


def written(markdown: str) -> list[str]:
    """Cut what a person wrote into sentences, as what a machine writes is cut."""
    return list(sentences((markdown,)))
