"""Tells in a moment whether anything that a build reads has changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge_base.limits import Limits


def fingerprint(paths: Sequence[Path], settings: Sequence[str], limits: Limits) -> str | None:
    """Digest the bytes and names of all files at and below some paths, and some settings.

    Files that are no content count as well: they may only make content look changed that is not.

    Args:
        paths: Files and folders; one that does not exist counts as such.
        settings: Whatever else decides the outcome of a build.
        limits: Beyond these bounds nothing is digested.

    Returns:
        64 hexadecimal digits, or None where a file cannot be read or a bound is exceeded: reading
        the content properly then says what is wrong.
    """
    digest = hashlib.sha256("\x00".join([*settings, repr(limits)]).encode("utf-8", "replace"))
    files = size = 0
    try:
        for root in paths:
            for path in _files(root):
                content = _content(path, limits.file_bytes)
                files += 1
                size += len(content)
                if files > limits.files or size > limits.content_bytes:
                    return None
                name = path.relative_to(root).as_posix() or path.name
                digest.update(f"\x00{name}\x00".encode("utf-8", "surrogateescape"))
                digest.update(hashlib.sha256(content).digest())
            digest.update(b"\x01")
    except OSError:
        return None
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        if root.exists():
            yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _content(path: Path, most: int) -> bytes:
    # A named pipe without a writer would keep an ordinary open waiting for ever.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path} is no regular file")
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(f"{path} is larger than {most} bytes")
    return content
