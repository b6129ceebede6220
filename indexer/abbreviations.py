"""Full stops that belong to a word, or to a number, and end no sentence."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

NEAR = 24
"""Characters before a full stop that are looked at."""

_MOST_OF_A_PART = 3
_MOST_DIGITS = 2
_JOINING = ("-", "\u2010", "\u2011", "\u2013", ",", ":", "/", "%", "€", "$", "£")
# "dvs", "npr", "bzw": a word of consonants is written short, behind a number it is a unit.
_CONSONANTS = re.compile(r"(?<!\w)(?<!\d )([b-df-hj-np-tv-xz]{2,5}|[бвгджзклмнпрстфхцчшщ]{2,5})")


def is_abbreviated(before: str, after: str) -> bool:
    """Tell whether a full stop belongs to a word, so that the sentence may go on behind it.

    One that may be either counts as the word's: two sentences in one do no harm, half of one does.

    Args:
        before: The text up to the full stop, without it.
        after: What comes behind the white space that follows; may be empty.
    """
    near = before[-NEAR:]
    word = _last_word(near)
    if word.isdecimal():
        # "COVID-19." ends a sentence, "am 3." may not.
        is_alone = not near[: len(near) - len(word)].endswith(_JOINING)
        return len(word) <= _MOST_DIGITS and is_alone
    parts = word.split(".")
    if len(parts) > 1 and all(
        len(part) <= _MOST_OF_A_PART and part[:1].isalpha() for part in parts
    ):
        return True
    if len(word) == 1:
        return True
    lowered = word.lower()
    if lowered in _listed("before_numbers"):
        return after[:1].isdecimal()
    return lowered in _listed("always") or _is_of_consonants(near, word)


def _is_of_consonants(near: str, word: str) -> bool:
    plain = "".join(map(_without_marks, near))
    return _CONSONANTS.fullmatch(plain, len(plain) - len(word)) is not None


def _without_marks(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]


def _last_word(text: str) -> str:
    start = len(text)
    while start and _is_of_word(text[start - 1]):
        start -= 1
    return text[start:].strip(".")


def _is_of_word(character: str) -> bool:
    # Vowel signs of Indic scripts are marks, and no letters.
    return (
        character.isalnum() or character == "." or unicodedata.category(character).startswith("M")
    )


@cache
def _listed(group: str) -> frozenset[str]:
    text = files("indexer").joinpath("abbreviations.toml").read_text("utf-8")
    return frozenset(word for words in tomllib.loads(text)[group].values() for word in words)
