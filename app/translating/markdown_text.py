"""Answers cut into what is translated and what stays: Markdown keeps its form line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.translating.protecting import Protection
from app.translating.refusal import Reason, RefusedError
from app.translating.segment import Mark, Segment, SegmentBuilder
from models.marked_text import MarkedText

_SPECIAL = re.compile(
    r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w{1,31};)"
    r"|<(?=[A-Za-z][A-Za-z0-9+.-]{1,31}:|[^\s<>]{1,64}@)"
)
_IN_TABLE = re.compile(r"\|")
_BLOCK_START = re.compile(r"[-+>#=]|\d{1,9}(?=[.)](?:\s|$))")
_NEEDS_BRACKETS = re.compile(r"[\s()<>]|^$")
_LINE_BREAK = re.compile(r"(?:\\|[ ]{2,})$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands in an answer's lines, which are numbered from 0.

    Attributes:
        first: The line it begins in.
        start: The character there.
        last: The line it ends in.
        end: The character there, behind it.
        in_table: Whether it is a table's cell.
    """

    first: int
    start: int
    last: int
    end: int
    in_table: bool


class CutMarkdown:
    """An answer, its segments, and the way back.

    Attributes:
        segments: What is to be translated, in order.
    """

    def __init__(self, markdown: str, protection: Protection) -> None:
        """Take an answer apart.

        Raises:
            RefusedError: Its form is such that translations could not be put in place.
        """
        self._lines = markdown.split("\n")
        self._places: list[Place] = []
        self.segments: list[Segment] = []
        column: dict[int, int] = {}
        in_table = 0
        for token in _parser().parse(markdown):
            in_table += token.nesting if token.type.startswith("table_") else 0
            if token.type == "inline" and token.map is not None and token.content:
                for piece, lines in _by_line_breaks(token):
                    place = self._locate(token.map[0], lines, column, bool(in_table))
                    segment = _segment(piece, protection, in_table=bool(in_table))
                    if segment.has_words:
                        self.segments.append(segment)
                        self._places.append(place)

    def source(self) -> str:
        """Give the answer with the glossary's terms, all else unchanged."""
        return self._joined([segment.as_it_is(self._escape(at)) for at, segment in self._each()])

    def finished(self, translations: Sequence[MarkedText]) -> str:
        """Put a translation in the place of each segment, and leave all else as it is.

        Raises:
            RefusedError: A mark or piece did not come through.
        """
        return self._joined(
            [
                segment.restored(translated, self._escape(at))
                for (at, segment), translated in zip(self._each(), translations, strict=True)
            ]
        )

    def _each(self) -> Iterator[tuple[int, Segment]]:
        return enumerate(self.segments)

    def _escape(self, position: int) -> _Escape:
        return _Escape(in_table=self._places[position].in_table)

    def _joined(self, texts: Sequence[str]) -> str:
        lines: list[str | None] = list(self._lines)
        # From the end, so that places before stay where they are.
        for place, text in reversed(list(zip(self._places, texts, strict=True))):
            first, last = lines[place.first] or "", lines[place.last] or ""
            safe = text if place.in_table else _no_block(text)
            lines[place.first] = f"{first[: place.start]}{safe}{last[place.end :]}"
            for line in range(place.first + 1, place.last + 1):
                lines[line] = None
        return "\n".join(line for line in lines if line is not None)

    def _locate(
        self, line: int, texts: Sequence[tuple[int, str]], column: dict[int, int], in_table: bool
    ) -> Place:
        spans = []
        for offset, text in texts:
            at = line + offset
            own = self._lines[at] if at < len(self._lines) else ""
            written = text if not in_table or text in own else _IN_TABLE.sub(r"\\|", text)
            start = own.find(written, column.get(at, 0)) if in_table else own.rfind(written)
            if start < 0:
                raise RefusedError(
                    Reason.STRUCTURE, f"the source's {text[:40]!r} cannot be found in its lines"
                )
            column[at] = start + len(written)
            spans.append((at, start, start + len(written)))
        return Place(spans[0][0], spans[0][1], spans[-1][0], spans[-1][2], in_table)


