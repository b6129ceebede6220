"""Sentences of Markdown as it is written, each given as soon as it is certain to have ended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from indexer.chunking import SENTENCE_END, goes_on

LONGEST = 1200
"""So many characters without an end are cut where there is white space."""

_LONG_ENOUGH = 160
# The Greek question mark looks like a semicolon, and is one everywhere else.
_END = re.compile(rf"{SENTENCE_END.pattern}|(?<=[\u0370-\u03ff\u1f00-\u1fff][;\u037e])\s+")
_BLOCK = re.compile(r"(?:[-*+•–][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|>|\||```)")
_SEEN_OF_A_BLOCK = 7
_ENDS_A_LINE = frozenset(".!?…:;؟۔।॥։。！？｡：")
_UNSPACED_ENDS = "。！？｡"
_QUOTED = "」』”"
# Thai, Lao, Khmer and Burmese have no mark that ends every sentence, and spaces between phrases.
_UNMARKED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_SPACE = re.compile(r"\s+")


def sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Cut a text into its sentences; joined, they are the text without white space around it.

    Never cut are links, code and emphasis, abbreviations, numbers and the marks of lists. A line
    of a list, a heading and a paragraph always end what is in them.

    Args:
        pieces: Markdown as it is written.

    Yields:
        Sentences with the white space that leads them, one character at least after it ended.
    """
    begun = ""
    for piece in pieces:
        for start in range(0, len(piece), LONGEST):
            begun += piece[start : start + LONGEST]
            while (end := _end(begun, is_all=False)) is not None:
                if begun[:end].strip():
                    yield begun[:end]
                begun = begun[end:]
    while (end := _end(begun, is_all=True)) is not None:
        yield begun[:end]
        begun = begun[end:]
    if begun.strip():
        yield begun.rstrip()


def joined(before: str, sentence: str) -> str:
    """Give a sentence the white space that it needs behind another one.

    Args:
        before: What it follows; may be empty.
        sentence: A sentence, with or without white space that leads it.
    """
    if not before or sentence[:1].isspace():
        return sentence
    if is_block(sentence):
        return f"\n{sentence}"
    return sentence if before[-1] in _UNSPACED_ENDS else f" {sentence}"


def is_block(text: str) -> bool:
    """Tell whether a text begins with the mark of a list, heading, quotation or table."""
    return _BLOCK.match(text) is not None


def _end(text: str, *, is_all: bool) -> int | None:
    start = len(text) - len(text.lstrip())
    found = [
        end
        for end in (_line_end(text, start, is_all=is_all), _mark_end(text, start, is_all=is_all))
        if end is not None
    ]
    if found:
        return min(found)
    if _UNMARKED.search(text) is not None:
        for space in _SPACE.finditer(text, start + _LONG_ENOUGH):
            if not _is_open(text[start : space.start()]):
                return space.start()
    if len(text) - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        return cut if cut > 0 else start + LONGEST
    return start if start > LONGEST else None


def _mark_end(text: str, start: int, *, is_all: bool) -> int | None:
    for found in _END.finditer(text, start):
        if found.end() == len(text) and not is_all:
            return None
        end = found.start() + len(found.group().rstrip())
        if end > start and not _goes_on(text, start, end, found):
            return end if text[end:].strip() else None
    return None


def _goes_on(text: str, start: int, end: int, found: re.Match[str]) -> bool:
    after = text[found.end() : found.end() + 2]
    if _is_open(text[start:end]):
        return True
    if not found.group()[-1:].isspace():
        # Where no space follows, what was quoted is mostly a part of the sentence.
        return text[end - 1] in _QUOTED and after[:1] != "\n"
    if "\n" in found.group():
        return False
    return goes_on(text, start, found)


def _line_end(text: str, start: int, *, is_all: bool) -> int | None:
    place = text.find("\n", start)
    while place >= 0:
        behind = text[place:].lstrip()
        if len(behind) < _SEEN_OF_A_BLOCK and not is_all:
            return None
        gap = text[place : len(text) - len(behind)]
        if behind and (gap.count("\n") > 1 or _ends_line(text[start:place], behind)):
            return len(text[:place].rstrip())
        place = text.find("\n", place + len(gap))
    return None


def _ends_line(before: str, behind: str) -> bool:
    line = before[before.rfind("\n") + 1 :].strip()
    last = line.rstrip("*_`\"')]»”’")[-1:]
    return (
        is_block(line)
        or is_block(behind)
        or last in _ENDS_A_LINE
        or (bool(last) and _UNMARKED.match(last) is not None)
    )


def _is_open(text: str) -> bool:
    """Tell whether code, a link, brackets or emphasis have begun in a text and not ended."""
    return (
        text.count("`") % 2 == 1
        or text.rfind("[") > text.rfind("]")
        or text.count("(") > text.count(")")
        or text.count("「") > text.count("」")
        or text.count("**") % 2 == 1
    )
