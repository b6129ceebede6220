"""Asks an index its own phrasings as if each were new, to see what it can be trusted with.

Every phrasing is asked twice. Once with itself left out: the right entry can still be found, by
its other texts. Once with its whole entry left out: what is found then is what a question near the
topic, but without an answer, would find. Questions on other topics come on top. So right and wrong
are known without any labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from indexer.passages import Passage, PassageKind
from indexer.query import FloatArray, Query
from indexer.retriever import Hidden, Retriever

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


def run_trials(
    retriever: Retriever,
    passages: Sequence[Passage],
    vectors: FloatArray,
    far: Sequence[Query],
    *,
    seed: int,
) -> Iterator[Trial]:
    """Ask a sample of the indexed questions and alternates, and questions on other topics.

    Args:
        retriever: What is asked.
        passages: All its passages, in its order.
        vectors: Shape (passages, dimension), as the model made them.
        far: Questions on other topics.
        seed: Chooses the sample.
    """
    entry_of = retriever.table.entry_of
    for row in _sample(passages, seed):
        passage = passages[row]
        query = Query(passage.text, passage.lang, vectors[row])
        whole_entry = entry_of == entry_of[row]
        itself = np.zeros(len(passages), np.bool_)
        itself[row] = True
        if np.count_nonzero(whole_entry) > 1:
            yield from _trial(retriever, query, Hidden(itself), passage.entry_id)
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


def _sample(passages: Sequence[Passage], seed: int) -> list[int]:
    """Pick phrasings in turn from every language, so that none is drowned by another."""
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
