"""Numbers in few bits: how float32 weights become small integers and scales."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.embedding import FloatArray
from models.encoder_weights import BlockTable

_LARGEST_7_BIT = 63
_LARGEST_8_BIT = 127
_ROWS_AT_A_TIME = 16384


@dataclass(frozen=True, slots=True)
class QuantisedLinear:
    """The weights of a linear layer as integers; a weight is its integer times its row's scale.

    Attributes:
        values: Shape (outputs, inputs), within -63..63.
        scales: Shape (outputs,).
    """

    values: npt.NDArray[np.int8]
    scales: FloatArray


def quantise_outputs(weight: FloatArray) -> QuantisedLinear:
    """Quantise a linear layer to 7 bits, with one scale for each output.

    Seven, not eight: processors without VNNI add pairs of 8-bit products in 16 bits, which
    overflows with full-range weights. 255 * 63 * 2 fits, so every processor computes the same.

    Args:
        weight: Shape (outputs, inputs).

    Returns:
        The nearest integers and their scales.
    """
    scales = _scales(np.abs(weight).max(axis=1), _LARGEST_7_BIT)
    values = np.rint(weight / scales[:, None]).astype(np.int8)
    return QuantisedLinear(values, scales)


def quantise_table(table: FloatArray, block: int = 32) -> BlockTable:
    """Quantise a table to 8 bits, with one scale for each block of a row.

    Args:
        table: Shape (rows, columns).
        block: Columns that share a scale; `columns` must be a multiple of it.

    Returns:
        The table, within half a step of the original: a 254th of its block's largest number.
    """
    rows, columns = table.shape
    values = np.empty((rows, columns), dtype=np.int8)
    scales = np.empty((rows, columns // block), dtype=np.float32)
    # Real tables have hundreds of megabytes, of which this makes several copies at a time.
    for start in range(0, rows, _ROWS_AT_A_TIME):
        part = slice(start, start + _ROWS_AT_A_TIME)
        blocks = table[part].reshape(-1, columns // block, block)
        scales[part] = _scales(np.abs(blocks).max(axis=2), _LARGEST_8_BIT)
        values[part] = np.rint(blocks / scales[part, :, None]).reshape(-1, columns)
    return BlockTable(values, scales, bits=8, block=block)


def _scales(largest: FloatArray, integer: int) -> FloatArray:
    # A row of zeros has no scale of its own; any other than 0 represents it exactly.
    return np.where(largest > 0, largest / np.float32(integer), 1).astype(np.float32)
