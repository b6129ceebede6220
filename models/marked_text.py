"""Texts with stretches that carry a mark, and pieces that stay as they are.

A translator moves marks and pieces to where they belong in the other language. What they stand
for, the caller alone knows: here they have numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

_TOKEN = re.compile(
    r"</(?P<closes>b|span)\s*>|<(?P<opens>b|span)(?P<attributes>[^<>]{0,200})>|(?P<words>[^<]+)|<.?"
)
_NUMBER = re.compile(r"\bid=[\"']?(\d{1,6})\b")
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece that stays as it is.

    Attributes:
        number: Which one; no other part of the text has it.
        text: How it reads, for a translator to whom "24" before "hours" says something.
    """

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch within a mark, such as a link's words.

    Attributes:
        number: Which mark; no other part of the text has it.
        parts: What stands within.
    """

    number: int
    parts: tuple[Part, ...]


Part = str | Kept | Marked
MarkedText = tuple[Part, ...]


class MarkedTextError(ValueError):
    """A text is not in the form that marked texts are written in."""


def to_html(text: MarkedText) -> str:
    """Write a marked text as HTML: `<b id="1">…</b>` and `<span translate="no" id="2">…</span>`."""
    return "".join(_html(part) for part in text)


def from_html(markup: str) -> MarkedText:
    """Read what `to_html` wrote, or what a translator made of it.

    Raises:
        MarkedTextError: There are other elements in it, or they are not closed.
    """
    return _Reader().read(markup)


def plain(text: MarkedText) -> str:
    """Give the words alone, kept pieces among them."""
    return "".join(_words(text))


def _words(text: MarkedText) -> Iterator[str]:
    for part in text:
        if isinstance(part, Marked):
            yield from _words(part.parts)
        else:
            yield part if isinstance(part, str) else part.text


def _html(part: Part) -> str:
    if isinstance(part, str):
        return escape(part, quote=False)
    if isinstance(part, Kept):
        return f'<span translate="no" id="{part.number}">{escape(part.text, quote=False)}</span>'
    return f'<b id="{part.number}">{to_html(part.parts)}</b>'


class _Reader:
    """Knows the few elements that are sent; a parser of all HTML is slow where that is broken."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int, list[Part]]] = [("", 0, [])]

    def read(self, markup: str) -> MarkedText:
        for token in _TOKEN.finditer(markup):
            if token["closes"] is not None:
                self._close(token["closes"])
            elif token["opens"] is not None:
                self._begin(token["opens"], token["attributes"])
            elif token["words"] is not None:
                self._add(unescape(token["words"]))
            else:
                raise MarkedTextError(f"there is {token.group()[:20]!r} in it, which was not sent")
        if len(self._open) > 1:
            raise MarkedTextError(f"<{self._open[-1][0]}> is not closed")
        return tuple(self._open[0][2])

    def _begin(self, tag: str, attributes: str) -> None:
        number = _NUMBER.search(attributes)
        if number is None:
            raise MarkedTextError(f"there is a <{tag}> without a number in it")
        if len(self._open) > _DEEPEST:
            raise MarkedTextError("its marks nest too deep")
        self._open.append((tag, int(number[1]), []))

    def _close(self, tag: str) -> None:
        if self._open[-1][0] != tag:
            raise MarkedTextError(f"</{tag}> closes nothing")
        _, number, parts = self._open.pop()
        inner = tuple(parts)
        self._add(Kept(number, plain(inner)) if tag == "span" else Marked(number, inner))

    def _add(self, part: Part) -> None:
        self._open[-1][2].append(part)
