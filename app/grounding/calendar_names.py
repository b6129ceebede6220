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
    return NamedDays(months.found(lowered), weekdays.found(lowered))


@dataclass(frozen=True, slots=True)
class _Names:
    pattern: re.Pattern[str]
    numbers: dict[str, int]

    def found(self, text: str) -> frozenset[int]:
        groups = (each.groups() for each in self.pattern.finditer(text))
        return frozenset(self.numbers[name] for each in groups for name in each if name)


_NO_NAMES = _Names(re.compile("(?!)"), {})


@lru_cache(maxsize=256)
def _names(language: str) -> tuple[_Names, _Names]:
    try:
        locale = Locale(language)
    except UnknownLocaleError:
        return _NO_NAMES, _NO_NAMES
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for number, name in locale.months[context]["wide"].items():
            if not name[0].isdigit():
                months[_stem(lower(name))] = number
        for number, name in locale.days[context]["wide"].items():
            weekdays[_stem(lower(name))] = number
    return (
        _NO_NAMES if language in _NO_MONTHS else _beside_number(months),
        _NO_NAMES if language in _NO_WEEKDAYS else _alone(weekdays),
    )


def _stem(name: str) -> str:
    """Leave an ending out that may be inflected."""
    return name if len(name) < _SHORTEST + _ENDING else name[:-_ENDING]


def _beside_number(months: dict[str, int]) -> _Names:
    word = rf"({_any_of(months)})\w{{0,4}}"
    pattern = rf"\d\.?\s?(?:de\s|º\s)?{word}|(?<!\w){word}\s?\d"
    return _Names(re.compile(pattern), months) if months else _NO_NAMES


def _alone(weekdays: dict[str, int]) -> _Names:
    return _Names(re.compile(rf"(?<!\w)({_any_of(weekdays)})"), weekdays)


def _any_of(names: dict[str, int]) -> str:
    """Match the longest first: in Turkish, Monday begins as Sunday does."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
