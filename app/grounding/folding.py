"""Texts brought to one form, so that what reads alike compares alike."""

from __future__ import annotations

import unicodedata

from knowledge_base.texts import folded


def bare(text: str) -> str:
    """Fold, and leave out punctuation and signs."""
    return " ".join("".join(_kept(each) for each in folded(text)).split())


def squeezed(text: str) -> str:
    """Fold, and leave out all but letters and digits: a mark may come back spaced or dashed."""
    return "".join(each for each in folded(text) if each.isalnum())


def _kept(character: str) -> str:
    return " " if unicodedata.category(character)[0] in "PSZC" else character
