"""Vectors of sentences that were judged by before: those of passages come again and again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.answering.remembering import RecentlyUsed
from app.grounding.passages import Embed
from indexer.query import FloatArray

_REMEMBERED = 4096


class KnownVectors:
    """Embeds texts, each once while it is remembered; may be shared by threads.

    Args:
        embed: Embeds those that are not remembered.
        remembered: How many are.
    """

    def __init__(self, embed: Embed, remembered: int = _REMEMBERED) -> None:
        self._embed = embed
        self._known: RecentlyUsed[str, FloatArray] = RecentlyUsed(remembered)

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Give the vectors of at least one text, shape (n, dimension)."""
        found = {text: self._known.get(text) for text in texts}
        missing = [text for text, vector in found.items() if vector is None]
        if missing:
            for text, vector in zip(missing, self._embed(missing), strict=True):
                found[text] = vector
                self._known.put(text, vector)
        return np.stack([vector for text in texts if (vector := found[text]) is not None])
