"""How a text file is written: its encoding, its mark, its line ends; kept when it is amended."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class TextForm:
    """The form of a text file.

    Attributes:
        mark: The byte order mark that it begins with; may be empty.
        encoding: Of what follows.
        newline: What ends its lines.
    """

    mark: bytes
    encoding: str
    newline: str

    def encoded(self, text: str) -> bytes:
        """Write a text in this form; its line ends are taken as they are."""
        return self.mark + text.encode(self.encoding)

    def with_line_ends(self, text: str) -> str:
        """Give a text with line feeds the file's line ends."""
        return text.replace("\n", self.newline)


def opened(data: bytes) -> tuple[str, TextForm]:
    """Decode a file that was read before, and tell its form."""
    mark, encoding = next(
        ((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8")
    )
    text = data[len(mark) :].decode(encoding)
    newline = "\r\n" if "\r\n" in text else "\n"
    return text, TextForm(mark, encoding, newline)
