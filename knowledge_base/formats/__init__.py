"""The formats that content is kept in, one module each, loaded when first needed."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Protocol, cast

from knowledge_base.entry import Record
from knowledge_base.reading import Reading


class FormatName(StrEnum):
    """The formats, by the name of their module."""

    DELIMITED = "delimited"
    XLSX = "xlsx"
    JSON = "json_text"
    YAML = "yaml_text"
    MARKDOWN = "markdown_page"
    PO = "gettext_po"
    HTML = "faq_page"


@dataclass(frozen=True, slots=True)
class Layout:
    """How records are laid out in a file, as far as its name decides it.

    Attributes:
        suffix: The file's last suffix, in lower case.
        wide: In a table, a row for an entry and a column for each language.
        language: The one language of the file, where it holds one.
    """

    suffix: str
    wide: bool = False
    language: str | None = None


class Format(Protocol):
    """What the module of a format offers."""

    def read(self, data: bytes, reading: Reading) -> None:
        """Hand every record in the bytes to `reading`, and every fault.

        Raises:
            ReadingStoppedError: The rest of the file cannot be read.
        """

    def write(self, records: Sequence[Record], layout: Layout) -> bytes:
        """Lay records out as a file's bytes.

        Raises:
            ContentError: The format cannot hold the records at all.
        """


_BY_SUFFIX = {
    ".csv": FormatName.DELIMITED,
    ".tsv": FormatName.DELIMITED,
    ".xlsx": FormatName.XLSX,
    ".json": FormatName.JSON,
    ".jsonl": FormatName.JSON,
    ".yaml": FormatName.YAML,
    ".yml": FormatName.YAML,
    ".md": FormatName.MARKDOWN,
    ".markdown": FormatName.MARKDOWN,
    ".po": FormatName.PO,
    ".html": FormatName.HTML,
    ".htm": FormatName.HTML,
}
SUFFIXES = tuple(_BY_SUFFIX)


def format_of(path: PurePath) -> FormatName | None:
    """Tell a file's format by its suffix, None if it is none of ours."""
    return _BY_SUFFIX.get(path.suffix.lower())


def load(name: FormatName) -> Format:
    """Import the module that reads and writes a format."""
    return cast("Format", importlib.import_module(f"{__name__}.{name}"))
