"""banking77: phrasings of 77 close intents, asked with the test set."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.corpora import banking77, question_vectors
from benchmarks.figures import Figure, Remark, more_than
from benchmarks.shared_data import rows
from indexer.query import Query

PUBLISHED = 0.704
"""Accuracy of this model with a classifier on the train set, as published by MTEB."""


def measure_banking() -> Iterator[Figure | Remark]:
    """Yield the accuracy of the first entry, with few and with all phrasings indexed."""
    asked = rows("banking77/test.jsonl")
    vectors = question_vectors([row["text"] for row in asked])
    yield Remark(f"banking77: {len(asked)} questions to 77 intents; published {PUBLISHED}")
    for phrasings in (10, None):
        index = banking77(phrasings).index()
        right = sum(
            index.rank(Query(row["text"], "en", vector), 1).entries[0].entry_id == row["intent"]
            for row, vector in zip(asked, vectors, strict=True)
        )
        yield Figure(
            f"first entry right, {phrasings or 'all'} phrasings an intent",
            right / len(asked),
            "",
            more_than(PUBLISHED),
        )
