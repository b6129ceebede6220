"""Texts with stretches that carry a mark, and pieces that stay as they are.

A translator moves marks and pieces to where they belong in the other language. What they stand
for, the caller alone knows: here they have numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser


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
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.finished()


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


class _Reader(HTMLParser):
    _DEEPEST = 50

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, int, list[Part]]] = [("", 0, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        number = dict(attrs).get("id") or ""
        if tag not in {"b", "span"} or not number.isdecimal() or len(number) > 6:
            raise MarkedTextError(f"there is <{tag[:20]}> in it, which was not sent")
        if len(self._open) > self._DEEPEST:
            raise MarkedTextError("its marks nest too deep")
        self._open.append((tag, int(number), []))

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1][0] != tag:
            raise MarkedTextError(f"</{tag[:20]}> closes nothing")
        _, number, parts = self._open.pop()
        inner = tuple(parts)
        made = Kept(number, plain(inner)) if tag == "span" else Marked(number, inner)
        self._open[-1][2].append(made)

    def handle_data(self, data: str) -> None:
        self._open[-1][2].append(data)

    def finished(self) -> MarkedText:
        if len(self._open) > 1:
            raise MarkedTextError(f"<{self._open[-1][0]}> is not closed")
        return tuple(self._open[0][2])
