"""Why a machine's text does not reach a visitor."""

from __future__ import annotations

from enum import StrEnum

_LONGEST_QUOTE = 60


class Fault(StrEnum):
    """The kinds of faults, as metrics and logs name them."""

    LANGUAGE = "language"
    FACTS = "facts"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    INSTRUCTION = "instruction"
    FORM = "form"
    LENGTH = "length"


class UngroundedError(Exception):
    """A sentence, or a whole text, that no visitor may see.

    Its message is one English sentence that a model can be told, and operators can read.

    Attributes:
        fault: The kind of fault.
    """

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


def quoted(text: str) -> str:
    """Quote a stretch of a text in a message: in one line, printable, and short."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if len(line) > _LONGEST_QUOTE:
        line = line[: _LONGEST_QUOTE - 1] + "…"
    return f'"{line}"'
