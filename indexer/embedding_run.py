"""Embeds what was never embedded before, slice by slice, and takes the rest from the cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from indexer.durable import write_failures
from indexer.embedding_cache import EmbeddingCache, cache_key
from models.embedding import Embedder, FloatArray, ModelIdentity, Role

_SLICE: Final = 512
"""Texts embedded between two writes to the cache: what a killed build loses at most."""


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """A model that is loaded only when there is something to embed.

    Attributes:
        identity: The weights it will have; known without loading them.
        load: Loads it.
    """

    identity: ModelIdentity
    load: Callable[[], Embedder]


class EmbeddingProgress(Protocol):
    """Whoever wants to see how embedding goes on."""

    def embedding(self, total: int) -> None:
        """So many texts are about to be embedded."""
        ...

    def embedded(self, count: int) -> None:
        """So many more of them are."""
        ...


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """Vectors of some texts, and what they cost.

    Attributes:
        vectors: Shape (n, dimension), L2-normalised, in the order of the texts.
        truncated: Positions of the texts that the model read only the beginning of, ascending.
        fresh: Positions of the texts that no cached vector was found for, ascending.
        keys: What the cache knows each text by.
    """

    vectors: FloatArray
    truncated: tuple[int, ...]
    fresh: tuple[int, ...]
    keys: tuple[bytes, ...]


def embed_texts(
    texts: Sequence[str],
    roles: Sequence[Role],
    model: EmbeddingModel,
    cache: EmbeddingCache,
    progress: EmbeddingProgress,
) -> EmbeddedTexts:
    """Give every text its vector, embedding each distinct text at most once in a role.

    Args:
        texts: Any number of texts.
        roles: What each of them is for.
        model: Embeds those that the cache does not know; loaded only if there are any.
        cache: Is given what was embedded.
        progress: Told how many texts there are to embed, and how many are done.

    Raises:
        IndexWriteError: When the disk does not take what was embedded.
    """
    keys = tuple(cache_key(role, text) for role, text in zip(roles, texts, strict=True))
    rows = cache.find(keys)
    known, fresh = np.flatnonzero(rows >= 0), np.flatnonzero(rows < 0)
    cached = cache.take(rows[known])
    truncated = set(known[list(cached.truncated)].tolist())
    if not len(fresh):
        return EmbeddedTexts(cached.vectors, tuple(sorted(truncated)), (), keys)
    vectors = np.empty((len(texts), model.identity.dimension), dtype=np.float32)
    vectors[known] = cached.vectors
    firsts: dict[bytes, int] = {}
    for position in fresh.tolist():
        firsts.setdefault(keys[position], position)
    progress.embedding(len(firsts))
    embedder = model.load()
    for role, part in _slices(list(firsts.values()), roles):
        made = embedder.embed([texts[position] for position in part], role, progress.embedded)
        with write_failures("Keeping what was embedded"):
            cache.add([keys[position] for position in part], made)
        vectors[part] = made.vectors
        truncated.update(part[position] for position in made.truncated)
    for position in fresh.tolist():
        first = firsts[keys[position]]
        if first != position:
            vectors[position] = vectors[first]
            if first in truncated:
                truncated.add(position)
    return EmbeddedTexts(vectors, tuple(sorted(truncated)), tuple(fresh.tolist()), keys)


def _slices(
    positions: Sequence[int], roles: Sequence[Role]
) -> Iterator[tuple[Role, Sequence[int]]]:
    for role in Role:
        alike = [position for position in positions if roles[position] is role]
        for start in range(0, len(alike), _SLICE):
            yield role, alike[start : start + _SLICE]
