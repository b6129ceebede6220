"""Finds the entries closest to a question: dense and lexical search, fused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.closeness import MOST_CELLS, Closeness, TextCells, closeness_of_listed
from indexer.debias import LanguageDebias
from indexer.dense import DenseIndex, LanguageIndexDescription
from indexer.entry_table import ANSWER, QUESTION, BoolArray, EntryFacts, EntryTable, IntArray
from indexer.features import FEATURES, features_of
from indexer.fusion import Evidence, weigh
from indexer.language_weights import LanguageWeights
from indexer.learnt import Learnt
from indexer.lexical import Field, LexicalIndex
from indexer.passages import Passage, PassageKind
from indexer.query import Filters, FloatArray, Query
from indexer.ranking import Ranking, ScoredEntry
from indexer.segmentation import terms_of, words
from indexer.verbatim import VerbatimIndex
from models.embedding import Role

NEIGHBOURS = 64
"""Passages looked at in every language, where not all are: enough for ten entries with several
alternates each."""

LEXICAL_CANDIDATES = 10
"""Entries that lexical search may add to those of dense search."""

_LEXICAL, _DENSE = "lexical", "dense"


@dataclass(frozen=True, slots=True)
class IndexDescription:
    """What the manifest says of an index: how each language is searched."""

    languages: tuple[LanguageIndexDescription, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a search shall not see, so that an indexed phrasing can be asked as if it were new.

    Attributes:
        rows: Shape (passages,); True for those that are not there.
        learnt: From what is there; None to take the hidden phrasings out of what the index has
            learnt, which is about the same and costs next to nothing.
    """

    rows: BoolArray
    learnt: Learnt | None = None


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
        debias = _debias(vectors, languages, roles, table, role_offset)
        debiased = debias.apply(vectors, languages, roles)
        phrasings = [p.text for p in passages if p.kind is not PassageKind.ANSWER]
        rows = np.flatnonzero(table.kind_of != ANSWER)
        entry_of = table.entry_of[rows]
        fields = (
            Field(phrasings, entry_of),
            Field(_record_texts(passages), table.entry_of[table.starts_record]),
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
        passing = self._passing(_filter_key(query.filters)) if query.filters else None
        visible = None if hidden is None else ~hidden.rows
        if passing is not None:
            through = passing[self.table.entry_of]
            visible = through if visible is None else visible & through
        if not (len(self.table.entry_of) if visible is None else visible.any()):
            return _NOTHING
        question = self._debias.question(query.vector, query.language)
        if not math.isfinite(question[0]):
            # One number that is none makes all of a normalised vector none.
            return _NOTHING
        # First of all: it sweeps the processor's caches, and what comes before it comes slowly.
        cosines = self._dense.cosines(question) if self._looks_at_all else None
        asked = tuple(words(query.text))
        query_terms = frozenset(terms_of(asked))
        hidden_texts = None if visible is None else self._documents_hidden(visible)
        shares = self._lexical.shares(query_terms, hidden_texts)
        closeness = self._closeness(question, cosines, limit, visible, shares)
        entries = closeness.entries
        if not len(entries):
            return _NOTHING
        centroids, likely = self._compare_with_learnt(question, entries, hidden)
        evidence = weigh(
            closeness,
            self._language_weights(query.language, entries, hidden),
            shares=shares if self._are_all(entries) else shares[:, entries],
            centroids=centroids,
            likely=likely,
        )
        verbatim = self._verbatim.entry(asked) if hidden is None else None
        return self._ranking(query.language, len(query_terms), evidence, limit, verbatim)

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
        return closeness_of_listed(self.table, found, _best_entries(shares.sum(axis=0)))

    def _are_all(self, entries: IntArray) -> bool:
        return len(entries) == len(self.table.facts)

    def _language_weights(
        self, language: str, entries: IntArray, hidden: Hidden | None
    ) -> LanguageWeights:
        if hidden is None and self._are_all(entries):
            return self._weights_of_all(language if language in self.table.languages else "")
        has_text = self.table.has_text if hidden is None else self._texts_left(hidden)
        return LanguageWeights.of(self.table, language, entries, has_text)

    def _weigh_languages_of_all(self, language: str) -> LanguageWeights:
        every = np.arange(len(self.table.facts), dtype=np.int32)
        return LanguageWeights.of(self.table, language, every, self.table.has_text)

    def is_only_its_own(self, phrasing: str) -> bool:
        """Tell whether an indexed phrasing, word for word, stands under one entry alone."""
        return self._verbatim.entry(words(phrasing)) is not None

    def without(self, rows: BoolArray) -> Hidden:
        """Hide passages, and learn from the phrasings that are left.

        Args:
            rows: Shape (passages,); True for those to hide; the answers under hidden questions,
                which carry their words, are hidden too.
        """
        rows = self.table.with_answers(rows)
        left = np.flatnonzero(~rows & (self.table.kind_of != ANSWER))
        learnt = Learnt.fit(
            self.vectors(left.tolist()), self.table.entry_of[left], len(self.table.facts)
        )
        return Hidden(rows, learnt)

    def vectors(self, rows: Sequence[int]) -> FloatArray:
        """The debiased vectors of some passages, shape (rows, dimension)."""
        vectors = np.zeros((len(rows), len(self._learnt.origin)), np.float32)
        for at, row in enumerate(rows):
            vectors[at] = self._dense.vector(row)
        return vectors

    def _texts_left(self, hidden: Hidden) -> BoolArray:
        """Tell which languages each entry has a text in that is not hidden."""
        table = self.table
        touched = np.zeros(len(table.facts), np.bool_)
        touched[table.entry_of[hidden.rows]] = True
        rows = np.flatnonzero(touched[table.entry_of] & ~hidden.rows)
        left = table.has_text & ~touched[:, None]
        left[table.entry_of[rows], table.language_of[rows]] = True
        return left

    def _compare_with_learnt(
        self, question: FloatArray, entries: IntArray, hidden: Hidden | None
    ) -> tuple[FloatArray, FloatArray]:
        """Cosines to entries' centroids, and entries' log likelihoods; both (entries,)."""
        learnt = (hidden and hidden.learnt) or self._learnt
        asked, centroids, classifier = learnt.centred(question), learnt.centroids, learnt.classifier
        if hidden is None or hidden.learnt is not None:
            return centroids.cosines(asked, entries), classifier.log_likelihoods(asked, entries)
        alike, pulled = self._left_out(hidden, entries)
        return (
            centroids.cosines(asked, entries, alike),
            classifier.log_likelihoods(asked, entries, pulled),
        )

    def _left_out(self, hidden: Hidden, entries: IntArray) -> tuple[FloatArray, FloatArray]:
        """Sum the hidden phrasings of entries, as centroids and the classifier want them."""
        place_of = {entry: at for at, entry in enumerate(entries.tolist())}
        alike = np.zeros((len(entries), len(self._learnt.origin)), np.float32)
        pulled = np.zeros_like(alike)
        is_phrasing = self.table.kind_of != ANSWER
        number_of = np.cumsum(is_phrasing) - 1
        for row in np.flatnonzero(hidden.rows & is_phrasing).tolist():
            at = place_of.get(int(self.table.entry_of[row]))
            if at is not None:
                vector = self._learnt.centred(self._dense.vector(row))
                alike[at] += vector
                pulled[at] += self._learnt.classifier.pulls[number_of[row]] * vector
        return alike, pulled

    def _documents_hidden(self, visible: BoolArray) -> BoolArray:
        """Tell which texts lexical search shall not see: questions and alternates, then records.

        A record is searched as a whole: it goes with its question.
        """
        hidden = ~visible
        record_of = np.cumsum(self.table.starts_record) - 1
        records = np.zeros(int(record_of[-1]) + 1, np.bool_)
        records[record_of[hidden & (self.table.kind_of == QUESTION)]] = True
        return np.concatenate([hidden[self.table.kind_of != ANSWER], records])

    def _ranking(
        self,
        language: str,
        terms_asked: int,
        evidence: Evidence,
        limit: int,
        verbatim: int | None,
    ) -> Ranking:
        order = np.argsort(-evidence.scores, kind="stable")
        if verbatim is not None:
            order = _with_first(order, evidence.entries, verbatim)
        first = order[:limit]
        scores = evidence.scores[first].tolist()
        lexical = evidence.shares[:, first].max(axis=0)
        closest, closest_language = evidence.closest(first)
        facts, languages = self.table.facts, self.table.languages
        entries = tuple(
            ScoredEntry(facts[entry].entry_id, _shown(score), dense, share, languages[language])
            for entry, score, dense, share, language in zip(
                evidence.entries[first].tolist(),
                scores,
                closest.tolist(),
                lexical.tolist(),
                closest_language.tolist(),
                strict=True,
            )
        )
        best = evidence.entries[order[0]]
        features = features_of(terms_asked, evidence, float(closest[0]), int(order[0]))
        is_verbatim = verbatim is not None and best == verbatim
        return Ranking(entries, features, language, is_verbatim)

    def _entries_passing(self, key: _FilterKey) -> BoolArray:
        tags, metadata = key
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


_NOTHING = Ranking((), np.zeros(len(FEATURES), np.float32))
_FilterKey = tuple[frozenset[str], frozenset[tuple[str, str]]]


def _filter_key(filters: Filters) -> _FilterKey:
    return filters.tags, frozenset(filters.metadata.items())


def _debias(
    vectors: FloatArray,
    languages: Sequence[str],
    roles: Sequence[Role],
    table: EntryTable,
    role_offset: FloatArray | None,
) -> LanguageDebias:
    """Learn the languages' means; questions count in either role, as visitors ask them too."""
    questions = np.flatnonzero(table.kind_of == QUESTION)
    asked = vectors[questions]
    if role_offset is not None:
        asked = asked + role_offset
    return LanguageDebias.fit(
        np.concatenate([vectors, asked]),
        [*languages, *(languages[row] for row in questions.tolist())],
        [*roles, *([Role.QUERY] * len(questions))],
    )


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


def _with_first(order: npt.NDArray[np.intp], entries: IntArray, first: int) -> npt.NDArray[np.intp]:
    """Put an entry, if it was found, before all others."""
    if entries[order[0]] == first:
        return order
    is_first = entries[order] == first
    return np.concatenate([order[is_first], order[~is_first]])


def _best_entries(shares: FloatArray) -> IntArray:
    found = np.flatnonzero(shares > 0.0)
    if len(found) > LEXICAL_CANDIDATES:
        best = np.argpartition(-shares[found], LEXICAL_CANDIDATES)[:LEXICAL_CANDIDATES]
        found = np.sort(found[best])
    return found.astype(np.int32)


def _shown(score: float) -> float:
    """Bring a fused score into [0, 1] for people to read; it keeps the order."""
    return 1.0 / (1.0 + math.exp(-16.0 * (score - 0.22)))
