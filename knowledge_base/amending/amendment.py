"""Drafts into a content file, whole or not at all, with proof that nothing else changed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from knowledge_base.amending import (
    catalogue,
    delimited_rows,
    json_values,
    workbook_rows,
    yaml_lines,
)
from knowledge_base.amending.draft import AmendmentError, Draft, draft_values, is_replaceable
from knowledge_base.entry import Record
from knowledge_base.formats import FormatName, Layout, format_of, load
from knowledge_base.formats.markdown_page import page_of
from knowledge_base.limits import Limits
from knowledge_base.problems import Problem, Severity
from knowledge_base.reading import Reading, ReadingStoppedError
from knowledge_base.writing import replace_file

_DEFAULT_LIMITS = Limits()


def amend(
    path: Path, drafts: Sequence[Draft], *, root: Path, limits: Limits = _DEFAULT_LIMITS
) -> tuple[Draft, ...]:
    """Add drafts to a content file, or replace their older versions in it.

    The file is read again at this moment. What people wrote or approved meanwhile is left alone,
    and the new file is read back before it takes the old one's place.

    Args:
        path: The file; made where there is none.
        drafts: What to put into it.
        root: The content folder that the file is in, or the file itself.
        limits: Bounds on what is read.

    Returns:
        The drafts that are in the file now; the others' places are taken by texts of people.

    Raises:
        AmendmentError: The drafts cannot be put into the file, which is as it was.
        OSError: It cannot be read or written.
    """
    # A link stays a link.
    path = path.resolve()
    relative = _relative(path, root.resolve())
    data = path.read_bytes() if path.exists() else None
    before, faults = ((), 0) if data is None else _read(data, path, relative, limits)
    there = {(record.id, record.lang): record for record in before}
    fit = [each for each in drafts if each.key not in there or is_replaceable(there[each.key])]
    if not fit:
        return ()
    new = _amended(path, data, before, fit)
    after, new_faults = _read(new, path, relative, limits)
    expected = {**there, **{draft.key: draft.record for draft in fit}}
    found = {(record.id, record.lang): record for record in after}
    if found != expected or len(after) != len(expected) or new_faults > faults:
        raise AmendmentError(
            f"{path}: drafts would not be read back as they were written, or would change other "
            "texts; the file is as it was. Bring it into form with `polyfaq convert`"
        )
    replace_file(path, new)
    return tuple(fit)


def _relative(path: Path, root: Path) -> str:
    inside = path.relative_to(root) if path != root and path.is_relative_to(root) else path.name
    return Path(inside).with_suffix("").as_posix()


def _read(data: bytes, path: Path, relative: str, limits: Limits) -> tuple[tuple[Record, ...], int]:
    name = format_of(path)
    if name is None:
        raise AmendmentError(f"{path}: {path.suffix or 'no suffix'} is no content format")
    reading = Reading(str(path), limits, relative=relative)
    with suppress(ReadingStoppedError):
        load(name).read(data, reading)
    return tuple(reading.records), sum(_is_error(problem) for problem in reading.problems)


def _is_error(problem: Problem) -> bool:
    return problem.severity is Severity.ERROR


def _amended(
    path: Path, data: bytes | None, records: Sequence[Record], drafts: Sequence[Draft]
) -> bytes:
    held = data if data is not None and data.strip() else None
    match format_of(path):
        case FormatName.YAML:
            new = yaml_lines.amended(held or b"", records, drafts)
        case FormatName.JSON if path.suffix.lower() == ".jsonl":
            new = json_values.amended_lines(held or b"", records, drafts)
        case FormatName.JSON:
            new = json_values.amended_list(held or b"[]", drafts)
        case FormatName.DELIMITED:
            new = delimited_rows.amended(held or _heading(path), records, drafts, file=path.name)
        case FormatName.MARKDOWN:
            new = page_of(draft_values(drafts[0].record))
        case FormatName.XLSX if held is not None:
            new = workbook_rows.amended(held, records, drafts)
        case FormatName.PO if held is not None:
            new = catalogue.amended(held, drafts)
        case FormatName.XLSX | FormatName.PO as name:
            layout = Layout(path.suffix.lower(), language=drafts[0].record.lang)
            shown = [draft.source for draft in drafts] if name is FormatName.PO else []
            new = load(name).write([*shown, *(draft.record for draft in drafts)], layout)
        case _:
            raise AmendmentError(f"{path}: a page shows what is in it; drafts are kept off it")
    return new


def _heading(path: Path) -> bytes:
    """Give the heading of a new table, which drafts extend."""
    names = ["id"] if path.stem.lower().endswith(".wide") else ["id", "lang"]
    return f"{(chr(9) if path.suffix.lower() == '.tsv' else ',').join(names)}\n".encode()
