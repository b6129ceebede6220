"""The shared data sets that polyfaq is measured on; they are no part of the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def is_there(*sets: str) -> bool:
    """Tell whether these data sets can be read."""
    return all((DATA / name).is_dir() for name in sets)


def rows(file: str) -> list[Mapping[str, Any]]:
    """Read a file of JSON lines, named relative to the shared data."""
    with (DATA / file).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
