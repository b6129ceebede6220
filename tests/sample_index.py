"""Indexes of made-up words, whose vectors carry a meaning and the accent of their language."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.entry_table import EntryFacts
from indexer.passages import Passage, PassageKind
from indexer.phrasings import AskedPhrasings, phrasings_to_ask
from indexer.query import Filters, FloatArray, Query
from indexer.retriever import Retriever

DIMENSION = 48
ACCENT = 1.5
"""Length of a language's own direction, where that of a meaning is 1: it prevails."""
DIFFERENCE = 0.5
"""Length of what is particular to one wording."""


def word(*of: object) -> str:
    """A made-up word that belongs to the given things alone."""
    digits = hashlib.sha256(repr(of).encode()).hexdigest()[:8]
    return digits.translate(str.maketrans("0123456789", "ghijklmnop"))


def direction(*of: object) -> FloatArray:
    seed = int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:8], "little")
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    unit: FloatArray = vector / np.linalg.norm(vector)
    return unit


def vector(meaning: object, lang: str, wording: object) -> FloatArray:
    mixed = (
        direction("meaning", meaning)
        + ACCENT * direction("accent", lang)
        + DIFFERENCE * direction("wording", meaning, lang, wording)
    )
    unit: FloatArray = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return unit


def question(
    meaning: object, lang: str, text: str | None = None, filters: Filters | None = None
) -> Query:
    """What a visitor asks: a wording of its own, and a word that the entry's texts share."""
    return Query(
        f"{word(meaning, lang)} {word('visitor', meaning, lang)}" if text is None else text,
        lang,
        vector(meaning, lang, "visitor"),
        filters or Filters(),
    )


@dataclass(frozen=True, slots=True)
class SampleIndex:
    """An index, and what it was made from."""

    passages: tuple[Passage, ...]
    vectors: FloatArray
    facts: tuple[EntryFacts, ...]
    retriever: Retriever


def asked_of(passages: Sequence[Passage], vectors: FloatArray, *, seed: int = 0) -> AskedPhrasings:
    """Phrasings to ask, in vectors that are the same in either role."""
    rows = phrasings_to_ask(passages, seed=seed)
    return AskedPhrasings(rows, vectors[rows])


def sample_index(
    entries: int,
    languages: Sequence[str],
    *,
    missing: Collection[tuple[int, str]] = (),
    alternates: int = 2,
    facts: Sequence[EntryFacts] | None = None,
) -> SampleIndex:
    """Entry i is called `str(i)`; `missing` lists those without a text in a language."""
    passages, vectors = [], []
    kinds = [PassageKind.QUESTION, *[PassageKind.ALTERNATE] * alternates, PassageKind.ANSWER]
    for lang in sorted(languages):
        for number in range(entries):
            if (number, lang) in missing:
                continue
            for wording, kind in enumerate(kinds):
                text = f"{word(number, lang)} {word(number, lang, wording)}"
                passages.append(Passage(str(number), lang, kind, text))
                vectors.append(vector(number, lang, wording))
    known = tuple(facts or (EntryFacts(str(number)) for number in range(entries)))
    stacked = np.stack(vectors) if vectors else np.zeros((0, DIMENSION), np.float32)
    return SampleIndex(tuple(passages), stacked, known, Retriever.build(passages, stacked, known))
