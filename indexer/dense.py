"""Dense search: exact while that is fast enough, an HNSW graph a language beyond; both FAISS's.

Every language is searched by itself, so that it is always heard: the embedding model prefers
passages in the question's language, and one list over all languages would hold nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from indexer.graphs import RowArray, build_graph, search_graph
from indexer.query import FloatArray
from indexer.vectors import inner_products

EXACT_PASSAGES = 16_384
"""Passages searched exactly in all; measured at 0.6 ms of one core for 384 dimensions. Languages
beyond it, the largest first, get an HNSW graph."""

GRAPH_PAYS_FROM = 4_096
"""Passages of a language that are never searched exactly once there are more than `EXACT_PASSAGES`
in all: beside other graphs, one more costs less than reading one more language as a whole."""

_DESCRIPTION = "dense.json"
_FLAT = "flat.faiss"


class Backend(StrEnum):
    """How the passages of a language are searched."""

    EXACT = "exact"
    HNSW = "hnsw"


@dataclass(frozen=True, slots=True)
class LanguageIndexDescription:
    """What the manifest says of one language's index.

    Attributes:
        language: BCP 47 tag.
        backend: How it is searched.
        passages: Number of passages.
        recall_at_10: Share of the ten exact neighbours found, on probes from the passages
            themselves; 1.0 for exact search.
        search_depth: HNSW's efSearch; 0 for exact search.
    """

    language: str
    backend: Backend
    passages: int
    recall_at_10: float
    search_depth: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The best passages of each language.

    Attributes:
        rows: Shape (languages, k); row numbers of passages, best first, -1 where there are fewer.
        scores: Shape (languages, k); cosines, -inf where there are fewer.
    """

    rows: RowArray
    scores: FloatArray


