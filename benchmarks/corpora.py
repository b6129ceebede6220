"""The shared data sets as knowledge bases: their entries cut into passages, and embedded."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from benchmarks.cached_vectors import vectors
from benchmarks.shared_data import rows
from indexer.entry_table import EntryFacts
from indexer.passages import Passage, PassageKind, passages_of
from indexer.query import FloatArray
from indexer.retriever import Retriever
from knowledge_base.entry import Record
from models.embedding import Role


@dataclass(frozen=True, slots=True)
class Corpus:
    """A knowledge base ready to be indexed, wholly or in part.

    Attributes:
        passages: Sorted by language, then by entry.
        vectors: Shape (passages, dimension), as the model made them.
    """

    passages: tuple[Passage, ...]
    vectors: FloatArray

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> Self:
        """Embed passages."""
        listed = tuple(passages)
        roles = [passage.role for passage in listed]
        return cls(listed, vectors([passage.text for passage in listed], roles))

    def part(self, chosen: Sequence[bool]) -> Self:
        """Leave out the passages that are not chosen; shape (passages,)."""
        at = np.flatnonzero(chosen)
        return type(self)(tuple(self.passages[row] for row in at.tolist()), self.vectors[at])

    def index(self) -> Retriever:
        """Index it with the product's own retriever."""
        entries = dict.fromkeys(passage.entry_id for passage in self.passages)
        return Retriever.build(self.passages, self.vectors, [EntryFacts(name) for name in entries])


def covid_faq() -> Corpus:
    """Questions and answers of public bodies; an entry each, in five languages."""
    return Corpus.of(
        passages_of(
            Record(row["id"], row["lang"], row["question"], row["answer"])
            for row in rows("covid_faq/bank.jsonl")
        )
    )


def faq_parallel() -> Corpus:
    """Product FAQs translated by people, in 50 languages; the primary locale of each."""
    return Corpus.of(
        passages_of(
            Record(row["faq_id"], row["lang"], row["question"], row["answer"])
            for row in rows("faq_parallel/faq.jsonl")
            if row["primary"]
        )
    )


def banking77(phrasings: int | None, seed: int = 0) -> Corpus:
    """Intents of bank customers; an entry each, whose phrasings are questions of the train rows.

    Args:
        phrasings: How many an intent, chosen at random; all of them when None.
        seed: Chooses them.
    """
    by_intent: dict[str, list[str]] = {}
    for row in rows("banking77/train.jsonl"):
        by_intent.setdefault(row["intent"], []).append(row["text"])
    chance = random.Random(seed)  # noqa: S311 - a choice of examples, no secret
    return Corpus.of(
        Passage(intent, "en", PassageKind.ALTERNATE if number else PassageKind.QUESTION, text)
        for intent, texts in sorted(by_intent.items())
        for number, text in enumerate(
            texts if phrasings is None else chance.sample(texts, min(phrasings, len(texts)))
        )
    )


def question_vectors(texts: Sequence[str]) -> FloatArray:
    """Embed texts as visitors' questions."""
    return vectors(texts, Role.QUERY)
