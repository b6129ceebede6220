"""Dense search: one FAISS index a language, exact while that is fast enough, HNSW beyond.

A language has an index of its own, so that every language is always heard: the embedding model
prefers passages in the question's language, and one list over all languages would hold nothing
else.
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
    """FAISS indexes over passages that are sorted by language."""

    def __init__(
        self, indexes: Sequence[faiss.Index], descriptions: Sequence[LanguageIndexDescription]
    ) -> None:
        self.descriptions = tuple(descriptions)
        self._indexes = tuple(indexes)
        sizes = [description.passages for description in descriptions]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

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
        indexes, descriptions, start = [], [], 0
        for language, count in passages_per_language.items():
            part = np.ascontiguousarray(vectors[start : start + count])
            start += count
            flat = faiss.IndexFlatIP(vectors.shape[1])
            flat.add(part)
            if language in exact:
                indexes.append(flat)
                descriptions.append(
                    LanguageIndexDescription(language, Backend.EXACT, count, 1.0, 0)
                )
                continue
            graph, depth, recall = _build_graph(part, flat, np.random.default_rng(seed))
            indexes.append(graph)
            descriptions.append(
                LanguageIndexDescription(language, Backend.HNSW, count, recall, depth)
            )
        return cls(indexes, descriptions)

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
        query = np.ascontiguousarray(vector, np.float32)
        shape = (len(self._indexes), k)
        rows, scores = np.full(shape, -1, np.int64), np.full(shape, -np.inf, np.float32)
        for at, index in enumerate(self._indexes):
            if query.shape != (index.d,):
                raise ValueError(f"a query of shape {query.shape} among {index.d} dimensions")
            depth = self.descriptions[at].search_depth
            part = None if allowed is None else allowed[self._starts[at] : self._starts[at + 1]]
            searched, parameters = _searched(index, max(depth, k) if depth else 0, part)
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
        vector: FloatArray = self._indexes[at].reconstruct(row - int(self._starts[at]))
        return vector

    def write(self, folder: Path) -> None:
        """Write one FAISS file a language, and their descriptions."""
        for position, index in enumerate(self._indexes):
            # FAISS's own writing does not notice a disk that is full when the file is closed.
            (folder / _file_name(position)).write_bytes(faiss.serialize_index(index))
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
        indexes = [
            faiss.read_index(str(folder / _file_name(position)))
            for position in range(len(descriptions))
        ]
        return cls(indexes, descriptions)


def _file_name(position: int) -> str:
    return f"dense-{position:03d}.faiss"


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
    index: faiss.Index, depth: int, allowed: npt.NDArray[np.bool_] | None
) -> tuple[faiss.Index, faiss.SearchParameters | None]:
    """Choose what is searched for the passages that are allowed, and how.

    A graph is walked along what is near, allowed or not, and may never come to the few that are;
    so few are compared one by one.
    """
    selector = None
    if allowed is not None:
        selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if depth and np.count_nonzero(allowed) <= max(EXACT_PASSAGES, len(allowed) // 10):
            index, depth = faiss.downcast_index(index.storage), 0
    if depth and selector is None:
        return index, _walk(depth)
    if depth:
        return index, faiss.SearchParametersHNSW(efSearch=depth, sel=selector)
    return index, None if selector is None else faiss.SearchParameters(sel=selector)


@cache
def _walk(depth: int) -> faiss.SearchParameters:
    # Making these takes as long as walking a small graph.
    return faiss.SearchParametersHNSW(efSearch=depth)


def _build_graph(
    vectors: FloatArray, flat: faiss.Index, random: np.random.Generator
) -> tuple[faiss.Index, int, float]:
    """Build an HNSW graph and find the least search depth that reaches `RECALL_AT_10`.

    Probes lie between a passage and its neighbour, as a question lies near a passage and on none.
    """
    graph = faiss.IndexHNSWFlat(vectors.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = _CONSTRUCTION_DEPTH
    graph.add(vectors)
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
