"""Full stops that belong to a word, or to a number, and end no sentence."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

_NEAR = 24


def is_abbreviated(before: str, after: str) -> bool:
    """Tell whether a full stop belongs to a word, so that the sentence may go on behind it.

    One that may be either counts as the word's: two sentences in one do no harm, half of one does.

    Args:
        before: The text up to the full stop, without it.
        after: What comes behind the white space that follows; may be empty.
    """
    word = _last_word(before[-_NEAR:])
    if word.isdecimal():
        return len(word) <= 2
    parts = word.split(".")
    if word and all(len(part) <= 2 for part in parts) and (len(parts) > 1 or len(word) == 1):
        return True
    lowered = word.lower()
    if lowered in _listed("before_numbers"):
        return after[:1].isdecimal()
    return lowered in _listed("always")


def _last_word(text: str) -> str:
    start = len(text)
    while start and (text[start - 1].isalnum() or text[start - 1] == "."):
        start -= 1
    return text[start:].strip(".")


@cache
def _listed(group: str) -> frozenset[str]:
    text = files("app.generating").joinpath("abbreviations.toml").read_text("utf-8")
    return frozenset(word for words in tomllib.loads(text)[group].values() for word in words)
