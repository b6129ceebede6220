"""Patterns of words: `[please] (call|ring) me [back]`.

Words stand for themselves, however they are written (`fold`). `|` separates
alternatives, `( )` groups, `[ ]` may be missing, and `<name>` stands for another pattern. A script
without spaces is matched by its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from indexer.segmentation import is_dense, normalize, runs

_PIECE = re.compile(r"[()\[\]|]|<\w+>|[^\s()\[\]|<>]+")
_CLOSING = {"(": ")", "[": "]"}
_ONE_LETTER = str.maketrans("یکىةھ", "يكيهه")


class PatternError(ValueError):
    """A pattern cannot be read; the message says where."""


class Pattern(Protocol):
    """What may stand at a place of a text."""

    def ends(self, starts: int, places: Mapping[str, int]) -> int:
        """Find where the pattern may end.

        Args:
            starts: Places it may begin at, each a bit.
            places: Where each word of the text stands, each place a bit.

        Returns:
            The places right after it, each a bit; 0 where it does not match.
        """
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """One word."""

    word: str

    def ends(self, starts: int, places: Mapping[str, int]) -> int:
        """Find where the word ends."""
        return (starts & places.get(self.word, 0)) << 1


@dataclass(frozen=True, slots=True)
class Chain:
    """Patterns one after the other; an empty one matches nothing at all, anywhere."""

    parts: tuple[Pattern, ...]

    def ends(self, starts: int, places: Mapping[str, int]) -> int:
        """Find where the last part may end."""
        for part in self.parts:
            starts = part.ends(starts, places)
            if not starts:
                return 0
        return starts


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of several patterns.

    Attributes:
        by_word: Those that begin with a word, by it: most are passed over unread.
        others: The rest.
    """

    by_word: Mapping[str, tuple[Pattern, ...]]
    others: tuple[Pattern, ...]

    def ends(self, starts: int, places: Mapping[str, int]) -> int:
        """Find where any of them may end."""
        found = 0
        for word, at in places.items():
            if at & starts and word in self.by_word:
                for pattern in self.by_word[word]:
                    found |= pattern.ends(starts, places)
        for pattern in self.others:
            found |= pattern.ends(starts, places)
        return found


NOTHING: Final = Choice({}, ())
"""Matches nowhere."""


def spelt(text: str) -> Iterator[str]:
    """Yield a text's words as patterns know them; of scripts without spaces, its characters."""
    return split(fold(text))


def fold(text: str) -> str:
    """Fold what spellings of the same word differ in."""
    return normalize(text).translate(_ONE_LETTER)


def split(folded: str) -> Iterator[str]:
    """Yield the words of a folded text; of scripts without spaces, its characters."""
    for run in runs(folded):
        if is_dense(run):
            yield from run
        else:
            yield run


def places_of(spelt_words: Sequence[str]) -> Mapping[str, int]:
    """Tell where each word of a text stands, each place a bit."""
    places: dict[str, int] = {}
    for place, word in enumerate(spelt_words):
        places[word] = places.get(word, 0) | 1 << place
    return places


def read_pattern(source: str, named: Mapping[str, Pattern]) -> Pattern:
    """Read a pattern.

    Args:
        source: As editors of patterns write it, folded.
        named: What `<name>` stands for.

    Raises:
        PatternError: A bracket is open or a name is not known.
    """
    pieces = _PIECE.findall(source)
    pattern, end = _choice(pieces, 0, named)
    if end != len(pieces):
        raise PatternError(f"{pieces[end]!r} closes nothing in: {source.strip()}")
    return pattern


def _choice(pieces: Sequence[str], at: int, named: Mapping[str, Pattern]) -> tuple[Pattern, int]:
    options: list[tuple[Pattern, ...]] = []
    parts: list[Pattern] = []
    while at < len(pieces) and pieces[at] not in _CLOSING.values():
        piece = pieces[at]
        at += 1
        if piece == "|":
            options.append(tuple(parts))
            parts = []
        elif piece in _CLOSING:
            inner, at = _choice(pieces, at, named)
            if pieces[at : at + 1] != [_CLOSING[piece]]:
                raise PatternError(f"{piece!r} is not closed in: {' '.join(pieces)}")
            at += 1
            parts.append(inner if piece == "(" else _either([(inner,), ()]))
        elif piece.startswith("<"):
            if piece[1:-1] not in named:
                raise PatternError(f"nothing is called {piece} before: {' '.join(pieces)}")
            parts.append(named[piece[1:-1]])
        else:
            parts.extend([Word(piece)] if _is_one(piece) else map(Word, split(piece)))
    return _either([*options, tuple(parts)]), at


def _is_one(piece: str) -> bool:
    return piece.isascii() and piece.isalnum()


def _either(options: Sequence[tuple[Pattern, ...]]) -> Pattern:
    if len(options) == 1:
        return options[0][0] if len(options[0]) == 1 else Chain(options[0])
    by_word: dict[str, tuple[Pattern, ...]] = {}
    others: list[Pattern] = []
    for parts in options:
        pattern = parts[0] if len(parts) == 1 else Chain(parts)
        if parts and isinstance(parts[0], Word):
            by_word[parts[0].word] = (*by_word.get(parts[0].word, ()), pattern)
        else:
            others.append(pattern)
    return Choice(by_word, tuple(others))
