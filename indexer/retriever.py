"""Finds the entries closest to a question: dense and lexical search, fused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from indexer.centroids import EntryCentroids
from indexer.debias import LanguageDebias
from indexer.dense import DenseIndex, LanguageIndexDescription
from indexer.entry_table import ANSWER, QUESTION, BoolArray, EntryFacts, EntryTable, IntArray
from indexer.features import FEATURES, features_of
from indexer.fusion import CENTROIDS, Evidence, weigh
from indexer.lexical import LexicalIndex
from indexer.passages import Passage, PassageKind
from indexer.query import Filters, FloatArray, Query
from indexer.ranking import Ranking, ScoredEntry
from indexer.segmentation import terms
from indexer.verbatim import VerbatimIndex

NEIGHBOURS = 64
"""Passages looked at in every language: enough for ten entries with several alternates each."""

LEXICAL_CANDIDATES = 10
"""Entries that lexical search may add to those of dense search."""

_PHRASES, _WORDS, _DENSE = "lexical-questions", "lexical-records", "dense"


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """What the manifest says of an index: how each language is searched."""

    languages: tuple[LanguageIndexDescription, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a search shall not see, so that an indexed phrasing can be asked as if it were new.

    Attributes:
        rows: Shape (passages,); True for those that are not there.
    """

    rows: BoolArray


