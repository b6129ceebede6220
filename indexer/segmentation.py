"""Cuts text of any script into the terms that lexical search matches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# Scripts whose runs are cut into characters and bigrams: Thai to Lao, Myanmar, Khmer, kana and Han
# are written without spaces; Korean has them, but glues particles to words of two syllables.
_DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
# Python's \w leaves out the vowel signs of the Indic scripts (U+0900 to U+0DFF), which spell words.
_RUN = re.compile(rf"[{_DENSE}]+|(?:[^\W{_DENSE}]|[\u0900-\u0963\u0966-\u0dff])+")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_SPELLING_MARK = re.compile(rf"[{_DENSE}\u0900-\u0dff]")
_UNDECOMPOSED = str.maketrans("ıłøđħ", "ilodh")

GRAM = 4
"""Length of the character n-grams of a spaced word; McNamee and Mayfield (2004) found 4 the best
single choice over European languages, and it forgives misspellings and inflection."""


def normalize(text: str) -> str:
    """Fold case, width and diacritics, which visitors leave out, but not vowel signs."""
    if text.isascii():
        return text.lower()
    # Letters of mathematics and other variants have a case only once they are decomposed.
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = [
        character
        for character in folded.translate(_UNDECOMPOSED)
        if not unicodedata.combining(character) or _SPELLING_MARK.match(character)
    ]
    return unicodedata.normalize("NFKC", "".join(kept))


def words(text: str) -> Iterator[str]:
    """Yield the runs of letters and digits of a text, normalised, in order."""
    return runs(normalize(text))


def runs(normalized: str) -> Iterator[str]:
    """Yield the runs of letters and digits of a text that is normalised already, in order."""
    return (match.group() for match in _RUN.finditer(normalized))


def is_dense(run: str) -> bool:
    """Tell whether a run is of a script that is cut into characters."""
    return _IS_DENSE.match(run) is not None


def terms(text: str) -> list[str]:
    """Give the terms of a text, repeated as often as they occur; see `terms_of`."""
    return terms_of(words(text))


def terms_of(parts: Iterable[str]) -> list[str]:
    """Give the terms of runs of letters and digits, repeated as often as they occur.

    A word of a spaced script gives itself, marked with `#`, and its character 4-grams over the
    word with a space at either end. A run of a dense script gives its characters and its
    overlapping bigrams, as is usual for Chinese, Japanese, Korean and Thai without a dictionary.
    """
    found: list[str] = []
    for run in parts:
        if not run.isascii() and is_dense(run):
            found += run
            found += [run[i : i + 2] for i in range(len(run) - 1)]
            continue
        padded = f" {run} "
        found.append("#" + run)
        found += [padded[i : i + GRAM] for i in range(max(len(padded) - GRAM + 1, 1))]
    return found
