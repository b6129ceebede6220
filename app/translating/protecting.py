"""What stays as it is in a translation: numbers, prices, dates, addresses, placeholders, terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge_base.glossary import Glossary

_SIGN = "[€$£¥₹₽₺₩₴₪฿]"
# Every repeat is bounded or begins at a literal, so that no text takes more than linear time.
_PIECES = re.compile(
    r"(?:https?|ftp)://[^\s<>]{1,2000}[^\s<>.,;:!?)\]}'\"]|(?:mailto|tel):[^\s<>]{1,200}"
    r"|www\.[^\s<>]{1,2000}[^\s<>.,;:!?)\]}'\"]"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,24}"
    r"|\{\{[^{}\n]{1,80}\}\}|\$?\{[^{}\n]{0,80}\}|%\([A-Za-z_]{1,40}\)[sd]|%[sd]\b"
    r"|\[\[[^\[\]\n]{1,80}\]\]"
    r"|</?[A-Za-z][^<>\n]{0,200}>|&(?:[A-Za-z]{2,31}|\#\d{1,7}|\#x[0-9A-Fa-f]{1,6});"
    r"|\+\d[\d ()/\u00a0-]{5,24}\d"
    rf"|{_SIGN}\s?\d+(?:[.,:/’'\u00a0\u202f-]\d+){{0,10}}"
    r"|(?<![A-Za-z0-9])[A-Za-z]{0,20}(?:[A-Za-z]-)?\d+(?:[.,:/’'\u00a0\u202f_-]\d+){0,10}"
    rf"(?:[A-Za-z0-9_-]{{0,30}}[A-Za-z0-9]|\s?(?:%|‰|°[CF]?|{_SIGN}(?!\s?\d)))?"
    r"|\d+"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that no translator may change.

    Attributes:
        text: As it stands in the source.
        replacement: What stands for it in the translation.
    """

    text: str
    replacement: str


class Protection:
    """Finds what stays, for one direction of translation."""

    def __init__(self, terms: Mapping[str, str] | None = None) -> None:
        """Prepare to find terms beside what is always kept.

        Args:
            terms: What each term of the source language is in the other.
        """
        self._terms = {} if terms is None else dict(terms)
        longest_first = sorted(self._terms, key=len, reverse=True)
        patterns = [*(_bounded(term) for term in longest_first), _PIECES.pattern]
        # What begins first wins: an address over a term within, a term over a number within.
        self._pattern = re.compile("|".join(patterns)) if longest_first else _PIECES

    @classmethod
    def between(cls, glossary: Glossary, source: str, target: str) -> Protection:
        """Take the terms of a glossary that hold from one language to another."""
        terms: dict[str, str] = {}
        for term, replacement in glossary.between(source, target).items():
            terms.setdefault(term, replacement)
            # At the beginning of a sentence.
            terms.setdefault(_capitalised(term), _capitalised(replacement))
        return cls(terms)

    def split(self, text: str) -> Iterator[str | Piece]:
        """Take a text apart into what is translated and what is not."""
        end = 0
        for found in self._pattern.finditer(text):
            if found.start() > end:
                yield text[end : found.start()]
            yield Piece(found.group(), self._terms.get(found.group(), found.group()))
            end = found.end()
        if end < len(text):
            yield text[end:]


def pieces(text: str) -> Counter[str]:
    """Count what must be the same in a text and its translation."""
    return Counter(_NARROW.sub("", found.group()) for found in _PIECES.finditer(text))


_NARROW = re.compile(r"\s")


def _bounded(term: str) -> str:
    """Match a term as a word of its own, where its script puts spaces between words."""
    before = r"(?<!\w)" if _is_spaced(term[0]) else ""
    after = r"(?!\w)" if _is_spaced(term[-1]) else ""
    return f"{before}{re.escape(term)}{after}"


def _is_spaced(char: str) -> bool:
    return char.isalnum() and not "\u0e00" <= char <= "\u0eff" and not "\u3040" <= char <= "\u9fff"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
