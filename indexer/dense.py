"""Dense search: exact while that is fast enough, an HNSW graph a language beyond; both FAISS's.

Every language is searched by itself, so that it is always heard: the embedding model prefers
passages in the question's language, and one list over all languages would hold nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt
from faiss import swig_ptr

from indexer.query import FloatArray
from indexer.vectors import inner_products

IntArray = npt.NDArray[np.int64]

EXACT_PASSAGES = 16_384
"""Passages searched exactly in all; measured at 0.6 ms of one core for 384 dimensions. Languages
beyond it, the largest first, get an HNSW graph."""

GRAPH_PAYS_FROM = 4_096
"""Passages of a language that are never searched exactly once there are more than `EXACT_PASSAGES`
in all: beside other graphs, one more costs less than reading one more language as a whole."""

RECALL_AT_10 = 0.99
"""Share of the ten exact neighbours that an HNSW graph must find, on the data itself."""

_LINKS = 16
_CONSTRUCTION_DEPTH = 64
_SEARCH_DEPTHS = (32, 64, 96, 128, 192, 256, 384, 512)
_PROBES = 256
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

    rows: IntArray
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
            graphs[at], depth, recall = _build_graph(part, np.random.default_rng(seed))
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
            depth = max(description.search_depth, k)
            searched, parameters = _searched(self._graphs[at], depth, part)
            # FAISS's own method: its wrapper for Python costs as much as a small search.
            searched.search_c(
                1, swig_ptr(query), k, swig_ptr(scores[at]), swig_ptr(rows[at]), parameters
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
    rows: IntArray,
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


def _searched(
    graph: faiss.Index, depth: int, allowed: npt.NDArray[np.bool_] | None
) -> tuple[faiss.Index, faiss.SearchParameters]:
    """Choose what is searched for the passages that are allowed, and how.

    A graph is walked along what is near, allowed or not, and may never come to the few that are;
    so few are compared one by one.
    """
    if allowed is None:
        return graph, _walk(depth)
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
    if np.count_nonzero(allowed) <= max(EXACT_PASSAGES, len(allowed) // 10):
        return faiss.downcast_index(graph.storage), faiss.SearchParameters(sel=selector)
    return graph, faiss.SearchParametersHNSW(efSearch=depth, sel=selector)


@cache
def _walk(depth: int) -> faiss.SearchParameters:
    # Making these takes as long as walking a small graph.
    return faiss.SearchParametersHNSW(efSearch=depth)


def _build_graph(
    vectors: FloatArray, random: np.random.Generator
) -> tuple[faiss.Index, int, float]:
    """Build an HNSW graph and find the least search depth that reaches `RECALL_AT_10`.

    Probes lie between a passage and its neighbour, as a question lies near a passage and on none.
    """
    graph = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _CONSTRUCTION_DEPTH
    graph.add(vectors)
    flat = faiss.downcast_index(graph.storage)
    picked = random.choice(len(vectors), min(_PROBES, len(vectors)), replace=False)
    _, near = flat.search(vectors[picked], 2)
    probes = vectors[picked] + vectors[near[:, -1]]
    probes /= np.maximum(np.linalg.norm(probes, axis=1, keepdims=True), 1e-12)
    wanted = min(10, len(vectors))
    exact, _ = flat.search(probes, wanted)
    # What is as close as the last of the exact neighbours is as good: texts may be there twice.
    enough = exact[:, -1:] - 1e-5
    recall, depth = 0.0, _SEARCH_DEPTHS[0]
    for depth in _SEARCH_DEPTHS:
        parameters = faiss.SearchParametersHNSW(efSearch=depth)
        found, _ = graph.search(probes, wanted, params=parameters)
        recall = float(np.mean(found >= enough))
        if recall >= RECALL_AT_10:
            break
    return graph, depth, recall
