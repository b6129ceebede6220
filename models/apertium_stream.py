"""Marked texts in the stream that the programs of apertium pass on to each other.

A word that carries something is written `[[m1;k2]]word[[/]]`; the programs take what stands in
the brackets along to wherever the word goes, to every word that becomes of it. A kept piece goes
as a number where it holds one, for grammar depends on numbers, else as a word that no dictionary
has. The format is apertium's own: https://wiki.apertium.org/wiki/Apertium_stream_format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.marked_text import Kept, Marked, MarkedText, Part
from models.translation import Translated

_RESERVED = re.compile(r"[\[\]{}^$/\\<>]")
_OWN_SIGNS = re.compile(r"[*@#~]+")
"""With these apertium marks words of its own account, so that a text's travel between words."""
_STAND_IN = "Xqzkv"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_TOKEN = re.compile(
    r"\[\[(?P<labels>[^\[\]]*)\]\](?P<inner>(?:\\.|[^\[\\])*)\[\[/\]\]"
    r"|\[(?P<between>(?:\\.|[^\[\]\\])*)\]"
    r"|(?P<blank>\s+)"
    r"|(?P<word>(?:\\.|[^\s\[\\])+)"
    r"|(?P<rest>.)",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNKNOWN = re.compile(r"(?<![^\W\d_])[*@#](?=[^\W_])")
_LABEL = re.compile(r"([mk])(\d{1,6})")
_WIDEST_GAP = 2
"""Words such as articles come up between the words of a mark; more than these are none."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Text, with the marks that it stands in and the piece that it stands for.

    Attributes:
        text: Empty for a kept piece.
        marks: Numbers of the marks.
        kept: Number of the piece, None for text.
        is_blank: Whether it is white space between words.
    """

    text: str
    marks: frozenset[int] = field(default_factory=frozenset)
    kept: int | None = None
    is_blank: bool = False


def to_stream(text: MarkedText) -> str:
    """Write a marked text for apertium."""
    # A full stop that nothing follows would be lost.
    return "".join([*_written(text, ()), "[]"])


def _written(text: MarkedText, labels: tuple[str, ...]) -> Iterator[str]:
    for part in text:
        if isinstance(part, Marked):
            yield from _written(part.parts, (*labels, f"m{part.number}"))
        elif isinstance(part, Kept):
            number = _NUMBER.search(part.text)
            shown = number.group() if number and number.group().isascii() else _STAND_IN
            yield f"[[{';'.join((*labels, f'k{part.number}'))}]]{shown}[[/]]"
        elif not labels:
            yield _escaped(part)
        else:
            stripped = part.strip()
            before = part[: len(part) - len(part.lstrip())]
            yield before
            if stripped:
                yield f"[[{';'.join(labels)}]]{_escaped(stripped)}[[/]]"
                yield part[len(before) + len(stripped) :]


def _escaped(text: str) -> str:
    text = _RESERVED.sub(lambda found: f"\\{found.group()}", text.replace("\0", ""))
    return _OWN_SIGNS.sub(lambda found: f"[{found.group()}]", text)


def from_stream(stream: str, source: MarkedText) -> Translated:
    """Read what apertium made of a marked text; marks of unknown words are counted and taken off.

    Args:
        stream: As it came out.
        source: What went in: it says how kept pieces read, and which mark is within which.
    """
    kept, order = {}, []
    for part in _every(source):
        if isinstance(part, Kept):
            kept[part.number] = part.text
        else:
            order.append(part.number)
    runs, unknown = _read(stream)
    runs = _filled(runs, order)
    return Translated(_tree(runs, order, kept), unknown)


def _every(text: MarkedText) -> Iterator[Kept | Marked]:
    for part in text:
        if isinstance(part, str):
            continue
        yield part
        if isinstance(part, Marked):
            yield from _every(part.parts)


def _read(stream: str) -> tuple[list[_Run], int]:
    runs: list[_Run] = []
    unknown = 0
    for token in _TOKEN.finditer(stream):
        if token["blank"] is not None:
            runs.append(_Run(" ", is_blank=True))
            continue
        labels = _LABEL.findall(token["labels"] or "")
        marks = frozenset(int(number) for kind, number in labels if kind == "m")
        kept = [int(number) for kind, number in labels if kind == "k"]
        if kept:
            for number in dict.fromkeys(kept):
                # A piece may come out as several words in a row: they are one.
                if not runs or runs[-1].kept != number:
                    runs.append(_Run("", marks, number))
            continue
        if token["between"] is not None:
            if token["between"]:
                runs.append(_Run(_ESCAPED.sub(r"\1", token["between"]), marks))
            continue
        raw = token["inner"] or token["word"] or token["rest"] or ""
        unknown += len(_UNKNOWN.findall(_ESCAPED.sub("", raw)))
        words = _ESCAPED.sub(r"\1", re.sub(r"(?<!\\)" + _UNKNOWN.pattern, "", raw))
        if words:
            runs.append(_Run(words, marks))
    return runs, unknown


def _filled(runs: Sequence[_Run], order: Sequence[int]) -> list[_Run]:
    """Let a mark reach over the blanks and few words between the words that carry it."""
    filled = list(runs)
    for mark in order:
        last: int | None = None
        for place, run in enumerate(runs):
            if mark not in run.marks:
                continue
            if last is not None:
                gap = range(last + 1, place)
                if sum(not runs[each].is_blank for each in gap) <= _WIDEST_GAP:
                    for each in gap:
                        between = filled[each]
                        filled[each] = _Run(
                            between.text, between.marks | {mark}, between.kept, between.is_blank
                        )
            last = place
    return filled


def _tree(runs: Sequence[_Run], order: Sequence[int], kept: dict[int, str]) -> MarkedText:
    """Nest the runs, outer marks first, as they were nested in the source."""
    stack: list[tuple[int, list[Part]]] = [(0, [])]

    def close_to(depth: int) -> None:
        while len(stack) > depth:
            number, parts = stack.pop()
            stack[-1][1].append(Marked(number, tuple(parts)))

    blank = ""
    for run in runs:
        if run.is_blank and not run.marks:
            close_to(1)
            blank = " "
            continue
        path = [number for number in order if number in run.marks]
        same = 0
        while same < min(len(path), len(stack) - 1) and stack[same + 1][0] == path[same]:
            same += 1
        close_to(same + 1)
        if run.is_blank:
            blank = " "
            continue
        if blank:
            _append(stack[-1][1], blank)
            blank = ""
        stack.extend((number, []) for number in path[same:])
        piece: Part = run.text
        if run.kept is not None:
            piece = Kept(run.kept, kept.get(run.kept, ""))
        _append(stack[-1][1], piece)
    close_to(1)
    return tuple(stack[0][1])


def _append(parts: list[Part], piece: Part) -> None:
    if isinstance(piece, str) and parts and isinstance(parts[-1], str):
        parts[-1] += piece
    else:
        parts.append(piece)