def _no_block(text: str) -> str:
    """Keep a paragraph from being taken for the beginning of a list or heading."""
    found = _BLOCK_START.match(text)
    if found is None:
        return text
    number = found.group() if found.group()[0].isdigit() else ""
    return f"{number}\\{text[len(number) :]}"


@dataclass(frozen=True, slots=True)
class _Escape:
    in_table: bool

    def __call__(self, text: str) -> str:
        escaped = _SPECIAL.sub(lambda found: f"\\{found.group()}", text)
        return _IN_TABLE.sub(r"\\|", escaped) if self.in_table else escaped


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.normalizeLink = _as_written  # type: ignore[method-assign] # as it is meant to be
    parser.validateLink = _is_taken  # type: ignore[method-assign] # likewise
    return parser


def _as_written(url: str) -> str:
    return url


def _is_taken(url: str) -> bool:
    del url
    return True


def tokens_of(markdown: str) -> list[Token]:
    """Parse an answer as the page does that shows it, addresses left as they are written."""
    return _parser().parse(markdown)


def _by_line_breaks(token: Token) -> Iterator[tuple[list[Token], list[tuple[int, str]]]]:
    """Cut a paragraph at its forced line breaks; give each part with its lines."""
    lines = token.content.split("\n")
    children: list[Token] = []
    first = line = 0
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        if child.type == "hardbreak" and child.level == 0:
            yield children, _stripped(lines, first, line)
            children, first = [], line
        else:
            children.append(child)
    yield children, _stripped(lines, first, len(lines))


def _stripped(lines: Sequence[str], first: int, end: int) -> list[tuple[int, str]]:
    return [
        (number, _LINE_BREAK.sub("", lines[number]).strip() if number == end - 1 else text)
        for number in range(first, end)
        if (text := lines[number].strip())
    ]


def _segment(tokens: Sequence[Token], protection: Protection, *, in_table: bool) -> Segment:
    builder = SegmentBuilder(protection, _Escape(in_table=in_table))
    _collect(tokens, builder)
    return builder.segment()


def _collect(tokens: Sequence[Token], builder: SegmentBuilder) -> None:
    for token in _without_bare_addresses(tokens, builder):
        match token.type:
            case "text":
                builder.add_text(token.content)
            case "softbreak" | "hardbreak":
                builder.add_text(" ")
            case "code_inline":
                builder.add_piece(_code(token), token.content)
            case "image" if not token.children:
                builder.add_piece(f"![]({_target(token, 'src')})", "")
            case "image":
                builder.open_mark(Mark("![", f"]({_target(token, 'src')})"))
                _collect(token.children or (), builder)
                builder.close_mark()
            case "link_open":
                builder.open_mark(Mark("[", f"]({_target(token, 'href')})"))
            case _ if token.nesting == 1:
                builder.open_mark(Mark(token.markup, token.markup))
            case _ if token.nesting == -1:
                builder.close_mark()


def _without_bare_addresses(tokens: Sequence[Token], builder: SegmentBuilder) -> Iterator[Token]:
    """Give all tokens but those of `<https://…>`, which is kept as one piece."""
    within = False
    for token in tokens:
        if token.markup == "autolink":
            within = token.nesting == 1
            if within:
                address = str(token.attrs.get("href", "")).removeprefix("mailto:")
                builder.add_piece(f"<{address}>", address)
        elif not within:
            yield token


def _code(token: Token) -> str:
    content = token.content
    padded = content[:1] == "`" or content[-1:] == "`" or (content[:1] == content[-1:] == " ")
    space = " " if padded else ""
    return f"{token.markup}{space}{content}{space}{token.markup}"


def _target(token: Token, name: str) -> str:
    address = str(token.attrs.get(name, ""))
    if _NEEDS_BRACKETS.search(address):
        address = "<{}>".format(re.sub(r"([<>\\])", r"\\\1", address))
    title = token.attrs.get("title")
    if not title:
        return address
    quoted = str(title).replace("\\", "\\\\").replace('"', '\\"')
    return f'{address} "{quoted}"'
