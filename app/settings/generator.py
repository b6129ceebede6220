"""The chat model, wherever it runs."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field, SecretStr, field_validator


class GeneratorName(StrEnum):
    """What writes texts."""

    NONE = "none"
    OPENAI = "openai"
    TRANSFORMERS = "transformers"


class ChatModel(BaseModel):
    """The chat model."""

    generator: GeneratorName = Field(
        GeneratorName.NONE,
        description="Chat model that writes: `openai` on a server, `transformers` in this process.",
    )
    generator_model: str | None = Field(
        None,
        min_length=1,
        description="Its name on the server; or that of an installed model, a folder, or a "
        "repository on the hub.",
    )
    generator_url: str = Field(
        "http://127.0.0.1:8000/v1",
        min_length=1,
        description="Where the API of the generator's server begins.",
    )
    generator_key: SecretStr | None = Field(
        None, description="API key of the generator's server, where it wants one."
    )
    generator_tokens: int = Field(
        1024, ge=16, le=32_768, description="Most tokens that a text may have."
    )
    generator_seconds: float = Field(
        120, ge=1, le=3600, description="How long a text may take, waiting included."
    )
    generator_connect_seconds: float = Field(
        5, ge=0.1, le=60, description="How long it may take to reach the generator's server."
    )
    generator_silence_seconds: float = Field(
        60, ge=0.1, le=3600, description="How long the generator's server may send nothing."
    )
    generator_at_once: int = Field(
        1, ge=1, le=64, description="Texts that the generator writes at the same time."
    )
    generator_wait_seconds: float = Field(
        30, ge=0, le=3600, description="How long a text waits for the generator to be free."
    )

    @field_validator("generator_key")
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        key = "" if value is None else value.get_secret_value().strip()
        if not all("!" <= char <= "~" for char in key):
            raise ValueError("use ASCII characters alone, without spaces")
        return SecretStr(key) if key else None

    @field_validator("generator_url")
    @classmethod
    def _holds_no_secret(cls, value: str) -> str:
        if "@" in value:
            raise ValueError("give the key apart, as POLYFAQ_GENERATOR_KEY; an address is shown")
        return value
