"""Vectors of the texts that benchmarks ask and index, kept between runs.

They live in the user's cache folder, a file a model, so that a rerun measures at once what the
first run had to embed first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from app.cli.index import embedding_model
from app.settings import Settings
from indexer.embedding_cache import EmbeddingCache
from indexer.embedding_run import EmbeddingModel, embed_texts
from models.embedding import FloatArray, Role


class Announcement:
    """Says on stderr that texts have to be embedded first, since that takes a while."""

    def embedding(self, total: int) -> None:
        """Say how many."""
        print(f"embedding {total} texts, which later runs reuse ...", file=sys.stderr, flush=True)

    def embedded(self, count: int) -> None:
        """Say nothing of single texts."""


def vectors(texts: Sequence[str], roles: Role | Sequence[Role]) -> FloatArray:
    """Embed texts, or take their vectors from an earlier run.

    Args:
        texts: Any number of texts.
        roles: What each is for, or what all of them are for.

    Returns:
        Shape (n, dimension), L2-normalised, as the model makes them.
    """
    each = [roles] * len(texts) if isinstance(roles, Role) else roles
    model = _model()
    kept = EmbeddingCache.of_model(_folder(), model.identity)
    return embed_texts(texts, each, model, kept, Announcement()).vectors


@cache
def _model() -> EmbeddingModel:
    return embedding_model(Settings.load())


def _folder() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "polyfaq" / "benchmarks"
