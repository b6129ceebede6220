"""The passages that a text may be grounded in, sentence by sentence, with their vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.grounding.obeying import is_order
from app.grounding.polarity import denials, is_asking
from indexer.query import FloatArray
from indexer.support import SupportModel
from indexer.support_texts import sentences_of
from knowledge_base.entry import Record

Embed = Callable[[Sequence[str]], FloatArray]
"""Embeds plain texts in the passage role, shape (n, dimension)."""

_MOST_SENTENCES = 60


@dataclass(frozen=True, slots=True)
class PassageSentence:
    """A sentence that a text may rest on.

    Attributes:
        record: The record it is of.
        text: Plain text.
        is_question: Whether it asks, as the record's question does, and so states nothing.
        denies: Whether it says that something is not so.
    """

    record: Record
    text: str
    is_question: bool
    denies: bool


@dataclass(frozen=True, slots=True)
class Passages:
    """All sentences of some records.

    Attributes:
        sentences: The records' in their order; of each, the question and then the answer's.
        placed: Their debiased vectors, shape (sentences, dimension).
        entries: The records' entries.
        model: What the vectors are compared by.
    """

    sentences: tuple[PassageSentence, ...]
    placed: FloatArray
    entries: frozenset[str]
    model: SupportModel

    @classmethod
    def of(cls, records: Sequence[Record], model: SupportModel, embed: Embed) -> Passages:
        """Cut records into sentences and embed them."""
        sentences = tuple(
            PassageSentence(
                record, text, place == 0 or is_asking(text), bool(denials(text, record.lang))
            )
            for record in records
            for place, text in enumerate(sentences_of(record))
            # What tells a machine what to do may stand there by mistake or malice.
            if place == 0 or not is_order(text)
        )[:_MOST_SENTENCES]
        vectors = embed([sentence.text for sentence in sentences])
        placed = model.place(vectors, [sentence.record.lang for sentence in sentences])
        return cls(sentences, placed, frozenset(record.id for record in records), model)

    def nearness(self, vector: FloatArray, lang: str) -> FloatArray:
        """How near a sentence is to each of the passages'.

        Args:
            vector: As the model made it in the passage role, shape (dimension,).
            lang: The tag of its language.

        Returns:
            Shape (sentences,), to be held against the model's bounds.
        """
        placed = self.model.place(vector[np.newaxis], [lang])
        nearness: FloatArray = self.model.nearness(placed, self.placed, self.entries)[0]
        return nearness
