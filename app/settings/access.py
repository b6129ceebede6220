"""Who may call the API, how often, and with how much."""

from __future__ import annotations

from pydantic import BaseModel, Field, SecretStr, field_validator

from app.settings.words import Words


class Access(BaseModel):
    """Who may call, how often, and with how much."""

    operator_key: SecretStr | None = Field(
        None,
        description="Key of the operator endpoints, at least 16 characters. Unset, these are "
        "switched off.",
    )
    cors_origins: Words = Field(
        (), description="Origins of websites that may call the API from a browser; `*` for all."
    )
    rate_limit: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="Questions a minute that one client address may ask; 0 sets no limit.",
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=10,
        description="Reverse proxies in front whose X-Forwarded-For is believed.",
    )
    body_limit: int = Field(
        65_536, ge=1024, le=10_485_760, description="Largest request body in bytes."
    )

    @field_validator("operator_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value():
            return None
        if value is not None and len(value.get_secret_value()) < 16:
            raise ValueError("use at least 16 characters, for instance from `openssl rand -hex 24`")
        return value
