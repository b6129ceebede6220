"""The settings as a table for the documentation."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic_core import PydanticUndefined

from app.settings import PREFIX, Settings


def settings_table() -> str:
    """List every setting in Markdown: its name, its default and what it is."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | default | |", "|---|---|---|", *rows])


def _shown(default: object) -> str:
    if default in (None, (), PydanticUndefined):
        return ""
    if isinstance(default, Path | StrEnum):
        return f"`{default!s}`"
    return f"`{default}`"
