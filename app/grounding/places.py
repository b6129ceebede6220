"""Countries and languages by their names, in every language that the Unicode CLDR knows."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files

from babel.core import get_global

from app.grounding.known_words import INFLECTED
from app.grounding.rival_languages import rival_languages
from knowledge_base.languages import base_language, locale_of
from models.scripts import CASED, Script, scripts_of

# World, pseudo-languages and the like; and what names something else in many languages.
_NO_COUNTRIES = frozenset({"ZZ", "XA", "XB", "QO", "UN", "EZ"})
_AMBIGUOUS = {
    "any": frozenset({"JE", "ML"}),
    "ar": frozenset({"BJ", "OM"}),
    "fa": frozenset({"OM", "PE"}),
    "hi": frozenset({"cs", "ru", "zh"}),
    "ko": frozenset({"IN", "SD", "IR", "GN", "GH"}),
    "ja": frozenset({"CL"}),
    "th": frozenset({"TH", "LA"}),
    "zh": frozenset({"HT", "YE"}),
}
_UNSPACED = frozenset({Script.HAN, Script.KANA, Script.THAI, Script.LAO, Script.KHMER})
_SEMITIC = frozenset({Script.ARABIC, Script.HEBREW})
# What stands before them belongs to another word: today, among.
_NOT_BEHIND = "今本毎每其"
_LETTER = "[\\w\u0900-\u0dff]"
_KANA = "\u30a1-\u30fa\u30fc"
_PARTICLES = "은는이가을를의에로와과도및만나"
_LEAST_INITIAL = 5
_LEAST_INFLECTED = 5
_ABBREVIATED = 3
_ALIKE = 0.8
_LEAST_ADJECTIVE = 7
# Italian is "włoski", hair is "włosy": without its last letter alone such a word is no other.
_ADJECTIVES = ("ki", "ки")
_COUNTRIES_OF = {"en": ("GB", "US"), "pt": ("BR", "PT")}
_LANGUAGES = frozenset(rival_languages(()))


@dataclass(frozen=True, slots=True)
class Place:
    """A country that a text names.

    Attributes:
        code: Of ISO 3166, or EU.
        text: How it is named.
        is_sure: Whether it is hardly anything else: no word that means other things, or that begins
            as a country does at the beginning of a sentence.
    """

    code: str
    text: str
    is_sure: bool


def places(text: str, lang: str) -> Iterator[Place]:
    """Find the countries that a text names.

    Args:
        text: Plain text.
        lang: The tag of its language; nothing is found where the CLDR does not know it.
    """
    names = _names(lang)
    if names is None:
        return
    plain = _plain(text)
    ambiguous = _AMBIGUOUS["any"] | _AMBIGUOUS.get(base_language(lang), frozenset())
    for found in names.pattern.finditer(plain):
        full, code = names.named[(found.lastindex or 1) - 1]
        is_sure = code not in ambiguous
        if names.is_cased and _is_initial(plain, found.start()):
            is_sure &= found.group().startswith(full) and len(full) >= _LEAST_INITIAL
        if names.is_cased and code.islower():
            # In most languages that is an adjective, and may be the beginning of any word.
            is_telling = len(full) > _LEAST_ADJECTIVE or full.endswith(_ADJECTIVES)
            is_sure &= found.group() == full or (is_telling and base_language(lang) in INFLECTED)
        yield Place(code, found.group(), is_sure)


def is_nearly_named(code: str, text: str, lang: str) -> bool:
    """Tell whether a word of a text looks like a country's name: Tailanda like Thailanda.

    Words that name another country do not count: Austria looks like Australia.
    """
    locale = locale_of(lang)
    name = None if locale is None else locale.territories.get(code) or locale.languages.get(code)
    if name is None:
        return False
    others = {word for place in places(text, lang) for word in place.text.split()}
    words = [word for word in re.findall(r"\w{4,40}", _plain(text)) if word not in others]
    return bool(get_close_matches(_plain(name), words, n=1, cutoff=_ALIKE))


def is_of(language: str, country: str) -> bool:
    """Tell whether a language and a country share their name: German and Germany, not Austria.

    Args:
        language: A base tag.
        country: A code.
    """
    return country in _COUNTRIES_OF.get(language, _likely_country(language))


@cache
def _likely_country(language: str) -> tuple[str, ...]:
    return (str(get_global("likely_subtags").get(language, "")).rpartition("_")[2],)


def knows_places(lang: str) -> bool:
    """Tell whether the names of countries are known in a language."""
    return _names(lang) is not None


@dataclass(frozen=True, slots=True)
class _Names:
    pattern: re.Pattern[str]
    named: tuple[tuple[str, str], ...]
    is_cased: bool


@lru_cache(maxsize=256)
def _names(lang: str) -> _Names | None:
    locale = locale_of(lang)
    if locale is None:
        return None
    language = base_language(lang)
    own = scripts_of(lang)
    named = {
        _plain(name): code
        for code, name in locale.territories.items()
        if code.isalpha() and code not in _NO_COUNTRIES and "(" not in name and "（" not in name
    }
    for code in _LANGUAGES:
        name = _plain(locale.languages.get(code, ""))
        if len(name) > _ABBREVIATED or (name and not own & CASED):
            named[name] = code
    for group in ("any", language):
        for code, listed in _others().get(group, {}).items():
            named |= {_plain(name): code for name in listed}
    longest_first = sorted(named, key=len, reverse=True)
    ordered = tuple((name, named[name]) for name in longest_first)
    return _Names(
        re.compile(_alternatives(ordered, language, own)),
        ordered,
        bool(own & CASED),
    )


@cache
def _others() -> dict[str, dict[str, list[str]]]:
    listed: dict[str, dict[str, list[str]]] = tomllib.loads(
        (files("app.grounding") / "place_names.toml").read_text(encoding="utf-8")
    )
    return listed


def _alternatives(named: Sequence[tuple[str, str]], language: str, own: frozenset[Script]) -> str:
    """Match names as a language inflects them, or joins other words to them, a group for each."""
    # The letter before the group lets the engine pass over a name without trying it.
    each = (f"{head}({rest})" for head, rest in (_pattern(*one, language, own) for one in named))
    before = f"(?<!{_LETTER})"
    if own & _UNSPACED:
        before = f"(?<![{_NOT_BEHIND}])"
    elif own & _SEMITIC:
        before += "[وفبلובלמהש]{0,2}"
    return f"{before}(?:{'|'.join(each)})"


def _pattern(name: str, code: str, language: str, own: frozenset[Script]) -> tuple[str, str]:
    head, rest = re.escape(name[0]), re.escape(name[1:])
    end = f"(?!{_LETTER})"
    if name.isascii() and (len(name.replace(".", "")) <= _ABBREVIATED or not own & CASED):
        # US dollars are no country.
        return f"(?<![A-Za-z]){head}", rf"{rest}s?(?![A-Za-z]|[-\s]?(?:[$]|[Dd][oó]l))"
    if own & _UNSPACED:
        is_kana = re.fullmatch(f"[{_KANA}]+", name) is not None
        return (f"(?<![{_KANA}]){head}", f"{rest}(?![{_KANA}])") if is_kana else (head, rest)
    if Script.HANGUL in own:
        return head, f"{rest}(?:[{_PARTICLES}]|에서|으로|까지|부터|이나)?{end}"
    if own & _SEMITIC:
        # Arabic writes the article together with a preposition, and then without its first letter.
        return ("ا?ل", re.escape(name[2:]) + end) if name.startswith("ال") else (head, rest + end)
    if language in INFLECTED or (own & CASED and code.islower()):
        first, *others = name.split()
        words = [
            _inflected(first[1:], len(first)),
            *(_inflected(each, len(each)) for each in others),
        ]
        return head, r"\s".join(words)
    return head, rest + ("s?" if own & CASED else f"{_LETTER}{{0,3}}") + end


def _inflected(rest: str, length: int) -> str:
    """Leave out the ending of a word; a short word has none that would be told from others."""
    if length < _LEAST_INFLECTED:
        return rf"{re.escape(rest)}(?!\w)"
    ending = 1 if length == _LEAST_INFLECTED or rest.endswith(_ADJECTIVES) else 2
    return rf"{re.escape(rest[:-ending])}\w{{0,5}}(?!\w)"


def _plain(text: str) -> str:
    """Leave out marks and variants of letters that not everybody writes; the length may change."""
    composed = unicodedata.normalize("NFC", text).replace("ё", "е").replace("’", "'")
    if composed.isascii():
        return composed
    return re.sub("[\u064b-\u065f\u0640]", "", re.sub("[أإآ]", "ا", composed))


def _is_initial(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \t\"'«“„(¿¡*")
    return not before or before[-1] in ".!?:;\n-–—•…"
