"""Every stand-in that the tests use, in one place."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from models.embedding import Embeddings, ModelIdentity, Role


class FakeEmbedder:
    """Vectors from hashed character trigrams: alike strings are near, and no model is needed.

    The role is ignored, so that a question is nearest to itself. `calls` keeps every batch that
    was embedded, for tests that specify what must not be embedded twice.
    """

    def __init__(
        self, dimension: int = 64, name: str = "fake", max_characters: int | None = None
    ) -> None:
        self._identity = ModelIdentity(
            name=name,
            weights_sha256=hashlib.sha256(f"{name}/{dimension}".encode()).hexdigest(),
            dimension=dimension,
        )
        self._max_characters = max_characters
        self.calls: list[tuple[Role, tuple[str, ...]]] = []

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    @property
    def embedded_texts(self) -> list[str]:
        return [text for _, texts in self.calls for text in texts]

    def embed(
        self,
        texts: Sequence[str],
        role: Role,
        on_progress: Callable[[int], None] | None = None,
    ) -> Embeddings:
        self.calls.append((role, tuple(texts)))
        vectors = np.empty((len(texts), self._identity.dimension), dtype=np.float32)
        truncated = []
        for position, text in enumerate(texts):
            if self._max_characters is not None and len(text) > self._max_characters:
                truncated.append(position)
                text = text[: self._max_characters]  # noqa: PLW2901 - what the model would read
            vectors[position] = self._vector(text)
            if on_progress is not None:
                on_progress(1)
        return Embeddings(vectors=vectors, truncated=tuple(truncated))

    def _vector(self, text: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        padded = f"  {text.casefold()} "
        vector = np.zeros(self._identity.dimension, dtype=np.float32)
        for start in range(len(padded) - 2):
            digest = hashlib.blake2b(
                padded[start : start + 3].encode("utf-8", "surrogatepass"), digest_size=4
            ).digest()
            number = int.from_bytes(digest, "little")
            vector[(number >> 1) % len(vector)] += 1.0 if number & 1 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)


class SteppingClock:
    """A clock that is `step` later at every look, so that times differ without waiting."""

    def __init__(self, step: timedelta = timedelta(seconds=1)) -> None:
        self.now = datetime(2026, 11, 22, 10, 38, 11, tzinfo=UTC)
        self.step = step

    def __call__(self) -> datetime:
        self.now += self.step
        return self.now
