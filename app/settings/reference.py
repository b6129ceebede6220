"""The settings as tables for the documentation."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from app.settings import GROUPS, PREFIX


def settings_tables() -> str:
    """List every setting in Markdown, by group: its name, its default and what it is."""
    return "\n\n".join("\n".join(_section(group)) for group in GROUPS)


def _section(group: type[BaseModel]) -> Iterator[str]:
    yield f"## {inspect.cleandoc(group.__doc__ or '').removesuffix('.')}"
    yield from ("", "| setting | default | |", "|---|---|---|")
    for name, field in group.model_fields.items():
        yield f"| `{PREFIX}{name.upper()}` | {_shown(field.default)} | {field.description} |"


def _shown(default: object) -> str:
    if default in (None, (), PydanticUndefined):
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Path | StrEnum):
        return f"`{default!s}`"
    return f"`{default}`"
