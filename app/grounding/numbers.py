"""Numbers in a text by their value, however they are written: 4,90, 4.90, ٤٫٩٠ and १४."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from app.grounding.magnitudes import multiplied
from knowledge_base.languages import base_language
from models.scripts import lower

_ARABIC = str.maketrans({"٫": ".", "٬": ",", "٪": "%", "％": "%", "：": ":", "．": ".", "，": ","})
_SPACES = "\u00a0\u202f "
# Every repeat is bounded, so that no text takes more than linear time.
_NUMBER = re.compile(
    r"(?P<date>(?<![\w.])(?:\d{4}([./-])\d{1,2}\2\d{1,2}|\d{1,2}([./-])\d{1,2}\3(?:\d{4}|\d{2}))(?!\d))"
    rf"|(?P<fraction>0[.,]\d{{3}}(?:[{_SPACES}]\d{{1,3}}){{1,4}}(?!\d))"
    rf"|(?P<grouped>\d{{1,3}}(?:(?P<mark>[.,'’{_SPACES}])\d{{3}})(?:(?P=mark)\d{{3}}){{0,4}}"
    r"(?:(?!(?P=mark))[.,]\d{1,2})?(?![\d]))"
    r"|(?P<indian>\d{1,2}(?:,\d{2}){1,4},\d{3}(?:\.\d{1,2})?(?!\d))"
    r"|(?P<time>\d{1,2}(?::\d{2}|[hH]\d{2})(?!\d))"
    r"|(?P<decimal>\d{1,12}[.,]\d{1,6}(?!\d))"
    r"|(?P<plain>\d+)"
)
_NOON = 12
_DENSE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+(?:[\u0900-\u0963\u0980-\u09e3\u0e30-\u0e4e]+[^\W\d_]*)*")
_LONGEST_UNIT = 16


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text.

    Attributes:
        text: How it is written.
        values: What it may mean; more than one where local custom leaves it open: 1.000 is a
            thousand, or one. The time 14:30 is 14.3, and so are 14h30 and 14.30.
        unit: What it counts, as `units.toml` names it; None where that cannot be told.
        start: Where it begins.
        end: Where it ends, behind it.
        in_words: Whether it is written as a word.
    """

    text: str
    values: frozenset[float]
    unit: str | None
    start: int
    end: int
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class _Units:
    before: dict[str, str]
    behind: dict[str, str]
    stems: dict[str, str]


def western(text: str) -> str:
    """Write all digits and their marks as in the West; the length stays."""
    if text.isascii():
        return text
    return "".join(_digit(each) for each in text.translate(_ARABIC))


def numbers(text: str, lang: str) -> Iterator[Number]:
    """Find the numbers of a text in digits, and the small ones in words.

    Args:
        text: Any text, its digits western (`western`).
        lang: The tag of its language.
    """
    for found in _NUMBER.finditer(text):
        values = frozenset(_values(found))
        unit = _unit(text, found.start(), found.end())
        if unit in {"am", "pm"}:
            values, unit = _on_24_hours(values, pm=unit == "pm"), None
        elif (multiple := multiplied(text, found.end())) is not None:
            unit = unit or _unit(text, found.start(), multiple.end)
            # Content that puts a number in a table may leave the word to the heading.
            values |= {value * factor for value in values for factor in multiple.factors}
        yield Number(found.group(), values, unit, found.start(), found.end())
    yield from _in_words(lower(text), base_language(lang))


def _digit(character: str) -> str:
    digit = unicodedata.digit(character, None) if character.isdecimal() else None
    return character if digit is None else str(digit)


def _values(found: re.Match[str]) -> Iterator[float]:
    text = found.group()
    if found["date"]:
        # Which part is the day differs from country to country: all parts count.
        yield from (float(part) for part in re.split(r"[./-]", text))
    elif found["fraction"]:
        yield float(re.sub(f"[{_SPACES}]", "", text).replace(",", "."))
    elif found["grouped"]:
        digits = re.sub(rf"[.,'’{_SPACES}]", "", re.sub(r"[.,](?=\d{1,2}$)", "_", text))
        yield float(digits.replace("_", "."))
        if found["mark"] in ".," and sum(map(text.count, ".,")) == 1:
            yield float(text.replace(",", "."))
    elif found["indian"]:
        yield float(text.replace(",", ""))
    else:
        # Longer than any float needs: such digits name a thing, and do not count one.
        yield float(re.sub("[,:hH]", ".", text)[:300])


