"""Characters that no reader sees, or that change what a reader sees."""

from __future__ import annotations

import re
import unicodedata

from app.grounding.fault import Fault, UngroundedError

# Joiners spell words and emoji; the marks of direction keep mixed scripts readable. All other
# characters of format, and those of control, private use and tags, have no place in an answer.
_SPELLING = frozenset("\u200c\u200d\u200e\u200f\u061c\ufe0e\ufe0f\n\t\xad")
_LAYOUT = frozenset("\u200e\u200f\u061c")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_JOINERS = frozenset("\u200c\u200d")
SOFT_BREAK = "\u200b"
"""Where a line may break within a word. Pages that people wrote are full of it."""

_MOST_LAYOUT = 4
_BLOB = re.compile(r"[A-Za-z0-9+/_=-]{40}")


def check_characters(text: str, *, has_breaks: bool = False) -> None:
    """Refuse what hides in a sentence.

    Args:
        text: As the machine wrote it.
        has_breaks: The passages have soft breaks, so that the text may repeat them.

    Raises:
        UngroundedError: It holds a character of control, an override of direction, a tag, a private
            or unassigned character, a joiner that joins no letters, or a blob of encoded data.
    """
    if has_breaks:
        text = text.replace(SOFT_BREAK, "")
    if not text.isascii() or not text.isprintable():
        for place, character in enumerate(text):
            if _is_hidden(character) or (character in _JOINERS and not _joins(text, place)):
                raise UngroundedError(
                    Fault.INSTRUCTION,
                    f"The text holds the invisible character U+{ord(character):04X}.",
                )
        if sum(character in _LAYOUT for character in text) > _MOST_LAYOUT:
            raise UngroundedError(
                Fault.INSTRUCTION, "The text holds many invisible marks of direction."
            )
    if any(_is_blob(found.group()) for found in _BLOB.finditer(text)):
        raise UngroundedError(Fault.INSTRUCTION, "The text holds a long stretch of encoded data.")


def _is_hidden(character: str) -> bool:
    return character not in _SPELLING and unicodedata.category(character) in _UNSEEN


def _joins(text: str, place: int) -> bool:
    """Tell whether a joiner stands after a letter, a mark or a symbol, as in words and emoji.

    People type it twice, or behind a mark of direction; a longer row of them may hide a message.
    """
    before = text[place - 1] if place else " "
    if before in _JOINERS | _LAYOUT and place > 1:
        before = text[place - 2]
        if before in _LAYOUT and place > 2:
            before = text[place - 3]
    return (not before.isascii() and unicodedata.category(before)[0] in "LMS") or before == "\ufe0f"


def _is_blob(stretch: str) -> bool:
    """Tell encoded data from a long address or word: it mixes both cases and digits."""
    return (
        any(each.islower() for each in stretch)
        and any(each.isupper() for each in stretch)
        and any(each.isdigit() for each in stretch)
        and stretch.count("-") + stretch.count("/") < 4
    )
