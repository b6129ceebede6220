"""Texts from outside as data in a prompt: nothing in them ends the quotation or turns the page."""

from __future__ import annotations

import re

# Control characters, those that turn the direction or join letters unseen, and tags that no
# screen shows: none says anything that an answer could need.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
# Servers read the marks of a chat template in any text: <|im_start|>, <start_of_turn>, [INST].
_ANGLES = re.compile(r"<(\|[^<>\n]{1,40}\|?|/?[A-Za-z][\w:.-]{0,40}|<SYS>|</SYS>|｜[^<>\n]{1,40})>")
_BRACKETS = re.compile(r"\[(/?[A-Z][A-Z_]{2,30})\]")
_BLANK_LINES = re.compile(r"\n{3,}")


def quoted(text: str, boundary: str) -> str:
    """Take from a text what could be read as anything but data.

    Args:
        text: A question, a passage or what a machine wrote.
        boundary: The word that the lines around it begin with.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    seen = _UNSEEN.sub("", lines)
    inert = _BRACKETS.sub(r"(\1)", _ANGLES.sub(r"‹\1›", seen))
    return _BLANK_LINES.sub("\n\n", inert).replace(boundary, "…").strip()
