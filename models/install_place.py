"""Where something is installed: by one process at a time, whole or not at all."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from models.embedding import EmbedderError
from models.install_progress import InstallError


@contextmanager
def only_installer(name: str, size_on_disk: int, models_folder: Path) -> Iterator[Path]:
    """Hold the right to install something while the block runs.

    Args:
        name: What is installed, for people and for its folder.
        size_on_disk: Its bytes, about.
        models_folder: Where models live; created if need be.

    Yields:
        The folder to work in, which may be there from an earlier attempt or not at all.

    Raises:
        InstallError: Another process holds that right, or the block met a full disk or one that
            cannot be written.
    """
    lock = filelock.FileLock(models_folder / f".{name}.lock", timeout=0)
    try:
        models_folder.mkdir(parents=True, exist_ok=True)
        with lock:
            yield models_folder / f"{name}.partial"
    except filelock.Timeout as error:
        raise InstallError(
            f"Another process is installing {name} into {models_folder}. Wait for it to finish."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InstallError(
                f"The disk of {models_folder} is full. {name} needs "
                f"{size_on_disk // 1_000_000} MB, and twice as much while it is installed. Free "
                "some space and run `polyfaq models install` again; what was downloaded is kept."
            ) from error
        raise InstallError(
            f"{name} cannot be installed into {models_folder}: {error}. Look at the folder's "
            "owner and permissions, or choose another with POLYFAQ_MODELS."
        ) from error


def install_once(
    name: str,
    size_on_disk: int,
    models_folder: Path,
    *,
    read: Callable[[Path], object],
    build: Callable[[Path], Path],
    force: bool,
) -> Path:
    """Install something unless it is installed already.

    Args:
        name: What is installed, for people and for its folder.
        size_on_disk: Its bytes, about.
        models_folder: Where models live; created if need be.
        read: Reads its folder; raises EmbedderError unless that is whole.
        build: Makes the folder within the one that it is given, and tells where.
        force: Install even if it is there.

    Returns:
        Its folder.

    Raises:
        InstallError: It cannot be made, the disk is full, or another installation is under way.
    """
    target = models_folder / name
    if not force and is_whole(target, read):
        return target
    with only_installer(name, size_on_disk, models_folder) as partial:
        # Whoever held the lock may have installed what was wanted.
        if force or not is_whole(target, read):
            partial.mkdir(exist_ok=True)
            put_in_place(build(partial), target)
            shutil.rmtree(partial)
    return target


def is_whole(folder: Path, read: Callable[[Path], object]) -> bool:
    """Tell whether something is installed, as far as reading it tells.

    Args:
        folder: Where it would be.
        read: Reads it; raises EmbedderError unless it is whole.
    """
    try:
        read(folder)
    except EmbedderError:
        return False
    return True


def put_in_place(built: Path, target: Path) -> None:
    """Give a finished folder its name in one step, in the place of another if need be.

    Args:
        built: The folder, on the same disk.
        target: Its name from then on.
    """
    for path in (*built.iterdir(), built):
        _flush(path)
    replaced = built.parent / "replaced"
    shutil.rmtree(replaced, ignore_errors=True)
    if target.exists():
        target.rename(replaced)
    built.rename(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
