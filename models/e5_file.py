"""Reader of `E5S1` files: a multilingual E5 model, its encoder in 4 bits, in one file.

The layout, little-endian throughout, as the C loader that ships with the weights reads it:

- magic `E5S1`, version; hidden, layers, heads, feed-forward, vocabulary, positions, types (int32);
  epsilon (float32); block size (int32)
- the tokenizer: number of pieces and the ids of start, end, padding and unknown (int32); bytes of
  text (uint64); offsets into the text (uint32, one more than pieces); scores (float32); the text
- the normalisation map: number of entries and its bytes; an entry is a code point (uint32), how
  many replace it (uint8), and those
- the tensors' directory: how many (int32); an entry is the name's length (uint16), the name, type
  (uint8, 0 float32 and 1 Q4_0), numbers (uint32), offset in the file and bytes (uint64)

A Q4_0 block is a float16 scale and 16 bytes with 32 weights: low nibbles are the first 16, high
nibbles the others, and a weight is (nibble - 8) * scale.
"""

import itertools
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.embedding import FloatArray, ModelDamagedError
from models.encoder_weights import BlockTable, EncoderLayer, EncoderWeights, LayerNorm, Linear
from models.unigram_model import UnigramVocabulary

_MAGIC = b"E5S1"
_HEADER = struct.Struct("<I7ifi")
_BLOCK = 32
_BLOCK_BYTES = 18
_FLOAT32, _Q4_0 = 0, 1


@dataclass(frozen=True, slots=True)
class E5File:
    """Everything in the file."""

    weights: EncoderWeights
    vocabulary: UnigramVocabulary


@dataclass(frozen=True, slots=True)
class _Tensor:
    kind: int
    numbers: int
    offset: int
    size: int


class _Reader:
    """Sequential reads that never leave the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        self.position = 0

    def damaged(self, why: str) -> ModelDamagedError:
        return ModelDamagedError(
            f"{self.path} is not a whole E5S1 file: {why}. Remove it and run "
            "`polyfaq models install` to fetch it again."
        )

    def take(self, size: int) -> bytes:
        data = self.data[self.position : self.position + size]
        if size < 0 or len(data) < size:
            raise self.damaged(f"{size} bytes wanted at {self.position}, {len(data)} there")
        self.position += size
        return data

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count), dtype)


def read_e5_file(path: Path) -> E5File:
    """Read weights and tokenizer.

    Args:
        path: The file; all of it is read into memory (72 MB for multilingual-e5-small).

    Returns:
        The encoder, its linear layers widened to float32, its word table still in 4 bits, and the
        tokenizer's vocabulary.

    Raises:
        ModelDamagedError: The file is cut, or is something else.
    """
    reader = _Reader(path)
    if reader.take(len(_MAGIC)) != _MAGIC:
        raise reader.damaged("it does not start with E5S1")
    _, hidden, layers, heads, inner, words, positions, types, epsilon, block = _HEADER.unpack(
        reader.take(_HEADER.size)
    )
    if block != _BLOCK or min(hidden, layers, heads, inner, words, positions, types) < 1:
        raise reader.damaged("its header has sizes that no such model has")
    if hidden % _BLOCK or inner % _BLOCK or hidden % heads:
        raise reader.damaged(f"hidden {hidden}, feed-forward {inner} and heads {heads} do not fit")
    vocabulary = _read_vocabulary(reader)
    tensors = _Tensors(reader)

    def linear(name: str, outputs: int, inputs: int) -> Linear:
        table = tensors.blocks(f"{name}.w", outputs, inputs)
        return Linear(table.rows(np.arange(outputs)), tensors.floats(f"{name}.b", outputs)[0])

    def norm(name: str) -> LayerNorm:
        return LayerNorm(
            tensors.floats(f"{name}.w", hidden)[0], tensors.floats(f"{name}.b", hidden)[0]
        )

    return E5File(
        weights=EncoderWeights(
            words=tensors.blocks("emb.word", words, hidden),
            positions=tensors.floats("emb.pos", hidden, positions),
            types=tensors.floats("emb.type", hidden, types),
            embedding_norm=norm("emb.ln"),
            layers=tuple(
                EncoderLayer(
                    query=linear(f"l{i}.q", hidden, hidden),
                    key=linear(f"l{i}.k", hidden, hidden),
                    value=linear(f"l{i}.v", hidden, hidden),
                    attention_output=linear(f"l{i}.ao", hidden, hidden),
                    attention_norm=norm(f"l{i}.aln"),
                    intermediate=linear(f"l{i}.fi", inner, hidden),
                    output=linear(f"l{i}.fo", hidden, inner),
                    output_norm=norm(f"l{i}.oln"),
                )
                for i in range(layers)
            ),
            heads=heads,
            epsilon=float(epsilon),
        ),
        vocabulary=vocabulary,
    )


def _read_vocabulary(reader: _Reader) -> UnigramVocabulary:
    count, start, end, padding, unknown = reader.unpack("<5i")
    (size,) = reader.unpack("<Q")
    if not all(0 <= token < count for token in (start, end, padding, unknown)):
        raise reader.damaged(f"special tokens outside its {count} pieces")
    offsets = [int(offset) for offset in reader.array("<u4", count + 1)]
    scores = reader.array("<f4", count).astype(np.float32)
    text = reader.take(size)
    try:
        pieces = tuple(text[begin:stop].decode() for begin, stop in itertools.pairwise(offsets))
    except UnicodeDecodeError as error:
        raise reader.damaged("a piece of its vocabulary is not UTF-8") from error
    # Normalisation of single characters: the tokenizer has rules for sequences as well.
    _, size = reader.unpack("<iI")
    reader.take(size)
    return UnigramVocabulary(
        pieces=pieces,
        scores=scores,
        start=start,
        end=end,
        padding=padding,
        unknown=unknown,
    )


class _Tensors:
    """The directory at the end of the header, and the tensors it points to."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._directory: dict[str, _Tensor] = {}
        (count,) = reader.unpack("<i")
        for _ in range(count):
            (length,) = reader.unpack("<H")
            name = reader.take(length).decode("ascii", "replace")
            self._directory[name] = _Tensor(*reader.unpack("<BIQQ"))

    def floats(self, name: str, columns: int, rows: int = 1) -> FloatArray:
        data = self._bytes(name, _FLOAT32, rows * columns, 4 * rows * columns)
        return np.frombuffer(data, "<f4").astype(np.float32).reshape(rows, columns)

    def blocks(self, name: str, rows: int, columns: int) -> BlockTable:
        blocks = columns // _BLOCK
        data = self._bytes(name, _Q4_0, rows * columns, rows * blocks * _BLOCK_BYTES)
        raw = np.frombuffer(data, np.uint8).reshape(rows, blocks, _BLOCK_BYTES)
        scales = np.ascontiguousarray(raw[:, :, :2]).view("<f2")[:, :, 0].astype(np.float32)
        nibbles = raw[:, :, 2:]
        values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=2).astype(np.int8) - np.int8(8)
        return BlockTable(values.reshape(rows, columns), scales, bits=4, block=_BLOCK)

    def _bytes(self, name: str, kind: int, numbers: int, size: int) -> bytes:
        tensor = self._directory.get(name)
        if tensor is None:
            raise self._reader.damaged(f"tensor {name} is missing")
        if (tensor.kind, tensor.numbers, tensor.size) != (kind, numbers, size):
            raise self._reader.damaged(f"tensor {name} does not have the size in the header")
        self._reader.position = tensor.offset
        return self._reader.take(size)
