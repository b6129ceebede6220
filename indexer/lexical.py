"""Lexical search: BM25 over question texts and over whole records.

Two kinds of documents are scored, since each finds what the other misses: every question and
alternate by itself, where a visitor's words are echoed, and every record as a whole, where they
may stand anywhere. Weights are computed once, at indexing, by bm25s (Lù, 2024: "BM25S: Orders of
magnitude faster lexical search via eager sparse scoring"); a query only adds them up.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.query import FloatArray
from indexer.segmentation import terms

MOST_POSTINGS = 50_000
"""Occurrences of terms that a question is compared with, those of its rarest terms first: some
tenths of a millisecond. Only terms of large knowledge bases occur that often, and the commonest
tell their documents apart least."""

_VOCABULARY = "lexical-vocabulary.json"
_POSTINGS = "lexical-postings.npz"


class LexicalIndex:
    """BM25 weights of terms in documents, stored term by term.

    Attributes:
        documents: Number of documents.
    """

    def __init__(
        self,
        vocabulary: dict[str, int],
        weights: FloatArray,
        rows: npt.NDArray[np.int32],
        starts: npt.NDArray[np.int64],
        documents: int,
    ) -> None:
        self.documents = documents
        self._vocabulary = vocabulary
        self._weights = weights
        self._rows = rows
        self._starts = starts
        self._best = _best_weight_per_term(weights, starts)
        # A term that occurs nowhere would have weighed about as much as the rarest that does.
        self._unseen = float(self._best.max(initial=0.0))

    @classmethod
    def build(cls, texts: Sequence[str]) -> Self:
        """Weigh the terms of the given documents; document i is row i of every score array."""
        vocabulary: dict[str, int] = {}
        term_ids = [
            [vocabulary.setdefault(term, len(vocabulary)) for term in terms(text)] for text in texts
        ]
        if not vocabulary:
            nothing = np.zeros(0)
            return cls(
                {},
                nothing.astype(np.float32),
                nothing.astype(np.int32),
                np.zeros(1, np.int64),
                len(texts),
            )
        import bm25s  # noqa: PLC0415 - it imports scipy, which a server never needs

        model = bm25s.BM25(method="lucene", k1=1.2, b=0.75, dtype="float32", int_dtype="int32")
        model.index((term_ids, vocabulary), show_progress=False)
        matrix = model.scores
        return cls(
            vocabulary,
            np.asarray(matrix["data"], np.float32),
            np.asarray(matrix["indices"], np.int32),
            np.asarray(matrix["indptr"], np.int64),
            len(texts),
        )

    def scores(self, query: Collection[str]) -> FloatArray:
        """Score every document, as a share of what the query could reach at most.

        Terms that occur in no document count in what could be reached, so a question made of
        unknown words scores low even where its known ones match. Terms beyond `MOST_POSTINGS` are
        passed over as if they had not been asked.

        Args:
            query: The distinct terms of the question.

        Returns:
            Shape (documents,), in [0, 1].
        """
        known = [found for term in query if (found := self._vocabulary.get(term)) is not None]
        if not known:
            return np.zeros(self.documents, np.float32)
        term_ids = self._affordable(np.array(known))
        reachable = float(self._best[term_ids].sum(dtype=np.float64))
        reachable += self._unseen * (len(query) - len(known))
        starts, ends = self._starts[term_ids].tolist(), self._starts[term_ids + 1].tolist()
        spans = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
        rows = np.concatenate([self._rows[span] for span in spans])
        weights = np.concatenate([self._weights[span] for span in spans])
        totals = np.bincount(rows, weights, minlength=self.documents)
        return (totals / reachable).astype(np.float32)

    def _affordable(self, term_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        postings = self._starts[term_ids + 1] - self._starts[term_ids]
        if postings.sum() <= MOST_POSTINGS:
            return term_ids
        rarest_first = np.argsort(postings, kind="stable")
        affordable = np.cumsum(postings[rarest_first]) <= MOST_POSTINGS
        affordable[0] = True
        return term_ids[rarest_first[affordable]]

    def write(self, folder: Path) -> None:
        """Write the index into a generation's folder."""
        (folder / _VOCABULARY).write_text(
            json.dumps(list(self._vocabulary), ensure_ascii=False), encoding="utf-8"
        )
        np.savez(
            folder / _POSTINGS,
            weights=self._weights,
            rows=self._rows,
            starts=self._starts,
            documents=np.int64(self.documents),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read an index back; the caller has verified the folder's checksums."""
        words = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
        with np.load(folder / _POSTINGS, allow_pickle=False) as arrays:
            return cls(
                {term: term_id for term_id, term in enumerate(words)},
                arrays["weights"],
                arrays["rows"],
                arrays["starts"],
                int(arrays["documents"]),
            )


def _best_weight_per_term(weights: FloatArray, starts: npt.NDArray[np.int64]) -> FloatArray:
    if not len(weights):
        return np.zeros(0, np.float32)
    return np.maximum.reduceat(weights, starts[:-1]).astype(np.float32)
