"""JSON and JSON Lines: a list of records, or `{"entries": [...]}`, or a record a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge_base.entry import Record
from knowledge_base.formats import Layout
from knowledge_base.problems import Code
from knowledge_base.reading import Reading
from knowledge_base.record_values import plain_values

_ENTRIES = "entries"
# An unclosed string takes all that follows, so that no input makes the search start over and over.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[\]{}]|\\?\Z', re.DOTALL)
_ELEMENT_START = re.compile(r"[\s,]*")
_WRAPPER = re.compile(r'\s*\{\s*"' + _ENTRIES + r'"\s*:\s*\[')
_LIST = re.compile(r"\s*\[")
_TAIL = re.compile(r"\s*\}?\s*")


class _RepeatedKeyError(ValueError):
    pass


def read(data: bytes, reading: Reading) -> None:
    """Read records, each with the line it begins at; one that is at fault does not stop the next.

    Raises:
        ReadingStoppedError: The text is neither of the layouts, or a limit is reached.
    """
    text = reading.decode(data)
    if reading.file.lower().endswith(".jsonl"):
        for number, element in enumerate(text.split("\n"), 1):
            if element and not element.isspace():
                _add(element, number, reading)
        return
    opening = _LIST.match(text) or _WRAPPER.match(text)
    if opening is None:
        if text.strip():
            raise reading.stop(
                Code.SYNTAX,
                'the text is no list of records; write [{"id": ...}, ...] or {"entries": [...]}',
                1,
            )
        return
    lines = _Lines(text)
    for start, end in _elements(text, opening.end(), lines, reading):
        _add(text[start:end], lines.at(start), reading)


class _Lines:
    """Numbers the lines of a text for places that only go forward."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = 1
        self._counted = 0

    def at(self, place: int) -> int:
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line


def _elements(
    text: str, position: int, lines: _Lines, reading: Reading
) -> Iterator[tuple[int, int]]:
    """Find where each element of the outermost list begins and ends, whatever it holds."""
    depth, start = 0, position
    for token in _TOKEN.finditer(text, position):
        kind = token.group()
        if kind in {"[", "{"}:
            if depth == 0:
                start = _checked_gap(text, start, token.start(), lines, reading)
            depth += 1
        elif kind in {"]", "}"}:
            depth -= 1
            if depth == 0:
                yield start, token.end()
                start = token.end()
            elif depth < 0:
                _checked_gap(text, start, token.start(), lines, reading)
                _check_tail(text, token.end(), lines, reading)
                return
    line = text.count("\n") + 1
    raise reading.stop(
        Code.SYNTAX, "the list of records is not closed; the file may be cut short", line
    )


def _checked_gap(text: str, start: int, end: int, lines: _Lines, reading: Reading) -> int:
    """Report whatever stands between two records and is no comma; give the next one's start."""
    gap = text[start:end].strip(" \t\r\n,")
    if gap:
        line = lines.at(start)
        reading.error(Code.SYNTAX, f"{gap[:40]!r} is no record; every element is {{...}}", line)
    return end


def _check_tail(text: str, end: int, lines: _Lines, reading: Reading) -> None:
    if not _TAIL.fullmatch(text, end):
        line = lines.at(end)
        reading.error(
            Code.SYNTAX, "there is text after the list of records; delete it or bring it in", line
        )


def _add(element: str, line: int, reading: Reading) -> None:
    limits = reading.limits
    if len(element) > limits.record_characters:
        reading.error(
            Code.TOO_LONG,
            f"the record is longer than {limits.record_characters} characters; shorten it",
            line,
        )
        return
    if _depth(element, limits.depth) > limits.depth:
        reading.error(
            Code.FORBIDDEN_SYNTAX, f"the record nests deeper than {limits.depth} levels", line
        )
        return
    try:
        value = _DECODER.decode(element.strip())
    except json.JSONDecodeError as error:
        reading.error(
            Code.SYNTAX,
            f"this is not JSON: {error.msg} (column {error.colno}); mend the line",
            line + error.lineno - 1,
        )
    except ValueError as error:
        reading.error(Code.SYNTAX, f"this is not JSON: {error}", line)
    else:
        if isinstance(value, dict):
            reading.add(value, line)
        else:
            reading.error(Code.SYNTAX, "a record is written {...}; this is no such mapping", line)


def _depth(element: str, enough: int) -> int:
    """Count the levels of nesting, looking closer only where there are brackets enough."""
    if element.count("[") + element.count("{") <= enough:
        return 0
    depth = deepest = 0
    for token in _TOKEN.finditer(element):
        kind = token.group()
        depth += (kind in {"[", "{"}) - (kind in {"]", "}"})
        deepest = max(deepest, depth)
    return deepest


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = sorted(name for name, _ in pairs)
        repeated = next(name for name, following in pairwise(names) if name == following)
        raise _RepeatedKeyError(f"the key {repeated[:80]!r} stands twice; keep one")
    return values


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value; write null or a number")


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def write(records: Sequence[Record], layout: Layout) -> bytes:
    """Write a record a line, within a list unless the suffix is `.jsonl`."""
    lines = [json.dumps(plain_values(record), ensure_ascii=False) for record in records]
    if layout.suffix == ".jsonl":
        return "".join(f"{line}\n" for line in lines).encode()
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()
