"""Sentences of passages are embedded once, however many texts rest on them."""

from collections.abc import Sequence

import numpy as np

from app.grounding.known_vectors import KnownVectors
from indexer.query import FloatArray
from models.embedding import Role
from tests.fakes import FakeEmbedder

EMBEDDER = FakeEmbedder()


def embed(texts: Sequence[str]) -> FloatArray:
    return EMBEDDER.embed(texts, Role.PASSAGE).vectors


def test_each_text_is_embedded_once() -> None:
    asked: list[str] = []

    def watched(texts: Sequence[str]) -> FloatArray:
        asked.extend(texts)
        return embed(texts)

    known = KnownVectors(watched)

    for texts in (["a day", "a week"], ["a week", "a year", "a week"], ["a day"]):
        assert np.array_equal(known(texts), embed(texts))
    assert asked == ["a day", "a week", "a year"]


def test_what_was_not_used_for_long_is_forgotten() -> None:
    asked: list[str] = []

    def watched(texts: Sequence[str]) -> FloatArray:
        asked.extend(texts)
        return embed(texts)

    known = KnownVectors(watched, remembered=1)
    for text in ("a day", "a week", "a day"):
        known([text])

    assert asked == ["a day", "a week", "a day"]
