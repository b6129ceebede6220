"""Words of a text that name somebody or something, as far as their letters tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from app.grounding.sentence import Sentence
from knowledge_base.languages import base_language, locale_of
from models.scripts import CASED, Script, scripts_of

_WORD = re.compile(r"[^\W\d_]{2,60}")
_LATIN_WORD = re.compile(
    r"(?<![A-Za-z0-9@./_\u00c0-\u052f-])[A-Za-z][A-Za-z0-9]{1,40}(?![A-Za-z0-9@/_\u00c0-\u052f])"
)
_INNER_CAPITAL = re.compile(r"[A-Za-z][A-Z]")
_BEGINS_SENTENCE = frozenset('.!?:;…•·–—-\n"“„«»‘‚(¿¡*/|')
_NOUNS_IN_CAPITALS = frozenset({"de", "lb", "nds", "gsw"})
_LEAST_ACROSS = 4


def proper_names(sentence: Sentence, lang: str, *, across: bool) -> Iterator[str]:
    """Find the words that name something.

    In languages that write names with capitals, those within a sentence that have one; in German,
    where all nouns have one, those like PayPal; beside other scripts, words in Latin letters. What
    stands in bold, in quotation marks or in a link is what something says, and is left out.

    Args:
        sentence: What a machine wrote.
        lang: The tag of its language.
        across: Whether all passages are in other languages. Names that mean something are then
            translated, so that only those count that hardly ever are.

    Yields:
        Single words.
    """
    text = _without_marked(sentence)
    yield from _in_latin_letters(text, lang, across=across)
    language = base_language(lang)
    if across or not scripts_of(lang) & CASED or language in _NOUNS_IN_CAPITALS:
        return
    for found in _WORD.finditer(text):
        word = found.group()
        if word[0].isupper() and not (
            _is_initial(text, found.start()) or _is_no_name(word, language)
        ):
            yield word


def is_brand(word: str) -> bool:
    """Tell whether a word in Latin letters is written as companies write theirs: PayPal."""
    return _INNER_CAPITAL.search(word) is not None and not word.isupper()


def has_brand(text: str) -> bool:
    """Tell whether a text, in whatever script, has such a word."""
    return any(map(is_brand, _LATIN_WORD.findall(text)))


def names_left(sentence: Sentence) -> Iterator[str]:
    """Give the names that a sentence in another script leaves in Latin letters.

    Left out are abbreviations, and what is marked: the names of buttons are translated at times.
    """
    for word in _LATIN_WORD.findall(_without_marked(sentence)):
        if len(word) >= _LEAST_ACROSS and word[0].isupper() and not word.isupper():
            yield word


def _without_marked(sentence: Sentence) -> str:
    text = sentence.words
    for name in sorted(sentence.names, key=len, reverse=True):
        text = text.replace(name, " , ")
    return text


def _in_latin_letters(text: str, lang: str, *, across: bool) -> Iterator[str]:
    """Give what no rule of spelling explains: PayPal, DHL, and capitals beside another script."""
    is_foreign = Script.LATIN not in scripts_of(lang)
    for found in _LATIN_WORD.finditer(text):
        word = found.group()
        # Abbreviations differ from language to language: VAT is TVA.
        if across and (word.isupper() or len(word) < _LEAST_ACROSS):
            continue
        if _INNER_CAPITAL.search(word) or (is_foreign and not word.islower()):
            yield word


def _is_initial(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start].rstrip(" \t\u00a0'’")
    return (not before and start <= 4) or before[-1:] in _BEGINS_SENTENCE


def _is_no_name(word: str, language: str) -> bool:
    return (
        any(word.startswith(each) for each in _listed(language)[0]) or word in _listed(language)[1]
    )


@cache
def _listed(language: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Give the beginnings of words, and the words, that have a capital and name nothing."""
    listed: dict[str, str] = tomllib.loads(
        (files("app.grounding") / "capitals.toml").read_text(encoding="utf-8")
    )
    words = listed.get(language, "").split()
    locale = locale_of(language)
    calendars = () if locale is None else (locale.months, locale.days)
    days = [name for each in calendars for name in each["format"]["wide"].values()]
    starts = [each.rstrip("*") for each in words if each.endswith("*")]
    return tuple(starts + [each for each in days if each[:1].isupper()]), frozenset(words)
