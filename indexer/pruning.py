"""Throws away old generations, and the vectors that none of those kept was built from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.durable import write_failures
from indexer.embedding_cache import KEY_BYTES, EmbeddingCache, cache_file_name
from indexer.errors import IndexerError
from indexer.generations import Generations
from indexer.publishing import Publisher, exclusively
from models.embedding import ModelIdentity

_KEYS_NAME: Final = "embedding_keys.bin"
_AFTERWARDS: Final = "The current generation serves. Run `polyfaq index prune` when that is mended."
_WASTE: Final = 0.25
"""Share of unused vectors from which on a build rewrites the cache."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was thrown away.

    Attributes:
        generations: Names of the generations.
        vectors: Number of cached vectors.
    """

    generations: tuple[str, ...]
    vectors: int


def prune(generations: Generations, keep: int) -> Pruned:
    """Keep the latest `keep` generations, the current one, and the vectors they were built from.

    Raises:
        IndexerRunningError: When another process is changing the folder.
        IndexWriteError: When the disk does not let go of something.
        IndexerError: When the file that names the current generation is damaged.
    """
    with exclusively(generations) as publisher:
        return prune_with(publisher, generations, keep, waste=0.0)


def prune_with(
    publisher: Publisher, generations: Generations, keep: int, waste: float = _WASTE
) -> Pruned:
    """Prune within a build.

    Args:
        publisher: Holds the lock.
        generations: The folder.
        keep: How many of the latest generations to keep.
        waste: Share of unused vectors, in [0, 1], above which a cache is rewritten.
    """
    removed = publisher.prune(keep)
    with write_failures("Pruning the cache of vectors", _AFTERWARDS):
        return Pruned(removed, _prune_vectors(generations, waste))


def write_keys(folder: Path, keys: tuple[bytes, ...]) -> None:
    """Note in a generation's folder which cached vectors it was built from.

    Raises:
        OSError: When the disk does not take it.
    """
    (folder / _KEYS_NAME).write_bytes(b"".join(keys))


def _prune_vectors(generations: Generations, waste: float) -> int:
    used: dict[ModelIdentity, set[bytes]] = {}
    for name in generations.ids():
        try:
            model = generations.manifest(name).model
            content = (generations.folder_of(name) / _KEYS_NAME).read_bytes()
        except (IndexerError, OSError):
            continue  # a damaged generation is never served again, so its vectors are not needed
        used.setdefault(model, set()).update(
            content[start : start + KEY_BYTES] for start in range(0, len(content), KEY_BYTES)
        )
    dropped = 0
    for model, keys in used.items():
        cache = EmbeddingCache.of_model(generations.embeddings_folder, model)
        if len(cache) - len(keys) > waste * len(cache):
            dropped += cache.keep_only(keys)
    names = {cache_file_name(model) for model in used}
    for path in generations.embeddings_folder.glob("*"):
        if path.name not in names:
            path.unlink()
    return dropped
