"""Questions on other topics, in every language that polyfaq speaks."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class FarQuestion:
    """A question that no knowledge base of a business answers."""

    language: str
    text: str


@cache
def far_questions() -> tuple[FarQuestion, ...]:
    """All of them, in the order of their file."""
    text = files("indexer").joinpath("far_questions.toml").read_text(encoding="utf-8")
    return tuple(
        FarQuestion(language, question)
        for language, questions in tomllib.loads(text).items()
        for question in questions
    )