class DenseIndex:
    """FAISS indexes over passages that are sorted by language.

    Args:
        flat: The passages of all languages that are searched exactly, one language after another.
        graphs: Of the other languages, by the number of the language.
        descriptions: Of every language.
    """

    def __init__(
        self,
        flat: faiss.IndexFlat,
        graphs: Mapping[int, faiss.Index],
        descriptions: Sequence[LanguageIndexDescription],
    ) -> None:
        self.descriptions = tuple(descriptions)
        self._flat = flat
        self._graphs = dict(graphs)
        self._vectors = _vectors_of(flat)
        sizes = [description.passages for description in descriptions]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        flat_sizes = [0 if at in self._graphs else size for at, size in enumerate(sizes)]
        self._flat_starts = np.concatenate([[0], np.cumsum(flat_sizes)]).astype(np.int64)

    @classmethod
    def build(
        cls, vectors: FloatArray, passages_per_language: Mapping[str, int], *, seed: int = 0
    ) -> Self:
        """Index L2-normalised vectors, shape (n, dimension), sorted by language.

        Args:
            vectors: The passages of the first language, then those of the second, and so on.
            passages_per_language: How many there are of each, in that order.
            seed: Chooses the probes that recall is measured with.
        """
        exact = _languages_searched_exactly(passages_per_language)
        flat = faiss.IndexFlatIP(vectors.shape[1])
        graphs: dict[int, faiss.Index] = {}
        descriptions, start = [], 0
        for at, (language, count) in enumerate(passages_per_language.items()):
            part = np.ascontiguousarray(vectors[start : start + count])
            start += count
            if language in exact:
                flat.add(part)
                descriptions.append(
                    LanguageIndexDescription(language, Backend.EXACT, count, 1.0, 0)
                )
                continue
            graphs[at], depth, recall = build_graph(part, np.random.default_rng(seed))
            descriptions.append(
                LanguageIndexDescription(language, Backend.HNSW, count, recall, depth)
            )
        return cls(flat, graphs, descriptions)

    @property
    def is_exact(self) -> bool:
        """Whether no language needs a graph."""
        return not self._graphs

    def cosines(self, vector: FloatArray) -> FloatArray:
        """Compare a query with every passage of the languages that are searched exactly.

        Args:
            vector: Debiased query, shape (dimension,), L2-normalised.

        Returns:
            Shape (passages,), in the order of the passages.

        Raises:
            ValueError: When the query has another dimension than the passages.
        """
        return inner_products(self._vectors, vector)

    def search(
        self, vector: FloatArray, k: int, allowed: npt.NDArray[np.bool_] | None = None
    ) -> Neighbours:
        """Find the `k` best passages of every language.

        Args:
            vector: Debiased query, shape (dimension,), L2-normalised.
            k: How many a language, at least 1.
            allowed: Shape (n,); False keeps a passage out.

        Raises:
            ValueError: When the query has another dimension than the passages.
        """
        cosines = self.cosines(vector)
        query = np.ascontiguousarray(vector, np.float32)
        shape = (len(self.descriptions), k)
        rows, scores = np.full(shape, -1, np.int64), np.full(shape, -np.inf, np.float32)
        for at, description in enumerate(self.descriptions):
            start, end = self._starts[at], self._starts[at + 1]
            part = None if allowed is None else allowed[start:end]
            if at not in self._graphs:
                first = self._flat_starts[at]
                _take_best(cosines[first : first + end - start], part, scores[at], rows[at])
                continue
            search_graph(
                self._graphs[at],
                query,
                description.search_depth,
                scores[at],
                rows[at],
                allowed=part,
                few=EXACT_PASSAGES,
            )
        missing = rows < 0
        rows += self._starts[:-1, None]
        # FAISS fills what it does not find with row -1 and the lowest score.
        rows[missing], scores[missing] = -1, -np.inf
        return Neighbours(rows, scores)

    def vector(self, row: int) -> FloatArray:
        """The debiased vector of one passage, shape (dimension,)."""
        at = int(np.searchsorted(self._starts, row, side="right")) - 1
        inside = row - int(self._starts[at])
        if at in self._graphs:
            found: FloatArray = self._graphs[at].reconstruct(inside)
        else:
            found = self._vectors[int(self._flat_starts[at]) + inside]
        return found

    def write(self, folder: Path) -> None:
        """Write the FAISS files, and the languages' descriptions."""
        # FAISS's own writing does not notice a disk that is full when the file is closed.
        (folder / _FLAT).write_bytes(faiss.serialize_index(self._flat))
        for at, graph in self._graphs.items():
            (folder / _graph_name(at)).write_bytes(faiss.serialize_index(graph))
        rows = [asdict(description) for description in self.descriptions]
        (folder / _DESCRIPTION).write_text(json.dumps(rows, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the indexes back; the caller has verified the folder's checksums.

        FAISS trusts the bytes it reads: never call this on files that were not verified.
        """
        rows = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        descriptions = [
            LanguageIndexDescription(**{**row, "backend": Backend(row["backend"])}) for row in rows
        ]
        graphs = {
            at: faiss.read_index(str(folder / _graph_name(at)))
            for at, description in enumerate(descriptions)
            if description.backend is Backend.HNSW
        }
        return cls(faiss.read_index(str(folder / _FLAT)), graphs, descriptions)


def _vectors_of(flat: faiss.IndexFlat) -> FloatArray:
    """Look at the vectors of an index where they are, shape (n, dimension)."""
    vectors: FloatArray = faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return vectors.reshape(flat.ntotal, flat.d)


def _take_best(
    cosines: FloatArray,
    allowed: npt.NDArray[np.bool_] | None,
    scores: FloatArray,
    rows: RowArray,
) -> None:
    """Write the best passages of a language and their cosines into `rows` and `scores`."""
    if allowed is not None:
        cosines = np.where(allowed, cosines, -np.inf)
    found = np.arange(len(cosines))
    if len(cosines) > len(rows):
        found = np.argpartition(-cosines, len(rows) - 1)[: len(rows)]
    found = found[np.argsort(-cosines[found], kind="stable")]
    found = found[np.isfinite(cosines[found])]
    rows[: len(found)], scores[: len(found)] = found, cosines[found]


def _graph_name(language: int) -> str:
    return f"graph-{language:03d}.faiss"


def _languages_searched_exactly(passages_per_language: Mapping[str, int]) -> set[str]:
    if sum(passages_per_language.values()) <= EXACT_PASSAGES:
        return set(passages_per_language)
    left, exact = EXACT_PASSAGES, set()
    for language, count in sorted(passages_per_language.items(), key=lambda item: item[1]):
        if count > min(left, GRAPH_PAYS_FROM):
            break
        left -= count
        exact.add(language)
    return exact
