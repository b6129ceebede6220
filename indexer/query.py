"""What a search is made of: the question, its vector, and which entries may answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries may answer: those with one of the tags and all of the metadata values.

    Attributes:
        tags: At least one must be among an entry's tags; empty means any entry.
        metadata: Every key must have this value in an entry's metadata.
    """

    tags: frozenset[str] = frozenset()
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __bool__(self) -> bool:
        return bool(self.tags or self.metadata)


@dataclass(frozen=True, slots=True)
class Query:
    """One question, ready to be searched.

    Attributes:
        text: The question as typed, personal data already redacted.
        language: BCP 47 tag of the question, or `und`.
        vector: The embedding of `text` in the query role, shape (dimension,), L2-normalised,
            not yet debiased.
        filters: Which entries may answer.
    """

    text: str
    language: str
    vector: FloatArray
    filters: Filters = field(default_factory=Filters)
