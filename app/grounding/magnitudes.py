"""Words behind a number that multiply it: 1.5 billion, 15億, 2 lakh."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.scripts import CASED, letter_runs, lower

_SPACES = "\u00a0\u202f "
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class Multiple:
    """What a number is multiplied by.

    Attributes:
        factors: More than one where countries mean different things by the same word.
        end: Where the word ends in the text, behind it.
    """

    factors: frozenset[float]
    end: int


def multiplied(text: str, end: int) -> Multiple | None:
    """Find the word that multiplies a number, in whatever language.

    Args:
        text: Any text.
        end: Where the number ends, behind it.
    """
    behind = lower(text[end : end + _LONGEST + 2])
    trimmed = behind.lstrip(_SPACES)
    start = end + len(behind) - len(trimmed)
    for length in range(min(_LONGEST, len(trimmed)), 0, -1):
        factors = _factors().get(trimmed[:length])
        if factors is not None and not _goes_on(trimmed, length):
            return Multiple(factors, start + length)
    stems = [stem for stem in _stems() if trimmed.startswith(stem)]
    if not stems:
        return None
    stem = max(stems, key=len)
    letters = len(stem)
    while letters < len(trimmed) and trimmed[letters].isalpha():
        letters += 1
    return Multiple(_stems()[stem], start + letters)


def _goes_on(text: str, length: int) -> bool:
    """Tell whether letters follow that belong to the same word; not all scripts have spaces."""
    is_spaced = any(run.script in CASED for run in letter_runs(text[:length]))
    return is_spaced and text[length - 1].isalpha() and text[length : length + 1].isalpha()


@cache
def _factors() -> dict[str, frozenset[float]]:
    return _read(are_stems=False)


@cache
def _stems() -> dict[str, frozenset[float]]:
    return _read(are_stems=True)


def _read(*, are_stems: bool) -> dict[str, frozenset[float]]:
    listed = tomllib.loads((files("app.grounding") / "magnitudes.toml").read_text("utf-8"))
    found: dict[str, frozenset[float]] = {}
    for factor, words in listed.items():
        for word in words.split():
            if word.endswith("*") is are_stems:
                plain = word.rstrip("*").replace("_", " ")
                found[plain] = found.get(plain, frozenset()) | {float(factor)}
    return found
