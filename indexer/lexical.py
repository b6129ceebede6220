"""Lexical search: BM25 over question texts and over whole records, the best of each entry.

Two fields are scored, since each finds what the other misses: every question and alternate by
itself, where a visitor's words are echoed, and every record as a whole, where they may stand
anywhere. Weights are computed once, at indexing, by bm25s (Lù, 2024: "BM25S: Orders of magnitude
faster lexical search via eager sparse scoring"); a query only adds them up.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.entry_table import IntArray
from indexer.query import FloatArray
from indexer.segmentation import terms

MOST_POSTINGS = 100_000
"""Occurrences of terms that a question is compared with, those of its rarest terms first: some
tenths of a millisecond. Only terms of large knowledge bases occur that often, and the commonest
tell their documents apart least."""

CANDIDATES = 10
"""Entries that lexical search may add to those of dense search."""

_VOCABULARY = "lexical-vocabulary.json"
_POSTINGS = "lexical-postings.npz"
_ARRAYS = ("weights", "rows", "starts", "entry_of", "row_of", "shape")


@dataclass(frozen=True, slots=True)
class Field:
    """Documents of one kind.

    Attributes:
        texts: One a document.
        entry_of: Shape (documents,); the number of each document's entry.
    """

    texts: Sequence[str]
    entry_of: IntArray


@dataclass(frozen=True, slots=True)
class _Postings:
    """BM25 weights, term by term; a document's row tells its field and its place by entry.

    Attributes:
        pairs: Shape (postings, 2); the document of each, and the bits of its weight. Side by side,
            what a question needs of a term is fetched at once.
        starts: Shape (terms + 1,); where the postings of each term start.
        entry_of: Shape (documents,); the field's number times the entries, plus the entry;
            ascending.
        row_of: Shape (documents,); the row of each document as they were given, field by field.
        shape: Numbers of fields and of entries.
    """

    pairs: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    entry_of: npt.NDArray[np.int64]
    row_of: npt.NDArray[np.int64]
    shape: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls, weights: FloatArray, rows: npt.NDArray[np.int32], **others: npt.NDArray[np.int64]
    ) -> Self:
        """Put them together from weights and documents, both of shape (postings,)."""
        pairs = np.empty((len(rows), 2), np.int32)
        pairs[:, 0] = rows
        pairs[:, 1] = weights.view(np.int32)
        return cls(pairs, **others)

    @property
    def rows(self) -> npt.NDArray[np.int32]:
        """The document of each weight, shape (postings,)."""
        return self.pairs[:, 0]

    @property
    def weights(self) -> FloatArray:
        """Shape (postings,)."""
        return self.pairs.view(np.float32)[:, 1]


class LexicalIndex:
    """The best share of a question's words that any document of an entry has, field by field."""

    def __init__(self, vocabulary: dict[str, int], postings: _Postings) -> None:
        self._vocabulary = vocabulary
        self._postings = postings
        self._fields, self._entries = postings.shape.tolist()
        # Runs of documents of one field and one entry.
        self._filled, self._run_starts = np.unique(postings.entry_of, return_index=True)
        self._best = _best_weights(postings, self._fields, self._entries)
        # A term that occurs nowhere would have weighed about as much as the rarest that does.
        self._unseen = self._best.max(axis=0, initial=0.0)
        self._best = np.where(self._best > 0.0, self._best, self._unseen)
        self._spans = np.stack([postings.starts[:-1], postings.starts[1:]], axis=1)

    @classmethod
    def build(cls, fields: Sequence[Field], entries: int) -> Self:
        """Weigh the terms of documents.

        Args:
            fields: Each is weighed by itself.
            entries: How many entries there are.
        """
        vocabulary: dict[str, int] = {}
        weights, rows, term_of = [], [], []
        entry_of = np.concatenate(
            [field.entry_of + number * entries for number, field in enumerate(fields)]
        ).astype(np.int64)
        order = np.argsort(entry_of, kind="stable")
        row_of = np.empty(len(order), np.int64)
        row_of[order] = np.arange(len(order))
        first = 0
        for field in fields:
            ids = [
                [vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)]
                for text in field.texts
            ]
            found = _weigh(ids, vocabulary)
            weights.append(found.weights)
            rows.append(row_of[first + found.documents])
            term_of.append(found.terms)
            first += len(field.texts)
        terms_found = np.concatenate(term_of)
        by_term = np.argsort(terms_found, kind="stable")
        counts = np.bincount(terms_found, minlength=len(vocabulary))
        postings = _Postings.of(
            weights=np.concatenate(weights)[by_term],
            rows=np.concatenate(rows)[by_term].astype(np.int32),
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            entry_of=entry_of[order],
            row_of=row_of,
            shape=np.array([len(fields), entries], np.int64),
        )
        return cls(vocabulary, postings)

    def shares(
        self, query: Collection[str], hidden: npt.NDArray[np.bool_] | None = None
    ) -> FloatArray:
        """Score the best document of every entry, as a share of what the query could reach at most.

        Terms that occur in no document of a field count in what could be reached, so a question
        made of unknown words scores low even where its known ones match. Terms beyond
        `MOST_POSTINGS` are passed over as if they had not been asked.

        Args:
            query: The distinct terms of the question.
            hidden: Shape (documents,), in the order in which they were given, field by field; True
                for those to act as if they were not there.

        Returns:
            Shape (fields, entries), in [0, 1].
        """
        shares = np.zeros((self._fields, self._entries), np.float32)
        known = [found for found in map(self._vocabulary.get, query) if found is not None]
        if not known:
            return shares
        unknown = len(query) - len(known)
        postings = self._postings
        spans = self._spans.take(known, axis=0).tolist()
        if sum(end - start for start, end in spans) > MOST_POSTINGS:
            known, spans = _affordable(known, spans)
        reachable = self._best.take(known, axis=0).sum(axis=0)
        if unknown:
            reachable += self._unseen * unknown
        pairs = np.concatenate([postings.pairs[start:end] for start, end in spans])
        weights = pairs.view(np.float32)[:, 1]
        totals = np.bincount(pairs[:, 0], weights, minlength=len(postings.entry_of))
        if hidden is not None:
            totals[postings.row_of[hidden]] = 0.0
        shares.reshape(-1)[self._filled] = np.maximum.reduceat(totals, self._run_starts)
        shares /= np.maximum(reachable, 1e-9)[:, None]
        return shares

    def write(self, folder: Path) -> None:
        """Write the index into a generation's folder."""
        (folder / _VOCABULARY).write_text(
            json.dumps(list(self._vocabulary), ensure_ascii=False), encoding="utf-8"
        )
        parts = {name: getattr(self._postings, name) for name in _ARRAYS}
        np.savez(folder / _POSTINGS, **parts)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read an index back; the caller has verified the folder's checksums."""
        words = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        with np.load(folder / _POSTINGS, allow_pickle=False) as arrays:
            postings = _Postings.of(**{name: arrays[name] for name in _ARRAYS})
        return cls({term: term_id for term_id, term in enumerate(words)}, postings)


