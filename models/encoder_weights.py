"""The weights of a BERT encoder, whichever file they came from."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.embedding import FloatArray


@dataclass(frozen=True, slots=True)
class Linear:
    """A fully connected layer.

    Attributes:
        weight: Shape (outputs, inputs).
        bias: Shape (outputs,).
    """

    weight: FloatArray
    bias: FloatArray


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """The scale and shift that follow a normalisation, each of shape (hidden,)."""

    weight: FloatArray
    bias: FloatArray


@dataclass(frozen=True, slots=True)
class EncoderLayer:
    """One transformer layer, parts in the order of the forward pass."""

    query: Linear
    key: Linear
    value: Linear
    attention_output: Linear
    attention_norm: LayerNorm
    intermediate: Linear
    output: Linear
    output_norm: LayerNorm


@dataclass(frozen=True, slots=True)
class BlockTable:
    """A table of numbers kept as small integers, with one scale for each block of a row.

    A number is its integer times the scale of its block.

    Attributes:
        values: Shape (rows, columns), int8; within -8..7 if `bits` is 4.
        scales: Shape (rows, columns / block), float32.
        bits: 4 or 8, what one integer needs.
        block: Columns that share a scale.
    """

    values: npt.NDArray[np.int8]
    scales: FloatArray
    bits: int
    block: int

    def rows(self, indices: npt.NDArray[np.int64]) -> FloatArray:
        """The numbers of some rows, shape (len(indices), columns)."""
        values = self.values[indices].astype(np.float32)
        return values * np.repeat(self.scales[indices], self.block, axis=1)


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """A BERT encoder without a pooler.

    Attributes:
        words: One row a token id.
        positions: Shape (longest input in tokens, hidden).
        types: Shape (token types, hidden); only the first row is used.
        embedding_norm: Applied to the sum of the three embeddings.
        layers: In the order of the forward pass.
        heads: Attention heads; hidden is a multiple of it.
        epsilon: Added to variances before their root is taken.
    """

    words: BlockTable
    positions: FloatArray
    types: FloatArray
    embedding_norm: LayerNorm
    layers: tuple[EncoderLayer, ...]
    heads: int
    epsilon: float

    @property
    def hidden(self) -> int:
        """Numbers in one vector."""
        return int(self.positions.shape[1])
