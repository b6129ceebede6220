"""Finds the entries closest to a question: dense and lexical search, fused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from indexer.closeness import MOST_CELLS, Closeness, TextCells, closeness_of_listed
from indexer.debias import LanguageDebias
from indexer.dense import DenseIndex, LanguageIndexDescription
from indexer.entry_table import ANSWER, QUESTION, BoolArray, EntryFacts, EntryTable, IntArray
from indexer.fusion import weigh
from indexer.hiding import Hidden, Hiding
from indexer.language_weights import LanguageWeights
from indexer.learnt import Learnt
from indexer.lexical import Field, LexicalIndex, best_entries
from indexer.ordering import NOTHING, in_order
from indexer.passages import Passage, PassageKind, record_texts
from indexer.query import Filters, FloatArray, Query
from indexer.ranking import Ranking
from indexer.segmentation import terms_of, words
from indexer.verbatim import VerbatimIndex

NEIGHBOURS = 64
"""Passages looked at in every language, where not all are: enough for ten entries with several
alternates each."""

_LEXICAL, _DENSE = "lexical", "dense"


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """What the manifest says of an index: how each language is searched."""

    languages: tuple[LanguageIndexDescription, ...]


class Retriever:
    """The searchable side of a generation; immutable, and safe to be asked by many threads."""

    def __init__(
        self,
        table: EntryTable,
        debias: LanguageDebias,
        dense: DenseIndex,
        *,
        lexical: LexicalIndex,
        learnt: Learnt,
        verbatim: VerbatimIndex,
    ) -> None:
        self.table = table
        self._debias = debias
        self._dense = dense
        self._lexical = lexical
        self._learnt = learnt
        self._verbatim = verbatim
        self._hiding = Hiding(table, learnt, self.vectors)
        self._cells = TextCells(table)
        self._looks_at_all = dense.is_exact and len(self._cells) <= MOST_CELLS
        self._passing = lru_cache(maxsize=128)(self._entries_passing)
        self._weights_of_all = lru_cache(maxsize=128)(self._weigh_languages_of_all)

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        vectors: FloatArray,
        facts: Sequence[EntryFacts],
        role_offset: FloatArray | None = None,
    ) -> Self:
        """Index passages that are sorted by language, then by entry.

        Args:
            passages: What is searched; row i of every array is passage i.
            vectors: Shape (n, dimension), L2-normalised, as the model made them.
            facts: All entries that the passages belong to.
            role_offset: What the query role adds to the vector of a question, shape (dimension,);
                nothing when None.

        Raises:
            ValueError: When the passages are not sorted.
        """
        table = EntryTable.of(passages, facts)
        languages = [passage.lang for passage in passages]
        roles = [passage.role for passage in passages]
        is_question = table.kind_of == QUESTION
        debias = LanguageDebias.of_index(vectors, languages, roles, is_question, role_offset)
        debiased = debias.apply(vectors, languages, roles)
        phrasings = [p.text for p in passages if p.kind is not PassageKind.ANSWER]
        rows = np.flatnonzero(table.kind_of != ANSWER)
        entry_of = table.entry_of[rows]
        fields = (
            Field(phrasings, entry_of),
            Field(record_texts(passages), table.entry_of[table.starts_record]),
        )
        return cls(
            table,
            debias,
            DenseIndex.build(debiased, table.passages_per_language),
            lexical=LexicalIndex.build(fields, len(facts)),
            learnt=Learnt.fit(debiased[rows], entry_of, len(facts)),
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
        passing = None
        if filters := query.filters:
            passing = self._passing(filters.tags, frozenset(filters.metadata.items()))
        visible = None if hidden is None else ~hidden.rows
        if passing is not None:
            through = passing[self.table.entry_of]
            visible = through if visible is None else visible & through
        if not (len(self.table.entry_of) if visible is None else visible.any()):
            return NOTHING
        question = self._debias.question(query.vector, query.language)
        if not math.isfinite(question[0]):
            # One number that is none makes all of a normalised vector none.
            return NOTHING
        # First of all: it sweeps the processor's caches, and what comes before it comes slowly.
        cosines = self._dense.cosines(question) if self._looks_at_all else None
        asked = tuple(words(query.text))
        query_terms = frozenset(terms_of(asked))
        hidden_texts = None if visible is None else self._hiding.documents(visible)
        shares = self._lexical.shares(query_terms, hidden_texts)
        closeness = self._closeness(question, cosines, limit, visible, shares)
        entries = closeness.entries
        if not len(entries):
            return NOTHING
        centroids, likely = self._compare_with_learnt(question, entries, hidden)
        evidence = weigh(
            closeness,
            self._language_weights(query.language, entries, hidden),
            shares=shares if self._are_all(entries) else shares[:, entries],
            centroids=centroids,
            likely=likely,
        )
        verbatim = self._verbatim.entry(asked) if hidden is None else None
        return in_order(
            self.table,
            evidence,
            language=query.language,
            terms_asked=len(query_terms),
            limit=limit,
            verbatim=verbatim,
        )

    def _closeness(
        self,
        question: FloatArray,
        cosines: FloatArray | None,
        limit: int,
        visible: BoolArray | None,
        shares: FloatArray,
    ) -> Closeness:
        if cosines is not None:
            return self._cells.closeness(cosines, visible)
        found = self._dense.search(question, max(NEIGHBOURS, limit), visible)
        return closeness_of_listed(self.table, found, best_entries(shares.sum(axis=0)))

    def _are_all(self, entries: IntArray) -> bool:
        return len(entries) == len(self.table.facts)

    def _language_weights(
        self, language: str, entries: IntArray, hidden: Hidden | None
    ) -> LanguageWeights:
        if hidden is None and self._are_all(entries):
            return self._weights_of_all(language if language in self.table.languages else "")
        has_text = self.table.has_text if hidden is None else self._hiding.texts_left(hidden)
        return LanguageWeights.of(self.table, language, entries, has_text)

    def _weigh_languages_of_all(self, language: str) -> LanguageWeights:
        every = np.arange(len(self.table.facts), dtype=np.int32)
        return LanguageWeights.of(self.table, language, every, self.table.has_text)

    def is_only_its_own(self, phrasing: str) -> bool:
        """Tell whether an indexed phrasing, word for word, stands under one entry alone."""
        return self._verbatim.entry(words(phrasing)) is not None

    def without(self, rows: BoolArray) -> Hidden:
        """Hide passages, and learn from those that are left; see `Hiding.learning_again`."""
        return self._hiding.learning_again(rows)

    def vectors(self, rows: Sequence[int]) -> FloatArray:
        """The debiased vectors of some passages, shape (rows, dimension)."""
        vectors = np.zeros((len(rows), len(self._learnt.origin)), np.float32)
        for at, row in enumerate(rows):
            vectors[at] = self._dense.vector(row)
        return vectors

    def _compare_with_learnt(
        self, question: FloatArray, entries: IntArray, hidden: Hidden | None
    ) -> tuple[FloatArray, FloatArray]:
        """Cosines to entries' centroids, and entries' log likelihoods; both (entries,)."""
        learnt = (hidden and hidden.learnt) or self._learnt
        asked, centroids, classifier = learnt.centred(question), learnt.centroids, learnt.classifier
        if hidden is None or hidden.learnt is not None:
            return centroids.cosines(asked, entries), classifier.log_likelihoods(asked, entries)
        alike, pulled = self._hiding.left_out(hidden, entries)
        return (
            centroids.cosines(asked, entries, alike),
            classifier.log_likelihoods(asked, entries, pulled),
        )

    def _entries_passing(
        self, tags: frozenset[str], metadata: frozenset[tuple[str, str]]
    ) -> BoolArray:
        return self.table.passing(Filters(tags, dict(metadata)))

    def write(self, folder: Path) -> None:
        """Write the retriever into an empty folder of a generation."""
        self.table.write(folder)
        self._debias.write(folder)
        (folder / _DENSE).mkdir()
        self._dense.write(folder / _DENSE)
        (folder / _LEXICAL).mkdir()
        self._lexical.write(folder / _LEXICAL)
        self._learnt.write(folder)
        self._verbatim.write(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a retriever back; the caller has verified the folder's checksums."""
        return cls(
            EntryTable.read(folder),
            LanguageDebias.read(folder),
            DenseIndex.read(folder / _DENSE),
            lexical=LexicalIndex.read(folder / _LEXICAL),
            learnt=Learnt.read(folder),
            verbatim=VerbatimIndex.read(folder),
        )
