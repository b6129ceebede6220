"""Asks an index its own phrasings as if each were new, to see what it can be trusted with.

Every phrasing is asked twice. Once with itself left out, and with the answer under it where it is a
question: the right entry can still be found, by its other texts. Once with its whole entry left
out: what is found then is what a question near the topic, but without an answer, would find.
Questions on other topics come on top. So right and wrong are known without any labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from indexer.passages import Passage, PassageKind
from indexer.query import FloatArray, Query
from indexer.retriever import Hidden, Retriever
from models.embedding import Role

SAMPLE = 300
"""Phrasings asked, spread over languages and entries; each costs about two questions."""

_CHOICES = 3


class TrialKind(StrEnum):
    """What a trial question has to do with the knowledge base."""

    ANSWERABLE = "answerable"
    NEAR = "near"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Trial:
    """One question asked, and whether what it found is right.

    Attributes:
        kind: Whether its entry was there to be found.
        features: Of the ranking, shape (features,).
        right: The first entry is the phrasing's own.
        among_first: One of the first three is.
    """

    kind: TrialKind
    features: FloatArray
    right: bool
    among_first: bool


@dataclass(frozen=True, slots=True)
class AskedPhrasings:
    """Indexed questions and alternates, embedded as if visitors asked them.

    Attributes:
        rows: Their rows among the passages.
        vectors: Shape (len(rows), dimension), made in the query role.
    """

    rows: Sequence[int]
    vectors: FloatArray

    def role_offset(self, passages: Sequence[Passage], vectors: FloatArray) -> FloatArray:
        """What the query role adds to the vector of a question, shape (dimension,).

        Args:
            passages: All passages.
            vectors: Shape (passages, dimension), each made in its own role.
        """
        moved = [
            asked - vectors[row]
            for row, asked in zip(self.rows, self.vectors, strict=True)
            if passages[row].role is not Role.QUERY
        ]
        if not moved:
            return np.zeros(vectors.shape[1], np.float32)
        offset: FloatArray = np.mean(moved, axis=0, dtype=np.float32)
        return offset


def run_trials(
    retriever: Retriever,
    passages: Sequence[Passage],
    asked: AskedPhrasings,
    far: Sequence[Query],
) -> Iterator[Trial]:
    """Ask some of the indexed questions and alternates, and questions on other topics.

    Args:
        retriever: What is asked.
        passages: All its passages, in its order.
        asked: What is asked of them.
        far: Questions on other topics.
    """
    entry_of = retriever.table.entry_of
    for row, vector in zip(asked.rows, asked.vectors, strict=True):
        passage = passages[row]
        query = Query(passage.text, passage.lang, vector)
        whole_entry = entry_of == entry_of[row]
        itself = Hidden.phrasing(retriever.table, row)
        if np.count_nonzero(whole_entry) > np.count_nonzero(itself.rows):
            yield from _trial(retriever, query, itself, passage.entry_id)
        yield from _trial(retriever, query, Hidden(whole_entry), None)
    for query in far:
        yield from _trial(retriever, query, None, None)


def _trial(
    retriever: Retriever, query: Query, hidden: Hidden | None, expected: str | None
) -> Iterator[Trial]:
    ranking = retriever.rank(query, _CHOICES, hidden)
    found = [entry.entry_id for entry in ranking.entries]
    if not found:
        return
    kind = TrialKind.ANSWERABLE
    if expected is None:
        kind = TrialKind.FAR if hidden is None else TrialKind.NEAR
    yield Trial(kind, ranking.features, found[0] == expected, expected in found)


def phrasings_to_ask(passages: Sequence[Passage], *, seed: int) -> list[int]:
    """Pick phrasings in turn from every language, so that none is drowned by another.

    Args:
        passages: What is indexed.
        seed: Chooses among them.

    Returns:
        Rows of at most `SAMPLE` questions and alternates.
    """
    by_language: dict[str, list[int]] = {}
    for row in np.random.default_rng(seed).permutation(len(passages)).tolist():
        if passages[row].kind is not PassageKind.ANSWER:
            by_language.setdefault(passages[row].lang, []).append(row)
    picked: list[int] = []
    depth = 0
    while len(picked) < SAMPLE and any(len(rows) > depth for rows in by_language.values()):
        picked.extend(rows[depth] for rows in by_language.values() if len(rows) > depth)
        depth += 1
    return picked[:SAMPLE]
