"""The shared data sets as knowledge bases: their entries cut into passages, and embedded."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from benchmarks.cached_vectors import vectors
from benchmarks.shared_data import rows
from indexer.entry_table import EntryFacts
from indexer.passages import Passage, PassageKind, passages_of
from indexer.phrasings import AskedPhrasings, phrasings_to_ask
from indexer.query import FloatArray
from indexer.retriever import Retriever
from knowledge_base.entry import Record
from models.embedding import Role


@dataclass(frozen=True, slots=True)
class Corpus:
    """A knowledge base ready to be indexed, wholly or in part.

    Attributes:
        passages: Sorted by language, then by entry.
        vectors: Shape (passages, dimension), as the product has them made.
        plain: Shape (passages, dimension); each text by itself, questions and alternates in the
            query role, as a visitor's question would be, and answers in the passage role.
    """

    passages: tuple[Passage, ...]
    vectors: FloatArray
    plain: FloatArray

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> Self:
        """Embed passages."""
        listed = tuple(passages)
        return cls(
            listed,
            vectors(
                [passage.embedded_text for passage in listed], [passage.role for passage in listed]
            ),
            vectors([passage.text for passage in listed], [_plain_role(each) for each in listed]),
        )

    @classmethod
    def of_intents(cls, phrasings: Mapping[str, Sequence[str]]) -> Self:
        """Make an entry of each intent, in order of their names; the first phrasing asks."""
        return cls.of(
            Passage(intent, "en", PassageKind.ALTERNATE if number else PassageKind.QUESTION, text)
            for intent, texts in sorted(phrasings.items())
            for number, text in enumerate(texts)
        )

    def part(self, chosen: Sequence[bool]) -> Self:
        """Leave out the passages that are not chosen; shape (passages,)."""
        at = np.flatnonzero(chosen)
        return type(self)(
            tuple(self.passages[row] for row in at.tolist()), self.vectors[at], self.plain[at]
        )

    @property
    def asked(self) -> AskedPhrasings:
        """Phrasings that the product would ask the index."""
        rows = phrasings_to_ask(self.passages, seed=0)
        return AskedPhrasings(rows, self.plain[rows])

    def index(self) -> Retriever:
        """Index it with the product's own retriever."""
        entries = dict.fromkeys(passage.entry_id for passage in self.passages)
        offset = self.asked.role_offset(self.passages, self.vectors)
        facts = [EntryFacts(name) for name in entries]
        return Retriever.build(self.passages, self.vectors, facts, offset)


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
    chance = random.Random(seed)  # noqa: S311 - a choice of examples, no secret
    return Corpus.of_intents(
        {
            intent: texts if phrasings is None else chance.sample(texts, min(phrasings, len(texts)))
            for intent, texts in sorted(by_intent("banking77/train.jsonl").items())
        }
    )


def by_intent(name: str) -> Mapping[str, Sequence[str]]:
    """Texts of a file by intent; those out of every intent's scope under an empty name."""
    found: dict[str, list[str]] = {}
    for row in rows(name):
        found.setdefault("" if row.get("oos") else row["intent"], []).append(row["text"])
    return found


def _plain_role(passage: Passage) -> Role:
    return Role.PASSAGE if passage.kind is PassageKind.ANSWER else Role.QUERY


def question_vectors(texts: Sequence[str]) -> FloatArray:
    """Embed texts as visitors' questions."""
    return vectors(texts, Role.QUERY)
