"""The write side of the folder of generations; one process at a time, all or nothing."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from indexer.durable import (
    ASIDE_SUFFIX,
    SERVING_AS_BEFORE,
    replace_durably,
    sync,
    sync_tree,
    write_failures,
)
from indexer.errors import (
    IndexerError,
    IndexerRunningError,
    IndexWriteError,
)
from indexer.generation import Generation, verify_files
from indexer.generations import POINTER_NAME, Generations, generation_time
from indexer.manifest import Manifest, write_manifest

_LOCK_NAME: Final = "lock"
_BUILDING: Final = ".building-"
_REMOVING: Final = ".removing-"


@dataclass(frozen=True, slots=True)
class StagedGeneration:
    """A generation that is being written, where no server looks.

    Attributes:
        id: Its name to be.
        created: The time in its name.
        folder: Where its files go.
    """

    id: str
    created: datetime
    folder: Path


class Publisher:
    """Changes a folder of generations; made by `exclusively`, for as long as that lasts."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._folder = generations.folder

    def stage(self) -> StagedGeneration:
        """Name a new generation, later than all others, and make an empty folder for its files.

        Raises:
            OSError: When the folder cannot be made.
        """
        created = datetime.now(UTC).replace(microsecond=0)
        if latest := next(iter(self._generations.ids()), None):
            # Names are ordered by their second, also when builds are fast or clocks are set back.
            created = max(created, generation_time(latest) + timedelta(seconds=1))
        generation_id = f"{created:%Y-%m-%dT%H-%M-%SZ}-{secrets.token_hex(2)}"
        folder = self._folder / f"{_BUILDING}{generation_id}"
        folder.mkdir()
        return StagedGeneration(generation_id, created, folder)

    def publish(self, staged: StagedGeneration, manifest: Manifest) -> None:
        """Make a staged generation the one that serves.

        The disk has every file before the manifest is written, the manifest before the folder gets
        its name, and the folder before the pointer names it. What a server could not open is
        never pointed to.

        Raises:
            OSError: When the disk does not take it; what served before still serves.
            IndexWriteError: When what was written cannot be read back; or when it serves, but the
                disk does not confirm that it keeps it.
        """
        folder = self._generations.folder_of(staged.id)
        sync_tree(staged.folder)
        write_manifest(staged.folder, manifest)
        sync(staged.folder)
        staged.folder.rename(folder)
        try:
            sync(self._folder)
            self._read_back(folder, manifest)
            self._point_to(staged.id)
        except (OSError, IndexerError) as error:
            if self._serves(staged.id):
                raise IndexWriteError(
                    f"Generation {staged.id} serves, but the disk did not confirm that it keeps "
                    f"it: {error}. Check the disk, then run `polyfaq index --full`."
                ) from error
            with suppress(OSError):
                self._remove(folder)
            raise

    def rollback(self, generation_id: str | None = None) -> Manifest:
        """Make an older generation the one that serves.

        Args:
            generation_id: Its name; None for the one before the current.

        Returns:
            What the generation that serves now says of itself.

        Raises:
            GenerationMissingError: When there is none to go back to.
            GenerationDamagedError: When its files are damaged.
            IndexWriteError: When the disk does not take it.
        """
        target = self._generations.before_current() if generation_id is None else generation_id
        manifest = self._generations.manifest(target)
        verify_files(self._generations.folder_of(target), manifest)
        with write_failures(f"Going back to {target}"):
            self._point_to(target)
        return manifest

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove all generations but the latest `keep` and the current one.

        Returns:
            Names of those removed.

        Raises:
            IndexWriteError: When the disk does not let go of one.
        """
        ids = self._generations.ids()
        kept = {*ids[: max(keep, 0)], self._generations.current_id()}
        removed = tuple(name for name in ids if name not in kept)
        with write_failures(
            "Removing old generations",
            "The current one serves. Run `polyfaq index prune` when that is mended.",
        ):
            for name in removed:
                self._remove(self._generations.folder_of(name))
        return removed

    def sweep(self) -> None:
        """Remove what killed runs have left."""
        for folder in (self._folder, self._generations.embeddings_folder):
            for path in folder.glob(".*"):
                if path.name.startswith((_BUILDING, _REMOVING)):
                    shutil.rmtree(path, ignore_errors=True)
                elif path.name.endswith(ASIDE_SUFFIX):
                    with suppress(OSError):
                        path.unlink()

    def _read_back(self, folder: Path, manifest: Manifest) -> None:
        try:
            Generation.open(folder, manifest.model)
        except IndexerError as error:
            raise IndexWriteError(
                f"What was written cannot be read back: {error} {SERVING_AS_BEFORE}"
            ) from error

    def _serves(self, generation_id: str) -> bool:
        try:
            return self._generations.current_id() == generation_id
        except IndexerError:
            return False

    def _point_to(self, generation_id: str) -> None:
        replace_durably(self._folder / POINTER_NAME, f"{generation_id}\n".encode("ascii"))

    def _remove(self, folder: Path) -> None:
        # Renamed first, so that no half-removed folder is ever taken for a generation.
        aside = self._folder / f"{_REMOVING}{folder.name}"
        folder.rename(aside)
        shutil.rmtree(aside)


@contextmanager
def exclusively(generations: Generations) -> Iterator[Publisher]:
    """Keep every other process from changing a folder of generations meanwhile.

    What killed runs have left is removed first, and what this one leaves at the end.

    Raises:
        IndexerRunningError: When another process is changing it.
        IndexWriteError: When the folder cannot be made or written.
    """
    with write_failures(f"Opening {generations.folder}"):
        generations.folder.mkdir(parents=True, exist_ok=True)
        lock = (generations.folder / _LOCK_NAME).open("a+", encoding="ascii", errors="replace")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            owner = lock.read(20).strip() or "unknown"
            raise IndexerRunningError(
                f"Another indexer is running on {generations.folder} (pid {owner}). "
                "Wait until it ends, then run the command again."
            ) from error
        except OSError as error:
            raise IndexWriteError(
                f"{generations.folder} cannot be locked: {error.strerror}. "
                "Keep generations on a disk of this machine."
            ) from error
        with suppress(OSError):  # the pid is for people; a full disk must not keep it from working
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n")
            lock.flush()
        publisher = Publisher(generations)
        publisher.sweep()
        try:
            yield publisher
        finally:
            publisher.sweep()
