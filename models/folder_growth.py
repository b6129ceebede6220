"""Progress of a download that another program writes: how much its folder has grown."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.install_progress import InstallProgress

_LOOK_SECONDS = 0.2


@contextmanager
def growth_reported(
    folder: Path, progress: InstallProgress, expected: int | None
) -> Iterator[None]:
    """Report to `progress`, while the block runs, the bytes by which a folder grows.

    Args:
        folder: Where files appear, at any depth.
        progress: Told from another thread.
        expected: Bytes beyond which growth is not reported: a copy on its way to its place is
            there twice.

    Yields:
        Nothing; the last report is made before the block is left.
    """
    done = threading.Event()
    before = _size(folder)

    def watch() -> None:
        seen = 0
        finished = False
        while not finished:
            finished = done.wait(_LOOK_SECONDS)
            grown = _size(folder) - before
            if expected is not None:
                grown = min(grown, expected)
            if grown > seen:
                progress.advance(grown - seen)
                seen = grown

    thread = threading.Thread(target=watch, daemon=True, name="growth")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except OSError:  # it was moved just now
                continue
    return total