class Retriever:
    """The searchable side of a generation; immutable, and safe to be asked by many threads."""

    def __init__(
        self,
        table: EntryTable,
        debias: LanguageDebias,
        dense: DenseIndex,
        *,
        phrases: LexicalIndex,
        words: LexicalIndex,
        centroids: EntryCentroids,
        verbatim: VerbatimIndex,
    ) -> None:
        self.table = table
        self._debias = debias
        self._dense = dense
        self._phrases = phrases
        self._words = words
        self._centroids = centroids
        self._verbatim = verbatim
        self._phrase_rows = np.flatnonzero(table.kind_of != ANSWER)
        self._record_of = _record_numbers(table)
        _, first_rows = np.unique(self._record_of, return_index=True)
        self._question_rows = np.flatnonzero(table.kind_of == QUESTION)
        self._entry_of_phrase = table.entry_of[self._phrase_rows]
        self._entry_of_record = table.entry_of[first_rows]
        self._passing = lru_cache(maxsize=128)(self._entries_passing)

    @classmethod
    def build(
        cls, passages: Sequence[Passage], vectors: FloatArray, facts: Sequence[EntryFacts]
    ) -> Self:
        """Index passages that are sorted by language, then by entry.

        Args:
            passages: What is searched; row i of every array is passage i.
            vectors: Shape (n, dimension), L2-normalised, as the model made them.
            facts: All entries that the passages belong to.

        Raises:
            ValueError: When the passages are not sorted.
        """
        table = EntryTable.of(passages, facts)
        languages = [passage.lang for passage in passages]
        roles = [passage.role for passage in passages]
        debias = LanguageDebias.fit(vectors, languages, roles)
        debiased = debias.apply(vectors, languages, roles)
        phrasings = [p.text for p in passages if p.kind is not PassageKind.ANSWER]
        rows = np.flatnonzero(table.kind_of != ANSWER)
        entry_of = table.entry_of[rows]
        return cls(
            table,
            debias,
            DenseIndex.build(debiased, table.passages_per_language),
            phrases=LexicalIndex.build(phrasings),
            words=LexicalIndex.build(_record_texts(passages)),
            centroids=EntryCentroids.fit(debiased[rows], entry_of, len(facts)),
            verbatim=VerbatimIndex.build(phrasings, entry_of),
        )

    @property
    def description(self) -> IndexDescription:
        """How each language is searched."""
        return IndexDescription(self._dense.descriptions)

    def rank(self, query: Query, limit: int = 10, hidden: Hidden | None = None) -> Ranking:
        """Rank the entries that may answer a question, best first.

        Args:
            query: The question.
            limit: How many entries at most, at least 1.
            hidden: Passages to act as if they were not there.
        """
        passing = self._passing(_filter_key(query.filters)) if query.filters else None
        visible = None if hidden is None else ~hidden.rows
        if passing is not None:
            through = passing[self.table.entry_of]
            visible = through if visible is None else visible & through
        if not (len(self.table.entry_of) if visible is None else visible.any()):
            return _NOTHING
        query_terms = frozenset(terms(query.text))
        phrases, words = self._lexical_shares(query_terms, visible)
        question = self._debias.question(query.vector, query.language)
        evidence = weigh(
            self.table,
            self._dense.search(question, max(NEIGHBOURS, limit), visible),
            query.language,
            has_text=self.table.has_text if hidden is None else self._texts_left(hidden),
            phrases=phrases,
            words=words,
            candidates=_best_entries(phrases + words),
            centroids=lambda entries: self._centroids.cosines(
                question, entries, None if hidden is None else self._left_out(hidden, entries)
            ),
        )
        if not len(evidence.entries):
            return _NOTHING
        verbatim = self._verbatim.entry(query.text) if hidden is None else None
        return self._ranking(query_terms, evidence, limit, verbatim)

    def _texts_left(self, hidden: Hidden) -> BoolArray:
        """Tell which languages each entry has a text in that is not hidden."""
        table = self.table
        touched = np.zeros(len(table.facts), np.bool_)
        touched[table.entry_of[hidden.rows]] = True
        rows = np.flatnonzero(touched[table.entry_of] & ~hidden.rows)
        left = table.has_text & ~touched[:, None]
        left[table.entry_of[rows], table.language_of[rows]] = True
        return left

    def _left_out(self, hidden: Hidden, entries: IntArray) -> FloatArray:
        """Sum the hidden phrasings of each of the given entries."""
        position = {entry: at for at, entry in enumerate(entries.tolist())}
        sums = np.zeros((len(entries), self._centroids.dimension), np.float32)
        for row in np.flatnonzero(hidden.rows & (self.table.kind_of != ANSWER)).tolist():
            at = position.get(int(self.table.entry_of[row]))
            if at is not None:
                sums[at] += self._dense.vector(row)
        return sums

    def _lexical_shares(
        self, query: frozenset[str], visible: BoolArray | None
    ) -> tuple[FloatArray, FloatArray]:
        """Best lexical share of each entry, over its questions and over its records."""
        phrases, words = self._phrases.scores(query), self._words.scores(query)
        if visible is not None:
            phrases = phrases * visible[self._phrase_rows]
            # A record is searched as a whole: it goes with its question.
            hidden = self._question_rows[~visible[self._question_rows]]
            words[self._record_of[hidden]] = 0.0
        return self._per_entry(phrases, self._entry_of_phrase), self._per_entry(
            words, self._entry_of_record
        )

    def _per_entry(self, shares: FloatArray, entry_of: IntArray) -> FloatArray:
        best = np.zeros(len(self.table.facts), np.float32)
        found = np.flatnonzero(shares > 0.0)
        np.maximum.at(best, entry_of[found], shares[found])
        return best

    def _ranking(
        self, query: frozenset[str], evidence: Evidence, limit: int, verbatim: int | None
    ) -> Ranking:
        scores = evidence.scores()
        is_verbatim = evidence.entries == verbatim
        order = np.lexsort((-scores, ~is_verbatim))
        first = order[:limit]
        lexical = np.maximum(evidence.phrases[first], evidence.words[first])
        facts, languages = self.table.facts, self.table.languages
        entries = tuple(
            ScoredEntry(facts[entry].entry_id, _shown(score), dense, share, languages[language])
            for entry, score, dense, share, language in zip(
                evidence.entries[first].tolist(),
                scores[first].tolist(),
                evidence.closest[first].tolist(),
                lexical.tolist(),
                evidence.closest_language[first].tolist(),
                strict=True,
            )
        )
        typical = CENTROIDS * float(self._centroids.typical[evidence.entries[order[0]]])
        features = features_of(len(query), evidence, typical, scores, order)
        return Ranking(entries, features, verbatim=bool(is_verbatim.any()))

    def _entries_passing(self, key: _FilterKey) -> BoolArray:
        tags, metadata = key
        return self.table.passing(Filters(tags, dict(metadata)))

    def write(self, folder: Path) -> None:
        """Write the retriever into an empty folder of a generation."""
        self.table.write(folder)
        self._debias.write(folder)
        for name, part in (
            (_DENSE, self._dense),
            (_PHRASES, self._phrases),
            (_WORDS, self._words),
        ):
            (folder / name).mkdir()
            part.write(folder / name)
        self._centroids.write(folder)
        self._verbatim.write(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a retriever back; the caller has verified the folder's checksums."""
        return cls(
            EntryTable.read(folder),
            LanguageDebias.read(folder),
            DenseIndex.read(folder / _DENSE),
            phrases=LexicalIndex.read(folder / _PHRASES),
            words=LexicalIndex.read(folder / _WORDS),
            centroids=EntryCentroids.read(folder),
            verbatim=VerbatimIndex.read(folder),
        )


_NOTHING = Ranking((), np.zeros(len(FEATURES), np.float32))
_FilterKey = tuple[frozenset[str], frozenset[tuple[str, str]]]


def _filter_key(filters: Filters) -> _FilterKey:
    return filters.tags, frozenset(filters.metadata.items())


def _record_numbers(table: EntryTable) -> IntArray:
    """Number the records: runs of passages of one entry in one language; shape (passages,)."""
    starts = np.ones(len(table.entry_of), np.bool_)
    starts[1:] = (table.entry_of[1:] != table.entry_of[:-1]) | (
        table.language_of[1:] != table.language_of[:-1]
    )
    return (np.cumsum(starts) - 1).astype(np.int32)


def _record_texts(passages: Sequence[Passage]) -> list[str]:
    """One text a record: its question and its answer, without the alternates."""
    texts: list[list[str]] = []
    previous = None
    for passage in passages:
        record = passage.lang, passage.entry_id
        if record != previous:
            texts.append([])
            previous = record
        if passage.kind is not PassageKind.ALTERNATE:
            texts[-1].append(passage.text)
    return [" ".join(parts) for parts in texts]


def _best_entries(shares: FloatArray) -> IntArray:
    found = np.flatnonzero(shares > 0.0)
    if len(found) > LEXICAL_CANDIDATES:
        best = np.argpartition(-shares[found], LEXICAL_CANDIDATES)[:LEXICAL_CANDIDATES]
        found = np.sort(found[best])
    return found.astype(np.int32)


def _shown(score: float) -> float:
    """Bring a fused score into [0, 1] for people to read; it keeps the order."""
    return 1.0 / (1.0 + math.exp(-8.0 * (score - 0.45)))
