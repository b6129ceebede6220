"""Months and weekdays by their names, in every language that the Unicode CLDR knows."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from app.grounding.known_words import INFLECTED
from knowledge_base.languages import base_language
from models.scripts import lower

_ENDING = 2
_SHORTEST = 4
# They put endings to names of any length, as a rule without an apostrophe.
_WITH_ENDINGS = INFLECTED | {"az", "uz", "kk", "ky", "tk", "eu", "mn", "ta", "te", "ml", "kn"}
# Their weekdays are counted (second, third), or mean other things too.
_NO_WEEKDAYS = frozenset({"pt", "ar", "fa", "he", "el", "vi"})
_NUMBERED = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])\s?[月월]|\btháng\s(1[0-2]|0?[1-9])(?!\d)")
_NO_MONTHS = frozenset({"zh", "ja", "ko", "vi"})


@dataclass(frozen=True, slots=True)
class NamedDays:
    """What a text names of the calendar.

    Attributes:
        months: Numbers of the months that stand beside a number, 1 to 12.
        weekdays: Numbers of weekdays, 0 for Monday.
        numbered: Months that are named by their number: 8月, tháng 8.
    """

    months: frozenset[int]
    weekdays: frozenset[int]
    numbered: frozenset[int] = frozenset()


def named_days(text: str, lang: str) -> NamedDays:
    """Find the months, where they stand beside a number, and the weekdays that a text names."""
    months, weekdays = _names(base_language(lang))
    lowered = lower(text)
    numbered = frozenset(
        int(found[1] or found[2])
        for found in _NUMBERED.finditer(lowered)
        if base_language(lang) in _NO_MONTHS
    )
    return NamedDays(months.found(lowered), weekdays.found(lowered), numbered)


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
                months[lower(name)] = number
        for number, name in locale.days[context]["wide"].items():
            weekdays[_stem(lower(name))] = number
    return (
        _NO_NAMES if language in _NO_MONTHS else _beside_number(months, language),
        _NO_NAMES if language in _NO_WEEKDAYS else _alone(weekdays),
    )


def _stem(name: str) -> str:
    """Leave an ending out that may be inflected."""
    return name if len(name) < _SHORTEST + _ENDING else name[:-_ENDING]


def _beside_number(months: dict[str, int], language: str) -> _Names:
    if not months:
        return _NO_NAMES
    # "3.0 mais" names no month: a short name with letters behind it is another word.
    stems = {_stem(name): number for name, number in months.items()}
    whole = {name for name in months if _stem(name) == name and language not in _WITH_ENDINGS}
    word = rf"(?:({_any_of(stems.keys() - whole)})\w{{0,4}}|({_any_of(whole)})(?!\w))"
    pattern = rf"\d\.?\s?(?:de\s|º\s)?{word}|(?<!\w){word}\s?\d"
    return _Names(re.compile(pattern), stems)


def _alone(weekdays: dict[str, int]) -> _Names:
    return _Names(re.compile(rf"(?<!\w)({_any_of(weekdays)})"), weekdays)


def _any_of(names: Collection[str]) -> str:
    """Match the longest first: in Turkish, Monday begins as Sunday does."""
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
