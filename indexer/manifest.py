"""What a generation says of itself: made of what, by which model, holding which files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from indexer.durable import FileDigest, write_durably
from indexer.errors import GenerationDamagedError, GenerationFormatError, GenerationMissingError
from indexer.golden import GoldenSummary
from models.embedding import ModelIdentity

FORMAT: Final = 7
"""Raised whenever the files of a generation, or what they mean, change."""

MANIFEST_NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class LanguageManifest:
    """One language of a generation.

    Attributes:
        lang: BCP 47 tag.
        entries: Number of entries with a text in it.
        passages: Number of passages.
        backend: How they are searched: `exact` or `hnsw`.
        recall_at_10: Share of the ten exact neighbours that the search finds, in [0, 1].
        search_depth: HNSW's efSearch; 0 for exact search.
        threshold: Confidence from which on questions in it are answered, in [0, 1].
        coverage: Share of the answerable trials in it that was delivered; None where there was
            none.
    """

    lang: str
    entries: int
    passages: int
    backend: str
    recall_at_10: float
    search_depth: int
    threshold: float
    coverage: float | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A generation's description of itself.

    Attributes:
        format: The layout of its files, `FORMAT` when written.
        id: Its name, and its folder's.
        created: When it was built, in UTC.
        polyfaq: Version of the program that built it.
        default_language: The language every entry is expected in.
        entries: Number of entries.
        passages: Number of passages over all languages.
        languages: One item a language, in order of their tags.
        model: The weights that made the vectors.
        metric: How vectors are compared.
        confidence: How its confidence is estimated, in words.
        threshold: Confidence from which on questions in any other language are answered, in [0, 1].
        coverage: Share of all answerable trials that was delivered; None where there were too few.
        support: How it is told what supports a written sentence, in words.
        error_budget: Share of delivered answers that may be wrong, in [0, 1].
        inputs: Fingerprint of the files and settings it was built from; None when unknown.
        sources: The content files it was built from, named as they were reached.
        golden: How it answered the golden questions; None when there were none.
        files: All its files but the manifest.
    """

    format: int
    id: str
    created: datetime
    polyfaq: str
    default_language: str
    entries: int
    passages: int
    languages: tuple[LanguageManifest, ...]
    model: ModelIdentity
    metric: str
    confidence: str
    threshold: float
    coverage: float | None
    support: str
    error_budget: float
    inputs: str | None
    sources: tuple[FileDigest, ...]
    golden: GoldenSummary | None
    files: tuple[FileDigest, ...]

    @property
    def size(self) -> int:
        """Bytes of all its files but the manifest."""
        return sum(file.size for file in self.files)


_ADAPTER: Final = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest, with a checksum of itself, into a generation's folder.

    Raises:
        OSError: When the disk does not take it.
    """
    values = _ADAPTER.dump_python(manifest, mode="json")
    content = orjson.dumps(
        {"manifest": values, "sha256": _checksum(values)}, option=orjson.OPT_INDENT_2
    )
    write_durably(folder / MANIFEST_NAME, content + b"\n")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the generation in a folder.

    Raises:
        GenerationMissingError: When there is no such folder.
        GenerationFormatError: When another version of the program wrote it.
        GenerationDamagedError: When it is missing, or is not what was written.
    """
    path = folder / MANIFEST_NAME
    try:
        document = orjson.loads(path.read_bytes())
        values, checksum = document["manifest"], document["sha256"]
        written_format = values["format"]
    except FileNotFoundError as error:
        if folder.is_dir():
            raise _damaged(path, "is missing") from error
        raise GenerationMissingError(
            f"There is no generation {folder.name} in {folder.parent}. "
            "Run `polyfaq index list` to see which there are."
        ) from error
    except OSError as error:
        raise _damaged(path, f"cannot be read: {error.strerror}") from error
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise _damaged(path, "is no manifest") from error
    if written_format != FORMAT:
        raise GenerationFormatError(
            f"{path} has format {written_format}, and this version of polyfaq reads format "
            f"{FORMAT}. Run `polyfaq index` to build a generation of that format."
        )
    if checksum != _checksum(values):
        raise _damaged(path, "does not have the checksum it was written with")
    try:
        manifest = _ADAPTER.validate_python(values, strict=False)
    except ValidationError as error:
        raise _damaged(path, f"is no manifest ({error.error_count()} faults)") from error
    if manifest.id != folder.name:
        raise _damaged(path, f"belongs to generation {manifest.id}")
    return manifest


def _checksum(values: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(values)).hexdigest()


def _damaged(path: Path, why: str) -> GenerationDamagedError:
    return GenerationDamagedError(
        f"{path} {why}. Run `polyfaq index --full` to build a new generation, or "
        "`polyfaq index rollback` to go back to an older one."
    )
