"""The folder of generations: which there are, which one serves, how two of them differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from indexer.diff import ContentDiff, diff_records
from indexer.errors import (
    GenerationDamagedError,
    GenerationMissingError,
    IndexerError,
    IndexMissingError,
)
from indexer.generation import Generation, verify_files
from indexer.manifest import Manifest, read_manifest
from indexer.record_lines import RecordKey
from indexer.record_store import RecordStore
from models.embedding import ModelIdentity

POINTER_NAME: Final = "current"
_ID: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class ListedGeneration:
    """One line of the list of generations.

    Attributes:
        id: Its name.
        is_current: Whether it serves.
        manifest: What it says of itself; None where that cannot be read.
        fault: Why the manifest cannot be read; None where it can.
    """

    id: str
    is_current: bool
    manifest: Manifest | None
    fault: str | None


class Generations:
    """A folder in which each generation has a folder, and a file names the one that serves.

    Reading needs no lock: generations are immutable and the pointer is replaced in one step.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def embeddings_folder(self) -> Path:
        """Where the vectors of all generations are cached."""
        return self.folder / "embeddings"

    def folder_of(self, generation_id: str) -> Path:
        """The folder of a generation, whether there is one of that name or not.

        Raises:
            GenerationMissingError: When the name is none that a generation can have.
        """
        if not _ID.fullmatch(generation_id):
            raise GenerationMissingError(
                f"{generation_id!r} is not the name of a generation, such as "
                "2026-11-22T10-38-11Z-1f3a. Run `polyfaq index list` to see which there are."
            )
        return self.folder / generation_id

    def current_id(self) -> str | None:
        """Name of the generation that serves; None when none was ever published.

        Raises:
            GenerationDamagedError: When the file that names it cannot be read or names nothing.
        """
        path = self.folder / POINTER_NAME
        try:
            content = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise GenerationDamagedError(
                f"{path} cannot be read: {error.strerror}. It must hold the name of a generation; "
                "run `polyfaq index rollback ID` to write it anew."
            ) from error
        name = content.decode("ascii", "replace").strip()
        if not _ID.fullmatch(name):
            raise GenerationDamagedError(
                f"{path} does not hold the name of a generation. Run `polyfaq index list`, then "
                "`polyfaq index rollback ID`."
            )
        return name

    def current_manifest(self) -> Manifest:
        """What the generation that serves says of itself.

        Raises:
            IndexMissingError: When none was ever published, or it is gone.
            IndexerError: When it cannot be read.
        """
        return self.manifest(self._current_id())

    def before_current(self) -> str:
        """Name of the latest generation that is older than the one that serves.

        Raises:
            IndexMissingError: When there are no generations at all.
            GenerationMissingError: When there is none.
            GenerationDamagedError: When it is not known which one serves.
        """
        current, ids = self.current_id(), self.ids()
        older = [name for name in ids if current is None or name < current]
        if not ids:
            raise self._none_yet()
        if not older:
            raise GenerationMissingError(
                f"There is no generation before {current} in {self.folder}. "
                "Run `polyfaq index list` to see which there are."
            )
        return older[0]

    def manifest(self, generation_id: str) -> Manifest:
        """What a generation says of itself.

        Raises:
            IndexerError: When there is none of that name, or it cannot be read.
        """
        return read_manifest(self.folder_of(generation_id))

    def open_current(self, identity: ModelIdentity) -> Generation:
        """Verify and load the generation that serves.

        Raises:
            IndexMissingError: When none was ever published, or it is gone.
            IndexerError: When it must not be used; see `Generation.open`.
        """
        return self.open(self._current_id(), identity)

    def open(self, generation_id: str, identity: ModelIdentity) -> Generation:
        """Verify and load a generation.

        Raises:
            IndexerError: When there is none of that name, or it must not be used.
        """
        return Generation.open(self.folder_of(generation_id), identity)

    def ids(self) -> tuple[str, ...]:
        """Names of all generations; the latest first, whatever serves."""
        if not self.folder.is_dir():
            return ()
        names = (path.name for path in self.folder.iterdir() if path.is_dir())
        return tuple(sorted((name for name in names if _ID.fullmatch(name)), reverse=True))

    def list(self) -> tuple[ListedGeneration, ...]:
        """All generations, the latest first; one that is damaged is listed with its fault."""
        try:
            current = self.current_id()
        except GenerationDamagedError:
            current = None
        return tuple(self._listed(name, is_current=name == current) for name in self.ids())

    def records(self, generation_id: str) -> dict[RecordKey, bytes]:
        """The encoded records of a generation, verified.

        Raises:
            IndexerError: When there is none of that name, or its files are damaged.
        """
        folder = self.folder_of(generation_id)
        verify_files(folder, read_manifest(folder))
        return RecordStore.read(folder).lines()

    def diff(self, before: str, after: str) -> ContentDiff:
        """What changed from one generation's records to another's.

        Raises:
            IndexerError: When either is missing or damaged.
        """
        return diff_records(self.records(before), self.records(after))

    def _current_id(self) -> str:
        current = self.current_id()
        if current is None:
            raise self._none_yet()
        if not self.folder_of(current).is_dir():
            raise IndexMissingError(
                f"Generation {current}, which was published in {self.folder}, is gone. Run "
                "`polyfaq index` to build a new one, or `polyfaq index rollback` to go back to an "
                "older one."
            )
        return current

    def _none_yet(self) -> IndexMissingError:
        return IndexMissingError(
            f"No index was published in {self.folder} yet. Run `polyfaq index FOLDER` with the "
            "folder of your content."
        )

    def _listed(self, name: str, *, is_current: bool) -> ListedGeneration:
        try:
            return ListedGeneration(name, is_current, self.manifest(name), None)
        except IndexerError as error:
            return ListedGeneration(name, is_current, None, str(error))


def generation_time(generation_id: str) -> datetime:
    """The time in a generation's name, in UTC."""
    return datetime.strptime(generation_id[:20], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)
