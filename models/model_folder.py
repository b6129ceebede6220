"""An installed model on disk: a folder that describes itself, so that damage is noticed.

- model.json: this description, written last
- model.onnx: the graph
- model.onnx.data: its weights, mapped into memory
- tokenizer.model: the SentencePiece model
- README.md: the model card
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import TypeAdapter, ValidationError

from models.embedding import ModelDamagedError, ModelIdentity, ModelMissingError

MANIFEST = "model.json"
GRAPH = "model.onnx"
WEIGHTS = "model.onnx.data"
TOKENIZER = "tokenizer.model"
CARD = "README.md"

FORMAT = 1
_CHUNK = 1 << 20
_AGAIN = "Run `polyfaq models install` to install it again."


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was installed: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelManifest:
    """What a model folder says about itself.

    Attributes:
        format: Version of this description.
        name: The model's name in the catalogue.
        dimension: Numbers in one vector.
        max_tokens: Tokens that are read of a text, start and end token included.
        query_prefix: Put before questions.
        passage_prefix: Put before passages.
        source: Where the weights came from, for people.
        source_sha256: What the weights were made from, for installing only once.
        files: Every other file of the folder, by name.
    """

    format: int
    name: str
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    source: str
    source_sha256: str
    files: dict[str, FileRecord]

    @property
    def identity(self) -> ModelIdentity:
        """Which vectors come out: the digest covers all that decides them."""
        digest = hashlib.sha256()
        for name in (GRAPH, WEIGHTS, TOKENIZER):
            digest.update(self.files[name].sha256.encode())
        for setting in (str(self.max_tokens), self.query_prefix, self.passage_prefix):
            digest.update(b"\0" + setting.encode())
        return ModelIdentity(self.name, digest.hexdigest(), self.dimension)


class Manifest(Protocol):
    """What any installed folder says about itself."""

    @property
    def name(self) -> str:
        """Its name in the catalogue."""
        ...

    @property
    def files(self) -> Mapping[str, FileRecord]:
        """Every other file of the folder, by name."""
        ...


M = TypeVar("M", bound=Manifest)

_MANIFEST = TypeAdapter(ModelManifest)


def read_manifest(folder: Path) -> ModelManifest:
    """Read a model folder's description, and see that its files have the sizes it tells.

    Args:
        folder: The model folder.

    Returns:
        The description.

    Raises:
        ModelMissingError: There is no model, or some of its files are not there.
        ModelDamagedError: The description is unreadable, or a file has another size.
    """
    path = folder / MANIFEST
    try:
        manifest = _MANIFEST.validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelMissingError(
            f"No model is installed in {folder}: {MANIFEST} is missing. "
            "Run `polyfaq models install`."
        ) from error
    except (OSError, ValidationError) as error:
        raise ModelDamagedError(f"{path} cannot be read: {error}. {_AGAIN}") from error
    if manifest.format != FORMAT:
        raise ModelDamagedError(
            f"{path} has format {manifest.format}; this version reads format {FORMAT}. {_AGAIN}"
        )
    for name in (GRAPH, WEIGHTS, TOKENIZER):
        if name not in manifest.files:
            raise ModelDamagedError(f"{path} does not list {name}. {_AGAIN}")
    for name in manifest.files:
        if Path(name).name != name:
            raise ModelDamagedError(f"{path} lists {name}, which is no plain file name. {_AGAIN}")
    check_sizes(folder, manifest.files, "model", _AGAIN)
    return manifest


def verify_folder(
    folder: Path, read: Callable[[Path], M], on_bytes: Callable[[int], None] | None = None
) -> M:
    """Compare every byte of a folder with what was installed.

    Args:
        folder: The folder of a model, or of what else is installed beside models.
        read: Reads its description.
        on_bytes: Called with the number of bytes read since its last call.

    Returns:
        The description, all of which holds.

    Raises:
        ModelMissingError: Nothing is installed there, or some of its files are not there.
        ModelDamagedError: A file is not the one that was installed.
    """
    manifest = read(folder)
    for name, record in manifest.files.items():
        check_digest(folder / name, sha256_of(folder / name, on_bytes), record, manifest.name)
    return manifest


def write_manifest(folder: Path, manifest: ModelManifest) -> None:
    """Write the description, which makes the folder a model."""
    (folder / MANIFEST).write_bytes(_MANIFEST.dump_json(manifest, indent=2) + b"\n")


def check_sizes(folder: Path, files: Mapping[str, FileRecord], what: str, again: str) -> None:
    """Compare files by size with what was installed.

    Args:
        folder: Where they are.
        files: What was installed, by name.
        what: What they make up, for people.
        again: The way out, for people.

    Raises:
        ModelMissingError: A file is not there.
        ModelDamagedError: A file has another size.
    """
    for name, record in files.items():
        try:
            size = (folder / name).stat().st_size
        except OSError as error:
            raise ModelMissingError(
                f"{folder / name} is missing: the {what} is incomplete. {again}"
            ) from error
        if size != record.size:
            raise ModelDamagedError(
                f"{folder / name} has {size} bytes instead of {record.size}: it was cut or "
                f"changed. {again}"
            )


def check_digest(path: Path, found: str, record: FileRecord, name: str) -> None:
    """Compare a file's digest with that of what was installed.

    Args:
        path: The file.
        found: Hex digest of its bytes.
        record: What was installed.
        name: What is to be installed again, in the catalogue.

    Raises:
        ModelDamagedError: They differ.
    """
    if found != record.sha256:
        raise ModelDamagedError(
            f"{path} is damaged: its SHA-256 is {found}, {record.sha256} was installed. "
            f"Run `polyfaq models install {name}` to install it again."
        )


def record_of(path: Path) -> FileRecord:
    """Size and digest of a file."""
    return FileRecord(path.stat().st_size, sha256_of(path))


def sha256_of(path: Path, on_bytes: Callable[[int], None] | None = None) -> str:
    """Hex digest of a file, read a megabyte at a time.

    Args:
        path: The file.
        on_bytes: Called with the number of bytes read since its last call.

    Returns:
        64 hex digits.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if on_bytes is not None:
                on_bytes(len(chunk))
    return digest.hexdigest()
