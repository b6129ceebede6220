"""Which languages there are, and what tells them apart."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field, field_validator

from app.settings.words import Words
from knowledge_base.languages import canonical_tag


class LanguageDetector(StrEnum):
    """The library that tells languages apart."""

    PY3LANGID = "py3langid"
    LANGDETECT = "langdetect"


class Languages(BaseModel):
    """Languages."""

    default_language: str = Field(
        "en", description="Language every entry should exist in, and that notices fall back to."
    )
    languages: Words = Field(
        (),
        description="Languages to tell apart. Default: those that have content, the 24 that "
        "notices are in, and some near to these.",
    )
    fallback_languages: Words = Field(
        (),
        description="Languages to answer in, in this order, where the visitor's has no text.",
    )
    language_detector: LanguageDetector = Field(
        LanguageDetector.PY3LANGID, description="Library that tells languages apart."
    )

    @field_validator("default_language")
    @classmethod
    def _canonical(cls, value: str) -> str:
        return canonical_tag(value)

    @field_validator("languages", "fallback_languages")
    @classmethod
    def _all_canonical(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(canonical_tag(tag) for tag in value))
