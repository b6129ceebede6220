"""Records into files: one file, one for each language, or a folder of pages."""

from __future__ import annotations

import os
import stat
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from knowledge_base.entry import Location, Record
from knowledge_base.formats import SUFFIXES, FormatName, Layout, format_of, load
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.problems import Code, ContentError, Problem, Severity

LANGUAGE_PLACEHOLDER = "{lang}"


def write_file(records: Sequence[Record], path: Path) -> None:
    """Write one content file, whole or not at all; its name decides the format.

    A name that ends in `.wide.csv`, `.wide.tsv` or `.wide.xlsx` gives a row an entry instead of a
    row a record.

    Raises:
        ContentError: The suffix is none of ours, or the format cannot hold the records.
        OSError: The file cannot be written.
    """
    name = format_of(path)
    if name is None:
        message = f"{path.suffix or 'no suffix'} is no content format; use {', '.join(SUFFIXES)}"
        raise _refusal(Code.UNKNOWN_FORMAT, message, path)
    layout = Layout(
        suffix=path.suffix.lower(),
        wide=path.stem.lower().endswith(".wide"),
        language=_language_in_name(path),
    )
    replace_file(path, load(name).write(records, layout))


def write_content(records: Sequence[Record], target: Path) -> tuple[Path, ...]:
    """Write records to a file, or to the files that a pattern or folder stands for.

    Args:
        records: What to write.
        target: As in `files_of`.

    Returns:
        The files written.

    Raises:
        ContentError: The target cannot hold the records.
        OSError: A file cannot be written.
    """
    files = files_of(records, target)
    for path, own in files.items():
        write_file(own, path)
    return tuple(files)


def files_of(records: Sequence[Record], target: Path) -> dict[Path, Sequence[Record]]:
    """Tell which records go into which file.

    Args:
        records: What to write.
        target: A file; a name that holds `{lang}`, such as `content/{lang}.yaml`, for a file for
            each language; or a folder, which has no suffix, for a Markdown page for each record.

    Raises:
        ContentError: The folder cannot hold the records.
    """
    if LANGUAGE_PLACEHOLDER in target.name:
        return _by_language(records, target)
    if is_for_pages(target):
        return _pages(records, target)
    return {target: records}


def is_for_pages(target: Path) -> bool:
    """Tell whether a target is a folder, for a Markdown page for each record."""
    return LANGUAGE_PLACEHOLDER not in target.name and (not target.suffix or target.is_dir())


def _by_language(records: Sequence[Record], target: Path) -> dict[Path, Sequence[Record]]:
    by_language: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        by_language[record.lang].append(record)
    files: dict[Path, Sequence[Record]] = {}
    for lang, own in by_language.items():
        path = target.with_name(target.name.replace(LANGUAGE_PLACEHOLDER, lang))
        # A translation file shows the source text beside the translation, so it needs them all.
        files[path] = records if format_of(path) is FormatName.PO else own
    return files


def _pages(records: Sequence[Record], folder: Path) -> dict[Path, Sequence[Record]]:
    pages: dict[str, Record] = {}
    for record in records:
        name = f"{record.lang}/{record.id}.md"
        if name.rpartition("/")[2].casefold().startswith("readme"):
            message = "a page of this name would be passed over as a README; rename the entry"
            raise _refusal(Code.UNSAFE_PATH, message, folder / name)
        taken = pages.setdefault(name.casefold(), record)
        if taken is not record:
            message = f"entries {taken.id!r} and {record.id!r} would be one file; rename one"
            raise _refusal(Code.UNSAFE_PATH, message, folder / name)
    root = folder.resolve()
    files: dict[Path, Sequence[Record]] = {
        folder / record.lang / f"{record.id}.md": [record] for record in records
    }
    for path, (record,) in files.items():
        if not path.resolve().is_relative_to(root / record.lang):
            raise _refusal(Code.UNSAFE_PATH, "the page would lie outside the folder", path)
    return files


def _language_in_name(path: Path) -> str | None:
    try:
        return canonical_tag(path.stem.rpartition(".")[2])
    except LanguageTagError:
        return None


def _refusal(code: Code, message: str, path: Path) -> ContentError:
    return ContentError([Problem(Severity.ERROR, code, message, Location(str(path)))])


def replace_file(path: Path, data: bytes) -> None:
    """Write a file aside and move it into place, so that no reader ever sees half of it.

    Folders on the way to it are made. A file that was there keeps its permissions.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
    handle, aside = tempfile.mkstemp(prefix=f".{path.name[:50]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).chmod(mode)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
