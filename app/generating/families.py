"""Families of chat models, each of which is asked by templates of its own."""

from __future__ import annotations

import re
from enum import StrEnum


class Family(StrEnum):
    """Models that want to be asked in the same way."""

    DEFAULT = "default"
    GEMMA = "gemma"
    MISTRAL = "mistral"
    QWEN = "qwen"


_WORDS = re.compile(r"[a-z]+")
_FAMILIES = {
    "gemma": Family.GEMMA,
    "mistral": Family.MISTRAL,
    "mixtral": Family.MISTRAL,
    "ministral": Family.MISTRAL,
    "qwen": Family.QWEN,
    "qwq": Family.QWEN,
}


def family_of(model: str) -> Family:
    """Tell a model's family by its name, such as `Qwen/Qwen3-4B` or `gemma3:4b`.

    Returns:
        `DEFAULT`, which most models understand, where the name says nothing.
    """
    for word in _WORDS.findall(model.lower()):
        if word in _FAMILIES:
            return _FAMILIES[word]
    return Family.DEFAULT
