"""Vectors by what they were made from, on disk, so that no text is embedded twice.

The file is a header and blocks that are only ever appended, each with its checksum: a block that a
killed process or a full disk left unfinished is cut off when the file is opened next.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from indexer.durable import aside_of, sync
from models.embedding import Embeddings, FloatArray, ModelIdentity, Role

KEY_BYTES: Final = 16
_MAGIC: Final = b"polyfaq vectors 1\n"
_BLOCK: Final = struct.Struct("<II")  # vectors in the block, CRC-32 of all that follows in it
_BLOCK_VECTORS: Final = 8192

Rows = npt.NDArray[np.int64]


def cache_key(role: Role, text: str) -> bytes:
    """Name a text in a role: 16 bytes."""
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES, person=role.value.encode()
    ).digest()


@dataclass(frozen=True, slots=True)
class _Block:
    """Some consecutive rows of the file.

    Attributes:
        keys: Shape (n, 2), the halves of each key.
        truncated: Shape (n,), 1 where the model did not read the whole text.
        vectors: Shape (n, dimension).
    """

    keys: npt.NDArray[np.uint64]
    truncated: npt.NDArray[np.uint8]
    vectors: FloatArray


class EmbeddingCache:
    """The vectors that one model made; for one process at a time."""

    def __init__(self, path: Path, identity: ModelIdentity) -> None:
        """Open the file, create it when missing, cut off what is not whole.

        Args:
            path: The file.
            identity: The model; a file of another model's vectors is started anew.

        Raises:
            OSError: When the file can be neither read nor written.
        """
        self._path = path
        self._header = _header(identity)
        self._dimension = identity.dimension
        self._load()

    @classmethod
    def of_model(cls, folder: Path, identity: ModelIdentity) -> Self:
        """Open the file of a model's vectors in a folder of caches, creating both if need be."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder / cache_file_name(identity), identity)

    def __len__(self) -> int:
        return len(self._order)

    def find(self, keys: Sequence[bytes]) -> Rows:
        """Rows of the vectors with these keys, shape (n,); -1 where there is none."""
        wanted = _halves(keys)
        if not len(self) or not len(wanted):
            return np.full(len(wanted), -1, dtype=np.int64)
        places = np.searchsorted(self._sorted_keys[:, 0], wanted[:, 0])
        places = np.minimum(places, len(self) - 1)
        found = (self._sorted_keys[places] == wanted).all(axis=1)
        return np.where(found, self._order[places], -1)

    def take(self, rows: Rows) -> Embeddings:
        """Read the vectors at rows that `find` gave, none of them -1."""
        vectors = np.empty((len(rows), self._dimension), dtype=np.float32)
        truncated = np.zeros(len(rows), dtype=np.uint8)
        order = np.argsort(rows, kind="stable")
        bounds = np.searchsorted(rows[order], self._bounds)
        for block, start, (begin, end) in zip(
            self._blocks, self._bounds[:-1], pairwise(bounds.tolist()), strict=True
        ):
            here = order[begin:end]
            vectors[here] = block.vectors[rows[here] - start]
            truncated[here] = block.truncated[rows[here] - start]
        return Embeddings(vectors, tuple(np.flatnonzero(truncated).tolist()))

    def add(self, keys: Sequence[bytes], embeddings: Embeddings) -> None:
        """Append vectors and wait until the disk has them; `find` knows them after a reopening.

        Raises:
            OSError: When the disk does not take them; the file stays as it was.
        """
        truncated = np.zeros(len(keys), dtype=np.uint8)
        truncated[list(embeddings.truncated)] = 1
        with self._path.open("r+b", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            try:
                _write_all(file.fileno(), _pack(_halves(keys), truncated, embeddings.vectors))
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                raise

    def keep_only(self, keys: Iterable[bytes]) -> int:
        """Write the file anew with only the vectors of these keys.

        Returns:
            How many vectors were dropped.

        Raises:
            OSError: When the disk does not take it; the file stays as it was.
        """
        rows = np.sort(self.find(list(dict.fromkeys(keys))))
        rows = rows[rows >= 0]
        dropped = len(self) - len(rows)
        if dropped == 0:
            return 0
        aside = aside_of(self._path)
        with aside.open("wb") as file:
            file.write(self._header)
            for start in range(0, len(rows), _BLOCK_VECTORS):
                part = rows[start : start + _BLOCK_VECTORS]
                kept = self.take(part)
                truncated = np.zeros(len(part), dtype=np.uint8)
                truncated[list(kept.truncated)] = 1
                file.write(_pack(self._keys[part], truncated, kept.vectors))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self._path)
        sync(self._path.parent)
        self._load()
        return dropped

    def _load(self) -> None:
        self._blocks = self._read_blocks()
        # Block i holds the rows from bound i up to the next.
        self._bounds = np.cumsum([0, *(len(block.keys) for block in self._blocks)])
        self._keys = np.concatenate(
            [np.zeros((0, 2), dtype=np.uint64), *(block.keys for block in self._blocks)]
        )
        self._order = np.argsort(self._keys[:, 0], kind="stable")
        self._sorted_keys = self._keys[self._order]

    def _read_blocks(self) -> list[_Block]:
        with self._path.open("a+b") as file:
            size = file.tell()
            file.seek(0)
            if file.read(len(self._header)) != self._header:
                file.truncate(0)
                file.write(self._header)
                return []
            if size == len(self._header):
                return []
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            blocks, end = _unpack(data, len(self._header), self._dimension)
            if end < size:
                file.truncate(end)
        return blocks


def cache_file_name(identity: ModelIdentity) -> str:
    """Name of the file that holds a model's vectors."""
    return f"{hashlib.sha256(_header(identity)).hexdigest()[:16]}.vectors"


def _header(identity: ModelIdentity) -> bytes:
    text = f"{identity.name}\n{identity.weights_sha256}\n{identity.dimension}\n".encode()
    return _MAGIC + text + b"\n" * (-(len(_MAGIC) + len(text)) % 8)


def _halves(keys: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    return np.frombuffer(b"".join(keys), dtype="<u8").reshape(-1, 2)


def _pack(
    keys: npt.NDArray[np.uint64], truncated: npt.NDArray[np.uint8], vectors: FloatArray
) -> bytes:
    count = len(keys)
    # Padded to 8 bytes, so that the arrays of every block are aligned where they are mapped.
    parts = (keys.tobytes(), vectors.tobytes(), truncated.tobytes())
    payload = b"".join((*parts, bytes(-sum(map(len, parts)) % 8)))
    return _BLOCK.pack(count, zlib.crc32(payload)) + payload


def _unpack(data: mmap.mmap, start: int, dimension: int) -> tuple[list[_Block], int]:
    """Read whole blocks from `start`; also return where the last of them ends."""
    blocks: list[_Block] = []
    view = memoryview(data)
    while start + _BLOCK.size <= len(view):
        count, checksum = _BLOCK.unpack_from(view, start)
        body = start + _BLOCK.size
        after_keys = body + count * KEY_BYTES
        after_vectors = after_keys + count * dimension * 4
        end = after_vectors + count + -(count * (KEY_BYTES + dimension * 4 + 1)) % 8
        if count == 0 or end > len(view) or zlib.crc32(view[body:end]) != checksum:
            break
        blocks.append(
            _Block(
                keys=np.frombuffer(data, "<u8", count * 2, body).reshape(count, 2),
                vectors=np.frombuffer(data, "<f4", count * dimension, after_keys).reshape(
                    count, dimension
                ),
                truncated=np.frombuffer(data, np.uint8, count, after_vectors),
            )
        )
        start = end
    return blocks, start


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
