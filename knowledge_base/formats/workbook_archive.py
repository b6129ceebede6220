"""What is looked for in a workbook's archive before anything of it is taken apart."""

from __future__ import annotations

import io
import re
import zipfile
from zlib import error as ZlibError  # noqa: N812 an exception, named as one

from openpyxl.utils.exceptions import InvalidFileException

from knowledge_base.problems import Code
from knowledge_base.reading import Reading, ReadingStoppedError

_ALWAYS_SMALL = 1024 * 1024
_SCANNED_AT_ONCE = 1024 * 1024
_TABLE_PARTS = ("xl/worksheets/", "xl/sharedStrings")
_MOST_OTHER_XML_BYTES = 4 * 1024 * 1024
DAMAGED = (
    zipfile.BadZipFile, InvalidFileException, ZlibError, EOFError, KeyError, ValueError, TypeError,
    IndexError, AttributeError, SyntaxError, NotImplementedError, OSError, RuntimeError,
)  # fmt: skip
"""What reading a damaged workbook may raise."""


def refuse_bombs(data: bytes, reading: Reading) -> None:
    """Look at the archive's directory before anything is decompressed.

    A member cannot expand beyond the size stated there: the library stops at it.

    Raises:
        ReadingStoppedError: It is no archive, a hostile one, or larger than the limits allow.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                _refuse_member(member, reading)
            expanded = sum(member.file_size for member in archive.infolist())
            if expanded > reading.limits.expanded_bytes:
                raise reading.stop(
                    Code.TOO_LARGE,
                    f"the workbook would take {expanded} bytes decompressed, more than "
                    f"{reading.limits.expanded_bytes}; split it",
                )
            _scan_markup(archive, reading)
    except DAMAGED as error:
        raise damaged(error, reading) from None


def _refuse_member(member: zipfile.ZipInfo, reading: Reading) -> None:
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
        raise reading.stop(
            Code.UNSAFE_PATH,
            f"the workbook has a part {name[:80]!r}, which points out of it; save it anew from a "
            "spreadsheet program",
        )
    if member.flag_bits & 1:
        raise reading.stop(
            Code.UNREADABLE_FILE, "the workbook is encrypted; save it without a password"
        )
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > _ALWAYS_SMALL and ratio > reading.limits.expansion_ratio:
        raise reading.stop(
            Code.TOO_LARGE,
            f"the part {name[:80]!r} would grow {ratio:.0f} times when decompressed, more than "
            f"{reading.limits.expansion_ratio}; save only the cells with text",
        )


def _scan_markup(archive: zipfile.ZipFile, reading: Reading) -> None:
    """Look through the XML, piece by piece, for what would be costly to take apart."""
    limits = reading.limits
    tags = 0
    for member in archive.infolist():
        name = member.filename
        if not name.lower().endswith((".xml", ".rels")):
            continue
        if not name.startswith(_TABLE_PARTS) and member.file_size > _MOST_OTHER_XML_BYTES:
            raise reading.stop(
                Code.TOO_LARGE,
                f"the part {name[:80]!r} has {member.file_size} bytes decompressed, more than "
                f"{_MOST_OTHER_XML_BYTES}; copy the cells into a new workbook",
            )
        tail = b""
        with archive.open(member) as part:
            while piece := part.read(_SCANNED_AT_ONCE):
                tags += piece.count(b"<")
                if b"<!DOCTYPE" in tail + piece:
                    raise forbidden_xml(reading)
                if tags > limits.workbook_tags:
                    raise reading.stop(
                        Code.TOO_LARGE,
                        f"the workbook has more than {limits.workbook_tags} XML tags; split it, "
                        "or save it as CSV",
                    )
                tail = piece[-16:]


def forbidden_xml(reading: Reading) -> ReadingStoppedError:
    """Report that the workbook declares entities; what is returned ends its reading."""
    return reading.stop(
        Code.FORBIDDEN_SYNTAX,
        "the workbook declares XML entities, which no spreadsheet program does; save it anew",
    )


def damaged(error: Exception, reading: Reading) -> ReadingStoppedError:
    """Report that the workbook is damaged; what is returned ends its reading."""
    return reading.stop(
        Code.UNREADABLE_FILE,
        f"this is no XLSX workbook, or a damaged one ({type(error).__name__}); save it anew as "
        ".xlsx",
    )
