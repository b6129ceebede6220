"""What models put around an answer: they think aloud first, or fence all of it as code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

_THINKING = {"<think>": "</think>", "<thinking>": "</thinking>"}
_LONGEST_TAG = max(map(len, _THINKING))
_FENCE = "```"
_LONGEST_FENCE = 24
_SLICE = 1024


def unwrapped(pieces: Iterable[str]) -> Iterator[str]:
    """Drop what leads and ends an answer without belonging to it, holding a few characters at most.

    Args:
        pieces: A text as it is written.

    Yields:
        The text within, without the white space that leads it; nothing where there is none.
    """
    rest = _sliced(pieces)
    head, rest = _head(rest, _LONGEST_TAG)
    closing = next((end for tag, end in _THINKING.items() if head.lower().startswith(tag)), None)
    if closing is not None:
        rest = _after(chain([head], rest), closing)
        head, rest = _head(rest, len(_FENCE))
    if head.startswith(_FENCE):
        head, rest = _head(chain([head], rest), _LONGEST_FENCE)
        _, newline, begun = head.partition("\n")
        within = _until(chain([f"\n{begun}" if newline else head], rest), f"\n{_FENCE}")
        head, rest = _head(within, 1)
    if head:
        yield head
    yield from rest


def _sliced(pieces: Iterable[str]) -> Iterator[str]:
    for piece in pieces:
        for start in range(0, len(piece), _SLICE):
            yield piece[start : start + _SLICE]


def _head(pieces: Iterator[str], length: int) -> tuple[str, Iterator[str]]:
    """Take at least so many characters, if there are, without the white space that leads them."""
    head = ""
    for piece in pieces:
        head = (head + piece).lstrip()
        if len(head) >= length:
            break
    return head, pieces


def _after(pieces: Iterable[str], closing: str) -> Iterator[str]:
    """Give what comes after a word."""
    each = iter(pieces)
    held = ""
    for piece in each:
        held += piece
        found = held.lower().find(closing)
        if found >= 0:
            yield held[found + len(closing) :]
            break
        held = held[-len(closing) :]
    yield from each


def _until(pieces: Iterable[str], closing: str) -> Iterator[str]:
    """Give what comes before a word."""
    held = ""
    for piece in pieces:
        held += piece
        found = held.find(closing)
        if found >= 0:
            yield held[:found]
            return
        yield held[: -len(closing)]
        held = held[-len(closing) :]
    yield held
