"""What translates, for editors and for visitors."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field, SecretStr


class TranslatorName(StrEnum):
    """What translates, for editors and for visitors."""

    APERTIUM = "apertium"
    LIBRETRANSLATE = "libretranslate"
    GENERATOR = "generator"


class Translation(BaseModel):
    """Translation."""

    translator: TranslatorName | None = Field(
        None,
        description="What texts are translated with: `apertium`, `libretranslate`, or "
        "`generator`, a chat model.",
    )
    translator_seconds: float = Field(
        60, ge=1, le=3600, description="How long a translator may take over some dozens of texts."
    )
    live_translation: bool = Field(
        False,
        description="Translate answers for visitors whose language they do not exist in.",
    )
    live_translation_seconds: float = Field(
        10, ge=0.1, le=300, description="How long a visitor waits for a translation."
    )
    libretranslate_url: str = Field(
        "http://127.0.0.1:5000", min_length=1, description="Address of the LibreTranslate server."
    )
    libretranslate_key: SecretStr | None = Field(
        None, description="API key of the LibreTranslate server, where it wants one."
    )