def _affordable(term_ids: list[int], spans: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """Keep the rarest terms, one at least, that occur `MOST_POSTINGS` times at most together."""
    lengths = [end - start for start, end in spans]
    rarest_first = sorted(range(len(spans)), key=lengths.__getitem__)
    total = list(accumulate(lengths[at] for at in rarest_first))
    kept = rarest_first[: max(bisect_right(total, MOST_POSTINGS), 1)]
    return [term_ids[at] for at in kept], [spans[at] for at in kept]


def best_entries(shares: FloatArray) -> IntArray:
    """Find the entries that echo most of a question's words.

    Args:
        shares: Of each entry, shape (entries,).

    Returns:
        Numbers of entries, ascending, `CANDIDATES` at most.
    """
    found = np.flatnonzero(shares > 0.0)
    if len(found) > CANDIDATES:
        best = np.argpartition(-shares[found], CANDIDATES)[:CANDIDATES]
        found = np.sort(found[best])
    return found.astype(np.int32)


@dataclass(frozen=True, slots=True)
class _Weights:
    """BM25 weights of one field, of terms in documents; three arrays of one length."""

    weights: FloatArray
    documents: npt.NDArray[np.int64]
    terms: npt.NDArray[np.int64]


def _weigh(term_ids: Sequence[Sequence[int]], vocabulary: dict[str, int]) -> _Weights:
    if not any(term_ids):
        nothing = np.zeros(0, np.int64)
        return _Weights(nothing.astype(np.float32), nothing, nothing)
    import bm25s  # noqa: PLC0415 - it imports scipy, which a server never needs

    model = bm25s.BM25(method="lucene", k1=1.2, b=0.75, dtype="float32", int_dtype="int32")
    model.index((term_ids, vocabulary), create_empty_token=False, show_progress=False)
    matrix = model.scores
    starts = np.asarray(matrix["indptr"], np.int64)
    counts = starts[1:] - starts[:-1]
    return _Weights(
        np.asarray(matrix["data"], np.float32),
        np.asarray(matrix["indices"], np.int64),
        np.repeat(np.arange(len(counts)), counts),
    )


def _best_weights(postings: _Postings, fields: int, entries: int) -> npt.NDArray[np.float64]:
    """Find the greatest weight of each term in each field: shape (terms, fields)."""
    best = np.zeros((len(postings.starts) - 1, fields))
    counts = postings.starts[1:] - postings.starts[:-1]
    term_of = np.repeat(np.arange(len(counts)), counts)
    field_of = postings.entry_of[postings.rows] // max(entries, 1)
    np.maximum.at(best, (term_of, field_of), postings.weights)
    return best
