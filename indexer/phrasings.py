"""Asks an index its own phrasings as if each were new, to see what it can be trusted with.

Every phrasing is asked twice. Once with itself left out, and with the answer under it where it is a
question: the right entry can still be found, by its other texts. Once with its whole entry left
out: what is found then is what a question near the topic, but without an answer, would find.
Questions on other topics come on top. So right and wrong are known without any labels. A phrasing
that stands under two entries, word for word, is not asked: leaving one out leaves an answer.

It is done in folds, as in cross-validation: in each, some entries are hidden, and some phrasings of
every other, and what the index learns from phrasings is learnt anew from what is left.

Where entries have alternates in several languages, a phrasing left out is still there in the words
of the others. A visitor's own wording is in none: so it can be asked with these left out as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from indexer.counterparts import counterparts
from indexer.entry_table import ANSWER, EntryTable, IntArray, turns
from indexer.hiding import Hidden
from indexer.logistic import BoolVector, FloatVector
from indexer.passages import Passage, PassageKind
from indexer.query import FloatArray, Query
from indexer.retriever import Retriever
from models.embedding import Role

SAMPLE = 600
"""Phrasings asked, spread over languages and entries; each costs about two questions."""

FOLDS = 6
"""Every entry is hidden in one, and each of its phrasings in one of the others."""

_CHOICES = 3


class TrialKind(StrEnum):
    """What a trial question has to do with the knowledge base."""

    ANSWERABLE = "answerable"
    NEAR = "near"
    FAR = "far"


SHARES: Final = {TrialKind.ANSWERABLE: 0.8, TrialKind.NEAR: 0.15, TrialKind.FAR: 0.05}
"""What visitors' questions are taken to be, for want of a count: a fifth without an answer, and of
these three in four near the topic, since it is about a business that its visitors ask."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One question asked, and whether what it found is right.

    Attributes:
        kind: Whether its entry was there to be found.
        language: BCP 47 tag of the question.
        features: Of the ranking, shape (features,).
        right: The first entry is the phrasing's own.
        among_first: One of the first three is.
    """

    kind: TrialKind
    language: str
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
    *,
    seed: int,
) -> Iterator[Trial]:
    """Ask some of the indexed questions and alternates, and questions on other topics.

    Args:
        retriever: What is asked.
        passages: All its passages, in its order.
        asked: What is asked of them.
        far: Questions on other topics.
        seed: Chooses the folds.
    """
    each_by_itself = np.arange(len(passages), dtype=np.int32)
    for query, hidden, expected in _left_out(retriever, passages, asked, each_by_itself, seed):
        yield from _trial(retriever, query, hidden, expected)
    for query in far:
        yield from _trial(retriever, query, None, None)


def run_reworded_trials(
    retriever: Retriever, passages: Sequence[Passage], asked: AskedPhrasings, *, seed: int
) -> Iterator[Trial]:
    """Ask phrasings with what says the same in other languages left out as well.

    Args:
        retriever: What is asked.
        passages: All its passages, in its order.
        asked: What is asked of them.
        seed: Chooses the folds.

    Yields:
        Answerable trials alone, since leaving out whole entries is the same either way; none where
        nothing says the same in other languages.
    """
    entry_of = retriever.table.entry_of
    said_again = counterparts(retriever, {int(entry_of[row]) for row in asked.rows})
    if said_again is None:
        return
    for query, hidden, expected in _left_out(retriever, passages, asked, said_again, seed):
        if expected is not None:
            yield from _trial(retriever, query, hidden, expected)


def of_kind(trials: Sequence[Trial], kind: TrialKind) -> BoolVector:
    """Tell which trials are of a kind; shape (trials,)."""
    return np.array([trial.kind is kind for trial in trials], np.bool_)


def trial_weights(trials: Sequence[Trial]) -> FloatVector:
    """Weigh trials so that each kind makes up its share of visitors' questions; the mean is 1."""
    weight = np.zeros(len(trials))
    for kind, share in SHARES.items():
        chosen = of_kind(trials, kind)
        weight[chosen] = share / max(chosen.mean(), 1e-9)
    mean_one: FloatVector = weight / weight.mean()
    return mean_one


def _left_out(
    retriever: Retriever,
    passages: Sequence[Passage],
    asked: AskedPhrasings,
    together: IntArray,
    seed: int,
) -> Iterator[tuple[Query, Hidden, str | None]]:
    """Prepare each phrasing as a question, in every fold that leaves it out.

    Args:
        retriever: What will be asked.
        passages: All its passages.
        asked: What is asked of them.
        together: Shape (passages,); phrasings of one number are left out together.
        seed: Chooses the folds.

    Yields:
        The question, what it shall not see, and its entry, if that has a text left.
    """
    table = retriever.table
    chance = np.random.default_rng(seed)
    fold_of_entry = (chance.permutation(len(table.facts)) % FOLDS).astype(np.int32)[table.entry_of]
    fold_of_phrasing = _dealt_out(table, fold_of_entry, together, chance)
    told_apart = [
        at for at, row in enumerate(asked.rows) if retriever.is_only_its_own(passages[row].text)
    ]
    for fold in range(FOLDS):
        near = fold_of_entry == fold
        answerable = fold_of_phrasing == fold
        in_turn = [at for at in told_apart if near[asked.rows[at]] or answerable[asked.rows[at]]]
        if not in_turn:
            continue
        hidden = retriever.without(near | answerable)
        has_text = np.zeros(len(table.facts), np.bool_)
        has_text[table.entry_of[~hidden.rows]] = True
        for at in in_turn:
            row = asked.rows[at]
            passage = passages[row]
            query = Query(passage.text, passage.lang, asked.vectors[at])
            if near[row]:
                yield query, hidden, None
            elif has_text[table.entry_of[row]]:
                yield query, hidden, passage.entry_id


def _dealt_out(
    table: EntryTable, fold_of_entry: IntArray, together: IntArray, chance: np.random.Generator
) -> IntArray:
    """Deal the phrasings of each entry out to the folds that it is not hidden in.

    Returns:
        Shape (passages,); -1 for answers.
    """
    rows = np.flatnonzero(table.kind_of != ANSWER)
    _, first, group_of = np.unique(together[rows], return_index=True, return_inverse=True)
    groups = chance.permutation(len(first))
    turn = np.empty(len(groups), np.int64)
    turn[groups] = turns(table.entry_of[rows[first[groups]]])
    fold_of = np.full(len(table.entry_of), -1, np.int32)
    fold_of[rows] = (fold_of_entry[rows] + 1 + turn[group_of] % (FOLDS - 1)) % FOLDS
    return fold_of


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
    yield Trial(kind, query.language, ranking.features, found[0] == expected, expected in found)


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
