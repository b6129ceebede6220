"""What the languages of an entry's texts count for, by the language of the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from indexer.entry_table import BoolArray, EntryTable, IntArray
from indexer.query import FloatArray

OWN_LANGUAGE: Final = 2.0
"""Weight of the texts in the question's own language, where that of any other is 1."""

AT_HOME: Final = 0.2
"""Advantage of an entry with a text in the question's language where entries are not translated."""


@dataclass(frozen=True, slots=True)
class LanguageWeights:
    """The same for every question in one language.

    Attributes:
        languages: Shape (languages,); what each counts for.
        has_text: Shape (languages, entries); whether an entry has a text in a language.
        texts: Shape (languages, entries); what an entry's texts in each language count for; they
            add up to 1 for an entry.
        readable: Shape (entries,); whether an entry has a text in the question's language; True for
            all where no text is in it.
        all_readable: Whether all entries have.
        at_home: Shape (entries,); advantage for having a text in the question's language.
    """

    languages: FloatArray
    has_text: BoolArray
    texts: FloatArray
    readable: BoolArray
    all_readable: bool
    at_home: FloatArray

    @classmethod
    def of(cls, table: EntryTable, language: str, entries: IntArray, has_text: BoolArray) -> Self:
        """Weigh the languages of some entries.

        Args:
            table: All entries.
            language: Of the question.
            entries: Numbers of the entries to weigh.
            has_text: Which languages each entry may be found in, shape (all entries, languages).
        """
        own = table.languages.index(language) if language in table.languages else None
        there = np.ascontiguousarray(has_text[entries].T)
        languages = np.ones(len(table.languages), np.float32)
        if own is not None:
            languages[own] = OWN_LANGUAGE
        texts = there * languages[:, None]
        texts /= np.maximum(texts.sum(axis=0), 1e-9)
        readable = np.ones(len(entries), np.bool_) if own is None else there[own]
        return cls(
            languages, there, texts, readable, bool(readable.all()), _at_home(table, there, own)
        )


def _at_home(table: EntryTable, has_text: BoolArray, own: int | None) -> FloatArray:
    """Prefer entries in the question's language as far as entries are not translated.

    Where entries have their texts in many languages, a missing one is a gap, and says nothing
    about what the visitor asks. Where each language has entries of its own, an entry that is not
    in the visitor's is likely about something else.
    """
    if own is None:
        return np.zeros(has_text.shape[1], np.float32)
    advantage = AT_HOME * (1.0 - table.translated_share[own])
    home: FloatArray = (has_text[own] * advantage).astype(np.float32)
    return home
