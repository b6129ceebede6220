"""Lists of words by frequency, as the package wordfreq carries them.

A list is MessagePack in gzip: a header, then the words of each centibel, the most usual first; the
words of the n-th have a frequency of 10^(-n/100).
"""

from __future__ import annotations

import gzip
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from math import log1p
from pathlib import Path

import msgpack
import numpy as np

from models.catalogue import CatalogueWords
from models.install_progress import InstallProgress, SourceUnavailableError
from models.scripts import letter_runs, lower, scripts_of
from models.word_index import MOST_WEIGHT, NUMBER_BITS, WEIGHT_BITS, Postings, key_of
from models.word_table import STEPS_PER_NAT, WordTable

RAREST = 1e-6
"""About the frequency of the rarest words in a list; those that it lacks count as that rare."""

_HEADER = {"format": "cB", "version": 1}
_MOST_BYTES = 16 << 20
_MOST_LEVELS = 1000
_MOST_WORDS = 1_000_000
_MOST_LETTERS = 1000


def read_word_lists(words: CatalogueWords, wheel: Path, progress: InstallProgress) -> WordTable:
    """Read the lists out of the wheel.

    Args:
        words: Which lists, and how many words of each.
        wheel: The package.
        progress: Told of the bytes of the lists.

    Returns:
        The table.

    Raises:
        SourceUnavailableError: The wheel is damaged, or a list is not what it should be.
    """
    postings = []
    try:
        with zipfile.ZipFile(wheel) as archive:
            paths = [words.path.format(list=code) for code in words.lists]
            sizes = [archive.getinfo(path).file_size for path in paths]
            progress.step("Reading the lists of words", sum(sizes))
            for number, (code, path) in enumerate(zip(words.lists, paths, strict=True)):
                with archive.open(path) as packed, gzip.open(packed) as unpacked:
                    frequencies = _frequencies(code, unpacked.read(_MOST_BYTES))
                postings.append(_postings(number, frequencies, words.words))
                progress.advance(sizes[number])
    except (zipfile.BadZipFile, KeyError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceUnavailableError(f"{wheel} has no whole lists of words: {error}") from error
    except ValueError as error:
        raise SourceUnavailableError(f"{wheel}: {path} is no list of words: {error}") from error
    return WordTable(words.lists, np.sort(np.concatenate(postings)))


def _frequencies(code: str, data: bytes) -> dict[str, float]:
    """Add up the frequencies of the list's words, in the form that questions are taken apart."""
    scripts = scripts_of(code)
    found: dict[str, float] = {}
    for word, frequency in _entries(data):
        for run in letter_runs(unicodedata.normalize("NFC", lower(word))):
            if run.script in scripts:
                found[run.text] = found.get(run.text, 0.0) + frequency
    return found


def _entries(data: bytes) -> Iterator[tuple[str, float]]:
    levels = msgpack.unpackb(
        data,
        max_str_len=_MOST_LETTERS,
        max_array_len=_MOST_WORDS,
        max_map_len=len(_HEADER),
        max_bin_len=0,
        max_ext_len=0,
    )
    if not isinstance(levels, list) or levels[:1] != [_HEADER] or len(levels) > _MOST_LEVELS:
        raise ValueError(f"it does not begin with {_HEADER}")
    for centibels, level in enumerate(levels[1:]):
        if not isinstance(level, list) or not all(isinstance(word, str) for word in level):
            raise ValueError(f"its words of {centibels} centibels are none")
        for word in level:
            yield word, 10 ** (-centibels / 100)


def _postings(number: int, frequencies: dict[str, float], most: int) -> Postings:
    """Pack the most usual words; of words alike in frequency the first in the alphabet."""
    chosen = sorted(frequencies.items(), key=lambda item: (-item[1], item[0]))[:most]
    return np.fromiter(
        (
            (key_of(word) << NUMBER_BITS | number) << WEIGHT_BITS | _steps(frequency)
            for word, frequency in chosen
        ),
        np.uint64,
    )


def _steps(frequency: float) -> int:
    return min(MOST_WEIGHT, round(STEPS_PER_NAT * log1p(frequency / RAREST)))
