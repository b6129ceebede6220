"""HNSW graphs of FAISS: as deep a search as finds what exact search finds, measured on the data.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
Navigable Small World graphs", 2018.
"""

from __future__ import annotations

from functools import cache

import faiss
import numpy as np
import numpy.typing as npt
from faiss import swig_ptr

from indexer.query import FloatArray

RowArray = npt.NDArray[np.int64]
"""Numbers of passages, as FAISS counts them."""

RECALL_AT_10 = 0.99
"""Share of the ten exact neighbours that a graph must find, on the data itself."""

_LINKS = 16
_CONSTRUCTION_DEPTH = 64
_SEARCH_DEPTHS = (32, 64, 96, 128, 192, 256, 384, 512)
_PROBES = 256


def build_graph(vectors: FloatArray, random: np.random.Generator) -> tuple[faiss.Index, int, float]:
    """Build an HNSW graph and find the least search depth that reaches `RECALL_AT_10`.

    Probes lie between a passage and its neighbour, as a question lies near a passage and on none.

    Args:
        vectors: Passages, shape (n, dimension), L2-normalised.
        random: Chooses the probes.

    Returns:
        The graph, the depth (efSearch), and the share of the ten exact neighbours found with it.
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


def search_graph(
    graph: faiss.Index,
    query: FloatArray,
    depth: int,
    scores: FloatArray,
    rows: RowArray,
    *,
    allowed: npt.NDArray[np.bool_] | None = None,
    few: int = 0,
) -> None:
    """Write the best passages of a graph and their cosines into `rows` and `scores`.

    Args:
        graph: As `build_graph` gives it.
        query: Shape (dimension,), contiguous, L2-normalised.
        depth: How deep to search (efSearch); at least as many as are wanted.
        scores: Shape (k,).
        rows: Shape (k,); -1 where fewer are found.
        allowed: Shape (n,); False keeps a passage out.
        few: So many allowed passages are compared one by one.
    """
    searched, parameters = _searched(graph, max(depth, len(rows)), allowed, few)
    # FAISS's own method: its wrapper for Python costs as much as a small search.
    searched.search_c(1, swig_ptr(query), len(rows), swig_ptr(scores), swig_ptr(rows), parameters)


def _searched(
    graph: faiss.Index, depth: int, allowed: npt.NDArray[np.bool_] | None, few: int
) -> tuple[faiss.Index, faiss.SearchParameters]:
    """Choose what is searched for the passages that are allowed, and how.

    A graph is walked along what is near, allowed or not, and may never come to the few that are;
    so few are compared one by one.
    """
    if allowed is None:
        return graph, _walk(depth)
    selector = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
    if np.count_nonzero(allowed) <= max(few, len(allowed) // 10):
        return faiss.downcast_index(graph.storage), faiss.SearchParameters(sel=selector)
    return graph, faiss.SearchParametersHNSW(efSearch=depth, sel=selector)


@cache
def _walk(depth: int) -> faiss.SearchParameters:
    # Making these takes as long as walking a small graph.
    return faiss.SearchParametersHNSW(efSearch=depth)
