"""The contract between whoever has texts and whatever turns them into vectors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[int], None]


class Role(StrEnum):
    """What a text is for; asymmetric models embed questions and passages differently."""

    QUERY = "query"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which weights produced a vector; vectors of different identities must never be compared.

    Attributes:
        name: The model's name in the catalogue, or its folder's or repository's name.
        weights_sha256: Hex digest of the bytes that decide the vectors.
        dimension: Numbers in one vector.
    """

    name: str
    weights_sha256: str
    dimension: int


@dataclass(frozen=True, slots=True)
class Embeddings:
    """Vectors of some texts, in the order of the texts.

    Attributes:
        vectors: Shape (n, dimension), float32, every row of Euclidean length 1.
        truncated: Positions of the texts that were longer than the model reads, ascending. Their
            vectors stand for the beginning of the text only.
    """

    vectors: FloatArray
    truncated: tuple[int, ...]


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is the texts' similarity.

    A text's vector depends on the text and its role alone, never on what else was embedded with
    it, so that vectors made at indexing and at asking can be compared. Implementations may be
    called by several threads at once.
    """

    @property
    def identity(self) -> ModelIdentity:
        """The weights behind the vectors."""
        ...

    def embed(
        self, texts: Sequence[str], role: Role, on_progress: Progress | None = None
    ) -> Embeddings:
        """Embed texts.

        Args:
            texts: Any number of texts, also none; an empty text is embedded like any other.
            role: What the texts are for.
            on_progress: Called with the number of texts finished since its last call.

        Returns:
            One vector a text, and which texts were cut.
        """
        ...


class EmbedderError(Exception):
    """A model cannot be used; the message says which, why, and what to run."""


class ModelMissingError(EmbedderError):
    """No model, or only part of one, is where it is expected."""


class ModelDamagedError(EmbedderError):
    """A model's files are not those that were installed."""


class ExtraMissingError(EmbedderError):
    """The model needs an optional dependency that is not installed."""
