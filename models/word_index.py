"""Words and what they weigh for each of some languages, in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

NUMBER_BITS, WEIGHT_BITS = 8, 8
MOST_WEIGHT = (1 << WEIGHT_BITS) - 1
MOST_LANGUAGES = 1 << NUMBER_BITS

_KEY_BITS = 32
_BELOW_KEY = NUMBER_BITS + WEIGHT_BITS
_AS_KEPT: Final = range(MOST_WEIGHT + 1)

Postings = npt.NDArray[np.uint64]
"""Shape (n,). From the lowest bit on: weight, number of the language, key of the word."""


def key_of(word: str) -> int:
    """Give 32 bits that stand for a word in lower case."""
    return crc32(word.encode("utf-8", "surrogatepass"))


class WordIndex:
    """Finds the postings of a word: they are in buckets by the first bits of their keys.

    A dictionary of as many words takes fifteen times the memory, and the caches of a processor that
    computes something else between two questions hold none of it. Safe to share between threads.
    """

    def __init__(self, postings: Postings) -> None:
        """Sort the postings into buckets, one or two to each on average.

        Args:
            postings: At best in ascending order, which saves a copy; a word's several ones for a
                language add up.
        """
        if (postings[1:] < postings[:-1]).any():
            postings = np.sort(postings)
        bits = max(1, postings.size.bit_length() - 1)
        self._shift = _KEY_BITS - bits
        buckets = (postings >> np.uint64(self._shift + _BELOW_KEY)).view(np.int64)
        starts = np.zeros((1 << bits) + 1, dtype=np.uint32)
        np.cumsum(np.bincount(buckets, minlength=1 << bits), out=starts[1:])
        # A single number comes out of an array in a fraction of the time that numpy takes.
        self._starts, self._postings = array("I"), array("Q")
        self._starts.frombytes(starts.data.cast("B"))
        self._postings.frombytes(np.ascontiguousarray(postings).data.cast("B"))

    def weigh(self, keys: Iterable[int], weights: Sequence[int] = _AS_KEPT) -> dict[int, int]:
        """Add up what some words weigh.

        Args:
            keys: Of the words.
            weights: What each weight that is kept counts.

        Returns:
            Sums by the languages' numbers; languages without a word are absent.
        """
        shift, starts, postings = self._shift, self._starts, self._postings
        sums: dict[int, int] = {}
        for key in keys:
            bucket = key >> shift
            for at in range(starts[bucket], starts[bucket + 1]):
                posting = postings[at]
                if posting >> _BELOW_KEY == key:
                    number = (posting >> WEIGHT_BITS) & 0xFF
                    sums[number] = sums.get(number, 0) + weights[posting & 0xFF]
        return sums
