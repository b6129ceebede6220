"""Vectors of questions, remembered for those who ask the same."""

from __future__ import annotations

from app.answering.remembering import RecentlyUsed
from app.answering.turns import Turn
from indexer.query import FloatArray
from models.embedding import Embedder, Role


class QuestionVectors:
    """Embeds questions.

    Args:
        embedder: The model that the generations were made with.
        remembered: How many vectors are kept.
    """

    def __init__(self, embedder: Embedder, remembered: int) -> None:
        self._embedder = embedder
        self._known: RecentlyUsed[str, FloatArray] = RecentlyUsed(remembered)

    def of(self, text: str, turn: Turn) -> FloatArray:
        """Give a text's vector in the query role, shape (dimension,)."""
        vector = self._known.get(text)
        if vector is None:
            vector = turn.run(lambda: self._embedder.embed((text,), Role.QUERY)).vectors[0]
            self._known.put(text, vector)
        return vector
