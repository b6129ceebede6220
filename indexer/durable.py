"""Writing files so that they are either there in full or not there, even after a power cut."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.errors import IndexWriteError


@dataclass(frozen=True, slots=True)
class FileDigest:
    """What a file must consist of.

    Attributes:
        path: Relative to the folder it was listed in, with forward slashes.
        size: In bytes.
        sha256: Hex digest of the bytes.
    """

    path: str
    size: int
    sha256: str


SERVING_AS_BEFORE: Final = (
    "Nothing was published; what served before still serves. Make room or make the folder "
    "writable, then run the command again."
)


ASIDE_SUFFIX: Final = ".new"


@contextmanager
def write_failures(doing: str, consequence: str = SERVING_AS_BEFORE) -> Iterator[None]:
    """Turn the failures of writing into one error.

    Args:
        doing: What is being done inside.
        consequence: What its failure means, and the way out.

    Raises:
        IndexWriteError: For any OSError inside, such as a full disk.
    """
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        why = error.strerror or str(error)
        raise IndexWriteError(f"{doing} failed: {why}{where}. {consequence}") from error


def write_durably(path: Path, content: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, content: bytes) -> None:
    """Put new content in the place of a file in one step: readers see the old or the new."""
    aside = aside_of(path)
    write_durably(aside, content)
    aside.replace(path)
    sync(path.parent)


def aside_of(path: Path) -> Path:
    """Where the new content of a file is written before it takes the file's place."""
    return path.with_name(f".{path.name}{ASIDE_SUFFIX}")


def sync(path: Path) -> None:
    """Wait until the disk has a file's bytes, or a folder's names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Wait until the disk has everything under a folder, contents before names."""
    for below, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            sync(Path(below, name))
    sync(folder)


def digest_file(root: Path, path: Path) -> FileDigest:
    """Describe the file at `path`, named relative to `root`.

    Raises:
        OSError: When it cannot be read.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = os.fstat(file.fileno()).st_size
    return FileDigest(path.relative_to(root).as_posix(), size, sha256)


def digest_tree(folder: Path) -> tuple[FileDigest, ...]:
    """Describe every file under a folder, in order of name."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(max_workers=2) as pool:
        return tuple(pool.map(lambda path: digest_file(folder, path), paths))
