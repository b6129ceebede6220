"""The golden answers of a generation, kept with it so that the next can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from indexer.golden import GoldenAnswer

_NAME: Final = "golden.json"
_ADAPTER: Final = TypeAdapter(tuple[GoldenAnswer, ...])


def write_golden_answers(folder: Path, answers: Sequence[GoldenAnswer]) -> None:
    """Write answers into a generation's folder.

    Raises:
        OSError: When the disk does not take them.
    """
    (folder / _NAME).write_bytes(_ADAPTER.dump_json(tuple(answers), indent=1))


def read_golden_answers(folder: Path) -> tuple[GoldenAnswer, ...]:
    """Read back the answers of a generation whose files were verified.

    Raises:
        OSError: When they cannot be read.
        ValueError: When they are no golden answers.
    """
    return _ADAPTER.validate_json((folder / _NAME).read_bytes())