def _on_24_hours(values: frozenset[float], *, pm: bool) -> frozenset[float]:
    if pm:
        return frozenset(value + _NOON if value < _NOON else value for value in values)
    return frozenset(value - _NOON if _NOON <= value < _NOON + 1 else value for value in values)


def _unit(text: str, start: int, end: int) -> str | None:
    """Tell what a number counts by the sign or word next to it."""
    units = _units()
    behind = lower(text[end : end + _LONGEST_UNIT + 3])
    trimmed = behind.lstrip(_SPACES + "*_-\u2011")
    if found := _longest(trimmed, units.behind, units.stems):
        return found
    before = lower(text[max(0, start - _LONGEST_UNIT) : start]).rstrip(_SPACES + "*_")
    for length in range(min(_LONGEST_UNIT, len(before)), 0, -1):
        word = before[-length:]
        if word in units.before and not before[-length - 1 : -length].isalpha():
            return units.before[word]
    return None


def _longest(text: str, words: dict[str, str], stems: dict[str, str]) -> str | None:
    for length in range(min(_LONGEST_UNIT, len(text)), 0, -1):
        word = text[:length]
        if word in stems:
            return stems[word]
        if word in words and not (text[length : length + 1].isalpha() and word[-1].isalpha()):
            return words[word]
    return None


@cache
def _units() -> _Units:
    listed = tomllib.loads((files("app.grounding") / "units.toml").read_text(encoding="utf-8"))
    before: dict[str, str] = {}
    behind: dict[str, str] = {}
    stems: dict[str, str] = {}
    for unit, places in listed.items():
        for word in places.get("before", "").split():
            before[word.replace("_", " ")] = unit
        for word in places["behind"].split():
            if word.endswith("*") or _DENSE.search(word):
                stems[word.rstrip("*")] = unit
            else:
                behind[word.replace("_", " ")] = unit
    return _Units(before, behind, stems)


def _in_words(text: str, language: str) -> Iterator[Number]:
    words = _number_words().get(language, {})
    if not words:
        return
    if language in _UNSPACED:
        for found in _unspaced_pattern(language).finditer(text):
            # Such a character also stands within other words: only before a unit does it count.
            unit = _unit(text, found.start(), found.end())
            if unit is not None:
                yield _word_number(found, words, unit)
        return
    for found in _WORD.finditer(text):
        if found.group() in words:
            yield _word_number(found, words, _unit(text, found.start(), found.end()))


def _word_number(found: re.Match[str], words: dict[str, int], unit: str | None) -> Number:
    value = frozenset({float(words[found.group()])})
    return Number(found.group(), value, unit, found.start(), found.end(), in_words=True)


_UNSPACED = frozenset({"zh", "ja", "th"})
# Written as ten minutes are, it means quite, or enough, in Chinese and Japanese.
_ENOUGH = "十分(?![钟鐘間间前後后])"


@cache
def _unspaced_pattern(language: str) -> re.Pattern[str]:
    longest_first = sorted(_number_words()[language], key=len, reverse=True)
    # Behind or before "some" it is no certain number: some tens, ten and some.
    han = "[一二两三四五六七八九十百千〇几幾数數何]"
    return re.compile(f"(?!{_ENOUGH})(?<!{han})(?:{'|'.join(longest_first)})(?!{han})")


@cache
def _number_words() -> dict[str, dict[str, int]]:
    text = (files("app.grounding") / "number_words.toml").read_text(encoding="utf-8")
    return {
        language: {word: int(value) for value, listed in values.items() for word in listed.split()}
        for language, values in tomllib.loads(text).items()
    }
