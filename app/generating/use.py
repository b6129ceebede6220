"""When a generator writes answers to visitors."""

from __future__ import annotations

from enum import StrEnum


class GenerationUse(StrEnum):
    """What visitors' answers a generator may write."""

    NEVER = "never"
    LANGUAGES = "languages"
    ENTRIES = "entries"
