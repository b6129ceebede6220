"""Answers that a machine writes."""

from __future__ import annotations

from pydantic import BaseModel, Field

from app.answering.fallback import Fallback
from app.generating.families import Family
from app.generating.use import GenerationUse


class WrittenAnswers(BaseModel):
    """Answers that a machine writes."""

    generation: GenerationUse = Field(
        GenerationUse.NEVER,
        description="When the generator writes answers to visitors: `never`; `languages`, where "
        "the entry that answers has no text in the visitor's language; `entries`, also where two "
        "or three entries are likely meant.",
    )
    generation_prompts: Family | None = Field(
        None,
        description="Which models' prompts it is asked by: `default`, `gemma`, `mistral` or "
        "`qwen`. Default: as the model's name says.",
    )
    generation_prompt: int = Field(
        12_000,
        ge=2000,
        le=1_000_000,
        description="Most characters of a prompt for an answer; entries that do not fit are left "
        "out.",
    )
    generation_tokens: int = Field(
        512, ge=16, le=32_768, description="Most tokens of an answer, second attempts included."
    )
    generation_seconds: float = Field(
        30,
        ge=1,
        le=600,
        description="How long an answer may take to write, waiting and second attempts included.",
    )
    generation_per_conversation: int = Field(
        20,
        ge=0,
        le=1_000_000,
        description="Answers that may be written in one conversation; 0 allows none.",
    )
    generation_per_day: int = Field(
        1000,
        ge=0,
        le=1_000_000_000,
        description="Answers that may be written in a day, by all processes; 0 allows none.",
    )
    unwritten: Fallback = Field(
        Fallback.ORIGINAL,
        description="What visitors get where a machine was to write in their language and did "
        "not: the `original` with a notice, or a `handoff`.",
    )
