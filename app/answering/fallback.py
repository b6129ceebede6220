"""What is said where a machine was to write and did not."""

from enum import StrEnum


class Fallback(StrEnum):
    """What a visitor gets where no text in their language could be written."""

    ORIGINAL = "original"
    HANDOFF = "handoff"
