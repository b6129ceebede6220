"""A stretch of text that is translated in one go, and how it is put together again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from app.translating.protecting import Piece, Protection
from app.translating.refusal import Reason, RefusedError
from models.marked_text import Kept, Marked, MarkedText, Part, plain

_RUNS = re.compile(r"[ \t\n]{2,}|[\t\n]")
_HAS_WORDS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands around a marked stretch: `**` and `**`, or `[` and `](address)`."""

    opening: str
    closing: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A text with numbered marks and pieces, and what the numbers stand for.

    Attributes:
        text: What is translated.
        marks: By number.
        pieces: What stands in the translation for each kept piece, by number.
    """

    text: MarkedText
    marks: Mapping[int, Mark]
    pieces: Mapping[int, str]

    @property
    def has_words(self) -> bool:
        """Whether there is anything to translate: letters that are not kept."""
        return any(_HAS_WORDS.search(words) for words in _words(self.text))

    def restored(self, translated: MarkedText, escape: Callable[[str], str]) -> str:
        """Write a translation as the source was written.

        Args:
            translated: Of `text`, with its marks and pieces.
            escape: Keeps words from being taken for syntax.

        Raises:
            RefusedError: A mark or piece is lost, doubled, or within another mark than before.
        """
        before, after = _places(self.text), _places(translated)
        if before != after:
            raise RefusedError(*self._complaint(before, after))
        return self._written(translated, escape).strip()

    def as_it_is(self, escape: Callable[[str], str]) -> str:
        """Write the source with the glossary's terms, all else unchanged."""
        return self._written(self.text, escape).strip()

    def _written(self, text: MarkedText, escape: Callable[[str], str]) -> str:
        return "".join(self._part(part, escape) for part in text)

    def _part(self, part: Part, escape: Callable[[str], str]) -> str:
        if isinstance(part, str):
            return escape(_RUNS.sub(" ", part))
        if isinstance(part, Kept):
            return self.pieces[part.number]
        inner = self._written(part.parts, escape)
        mark = self.marks.get(part.number)
        if mark is None:
            return inner  # made up, and around nothing, or its place would have been missed
        words = inner.strip()
        # A mark that begins or ends with a space is none.
        before = " " if inner[:1].isspace() else ""
        after = " " if inner[-1:].isspace() else ""
        return f"{before}{mark.opening}{words}{mark.closing}{after}"

    def _complaint(
        self, before: Counter[tuple[int, ...]], after: Counter[tuple[int, ...]]
    ) -> tuple[Reason, str]:
        kept = {place[-1] for place in (*(before - after), *(after - before))} & self.pieces.keys()
        if kept:
            shown = ", ".join(repr(self.pieces[number][:40]) for number in sorted(kept)[:3])
            return Reason.PIECES, f"{shown} did not come through once and in its place"
        return Reason.STRUCTURE, "links or emphasis did not come through as they were"


@dataclass(slots=True)
class SegmentBuilder:
    """Collects the parts of a segment, numbering its marks and pieces."""

    protection: Protection
    escape: Callable[[str], str]
    marks: dict[int, Mark] = field(default_factory=dict)
    pieces: dict[int, str] = field(default_factory=dict)
    _open: list[tuple[int, list[Part]]] = field(default_factory=lambda: [(0, [])])

    def add_text(self, text: str) -> None:
        """Add words, with what must be kept among them."""
        for stretch in self.protection.split(text):
            if isinstance(stretch, Piece):
                self.add_piece(self.escape(stretch.replacement), stretch.replacement)
            else:
                self._append(stretch)

    def add_piece(self, source: str, shown: str) -> None:
        """Add what is kept, such as code: how it is written, and how it reads."""
        number = self._number()
        self.pieces[number] = source
        self._append(Kept(number, shown))

    def open_mark(self, mark: Mark) -> None:
        """Begin a marked stretch."""
        number = self._number()
        self.marks[number] = mark
        self._open.append((number, []))

    def close_mark(self) -> None:
        """End the innermost marked stretch."""
        number, parts = self._open.pop()
        self._append(Marked(number, tuple(parts)))

    def segment(self) -> Segment:
        """Give what was collected."""
        return Segment(tuple(self._open[0][1]), self.marks, self.pieces)

    def _number(self) -> int:
        return len(self.marks) + len(self.pieces) + 1

    def _append(self, part: Part) -> None:
        parts = self._open[-1][1]
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)


def _words(text: MarkedText) -> Iterator[str]:
    for part in text:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Marked):
            yield from _words(part.parts)


def _places(text: MarkedText, within: tuple[int, ...] = ()) -> Counter[tuple[int, ...]]:
    """Count marks and pieces, each with the marks that it is within; empty marks do not count.

    Pieces have their number, marks the negative of theirs: one must not stand in for the other.
    """
    found: Counter[tuple[int, ...]] = Counter()
    for part in text:
        if isinstance(part, str):
            continue
        if isinstance(part, Kept):
            found[*within, part.number] += 1
        elif plain(part.parts).strip():
            path = (*within, -part.number)
            found[path] += 1
            found += _places(part.parts, path)
    return found
