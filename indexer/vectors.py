"""Arithmetic that every part of an index does with vectors."""

from __future__ import annotations

import math

import faiss
import numpy as np
from faiss import swig_ptr

from indexer.query import FloatArray

_LEAST_LENGTH = 1e-12


def lengths(vectors: FloatArray) -> FloatArray:
    """Euclidean length of each vector: shape (..., dimension) to (...)."""
    found: FloatArray = np.sqrt(np.einsum("...i,...i->...", vectors, vectors))
    return found


def normalized(vectors: FloatArray) -> FloatArray:
    """Bring vectors, shape (..., dimension), to length 1; those of length 0 stay as they are."""
    divisor = np.maximum(lengths(vectors), _LEAST_LENGTH)[..., None]
    found: FloatArray = (vectors / divisor).astype(np.float32, copy=False)
    return found


def unit(vector: FloatArray) -> FloatArray:
    """Bring one vector, shape (dimension,), to length 1, as `normalized` does, only faster."""
    length = max(math.sqrt(vector @ vector), _LEAST_LENGTH)
    found: FloatArray = vector * np.float32(1.0 / length)
    return found


def inner_products(rows: FloatArray, vector: FloatArray) -> FloatArray:
    """Multiply every row with a vector.

    FAISS's kernel: after the embedding model has swept the caches, it takes less than half the
    time of numpy's product.

    Args:
        rows: Shape (n, dimension), contiguous.
        vector: Shape (dimension,).

    Returns:
        Shape (n,).

    Raises:
        ValueError: When the vector has another dimension than the rows.
    """
    count, dimension = rows.shape
    if vector.shape != (dimension,):
        raise ValueError(f"a query of shape {vector.shape} among {dimension} dimensions")
    products = np.empty(count, np.float32)
    if count:
        faiss.fvec_inner_products_ny(
            swig_ptr(products),
            swig_ptr(np.ascontiguousarray(vector, np.float32)),
            swig_ptr(rows),
            dimension,
            count,
        )
    return products
