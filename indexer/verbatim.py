"""Which entry a phrasing is word for word, so that what editors wrote down is always recognised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from indexer.entry_table import IntArray
from indexer.segmentation import words

_FILE = "verbatim.npz"


class VerbatimIndex:
    """Digests of questions and alternates, case, accents and punctuation aside."""

    def __init__(self, digests: npt.NDArray[np.uint64], entries: IntArray) -> None:
        self._digests = digests
        self._entries = entries

    @classmethod
    def build(cls, phrasings: Sequence[str], entry_of: IntArray) -> Self:
        """Index phrasings; one that stands under several entries is left out.

        Args:
            phrasings: The texts.
            entry_of: Shape (n,); the entry number of each.
        """
        entries: dict[int, int] = {}
        ambiguous: set[int] = set()
        for text, entry in zip(phrasings, entry_of.tolist(), strict=True):
            digest = _digest(words(text))
            if digest is not None and entries.setdefault(digest, entry) != entry:
                ambiguous.add(digest)
        kept = sorted(digest for digest in entries if digest not in ambiguous)
        return cls(
            np.array(kept, np.uint64), np.array([entries[digest] for digest in kept], np.int32)
        )

    def entry(self, question: Iterable[str]) -> int | None:
        """The number of the entry that a question, in words, is a phrasing of, to the word."""
        digest = _digest(question)
        if digest is None or not len(self._digests):
            return None
        at = int(np.searchsorted(self._digests, np.uint64(digest)))
        if at == len(self._digests) or int(self._digests[at]) != digest:
            return None
        return int(self._entries[at])

    def write(self, folder: Path) -> None:
        """Write the index into a generation's folder."""
        np.savez(folder / _FILE, digests=self._digests, entries=self._entries)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read an index back; the caller has verified the folder's checksums."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays["digests"], arrays["entries"])


def _digest(parts: Iterable[str]) -> int | None:
    plain = " ".join(parts)
    if not plain:
        return None
    return int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest())
