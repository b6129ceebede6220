"""How a wish for an answer in a language is put in that language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from knowledge_base.languages import closest_tag


def instruction_in(tag: str) -> str | None:
    """Put the wish into the reader's own words.

    Args:
        tag: Canonical tag of the reader's language.

    Returns:
        None for a language that the catalogue does not have.
    """
    written = _catalogue()
    closest = closest_tag(tag, written)
    return None if closest is None else written[closest]


@cache
def _catalogue() -> Mapping[str, str]:
    text = files("app.generating").joinpath("reader_languages.toml").read_text("utf-8")
    return {tag: str(sentence) for tag, sentence in tomllib.loads(text).items()}
