"""Months and weekdays by their names, in every language that the Unicode CLDR knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from knowledge_base.languages import base_language
from models.scripts import lower

_ENDING = 2
_SHORTEST = 4
# Their weekdays are counted (second, third), or mean other things too.
_NO_WEEKDAYS = frozenset({"pt", "ar", "fa", "he", "el", "vi"})
_NO_MONTHS = frozenset({"zh", "ja", "ko", "vi"})


@dataclass(frozen=True, slots=True)
class NamedDays:
    """What a text names of the calendar.

    Attributes:
        months: Numbers of the months that stand beside a number, 1 to 12.
        weekdays: Numbers of weekdays, 0 for Monday.
    """

    months: frozenset[int]
    weekdays: frozenset[int]


def named_days(text: str, lang: str) -> NamedDays:
    """Find the months, where they stand beside a number, and the weekdays that a text names."""
    months, weekdays = _names(base_language(lang))
    lowered = lower(text)
    return NamedDays(
        frozenset(n for n, pattern in months if pattern.search(lowered)),
        frozenset(n for n, pattern in weekdays if pattern.search(lowered)),
    )


_Patterns = tuple[tuple[int, re.Pattern[str]], ...]


@lru_cache(maxsize=256)
def _names(language: str) -> tuple[_Patterns, _Patterns]:
    try:
        locale = Locale(language)
    except UnknownLocaleError:
        return (), ()
    months: dict[int, set[str]] = {}
    weekdays: dict[int, set[str]] = {}
    for context in ("format", "stand-alone"):
        for number, name in locale.months[context]["wide"].items():
            months.setdefault(number, set()).add(lower(name))
        for number, name in locale.days[context]["wide"].items():
            weekdays.setdefault(number, set()).add(lower(name))
    month_patterns = ((n, _beside_number(names)) for n, names in months.items())
    day_patterns = ((n, _alone(names)) for n, names in weekdays.items())
    return (
        () if language in _NO_MONTHS else tuple(month_patterns),
        () if language in _NO_WEEKDAYS else tuple(day_patterns),
    )


def _stem(name: str) -> str:
    """Leave an ending out that may be inflected."""
    return name if len(name) < _SHORTEST + _ENDING else name[:-_ENDING]


def _beside_number(names: set[str]) -> re.Pattern[str]:
    stems = "|".join(sorted(re.escape(_stem(name)) for name in names if not name[0].isdigit()))
    word = rf"(?:{stems or '(?!)'})\w{{0,4}}"
    return re.compile(rf"\d\.?\s?(?:de\s|º\s)?{word}|(?<!\w){word}\s?\d")


def _alone(names: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w){re.escape(_stem(name))}" for name in sorted(names)))
