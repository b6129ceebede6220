"""Every setting: `POLYFAQ_<NAME>` in the environment, or a key in `polyfaq.toml`.

A module for each group of them; `Settings` is all groups together, and reads them.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import ClassVar, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as SourceError

from app.generating.families import Family, family_of
from app.settings.access import Access
from app.settings.generation import WrittenAnswers
from app.settings.generator import ChatModel, GeneratorName
from app.settings.indexing import Indexing
from app.settings.languages import LanguageDetector, Languages
from app.settings.logs import LogFormat, LogLevel, Logs
from app.settings.misspelt import nearest, stray_variables
from app.settings.places import Places, sample_content
from app.settings.serving import Serving
from app.settings.translation import Translation, TranslatorName

__all__ = [
    "GROUPS",
    "PREFIX",
    "GeneratorName",
    "LanguageDetector",
    "LogFormat",
    "LogLevel",
    "Settings",
    "SettingsError",
    "TranslatorName",
    "sample_content",
]

PREFIX = "POLYFAQ_"
TOML_FILE = Path("polyfaq.toml")


class SettingsError(Exception):
    """A setting cannot be used; the message names its key, its value and the way out."""


class Settings(
    Places,
    Serving,
    Access,
    Languages,
    Indexing,
    Translation,
    ChatModel,
    WrittenAnswers,
    Logs,
    BaseSettings,
):
    """What can be set, checked once at start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)
    toml_file: ClassVar[Path] = TOML_FILE

    @property
    def prompt_family(self) -> Family:
        """Which models' prompts the generator is asked by."""
        return self.generation_prompts or family_of(self.generator_model or "")

    @classmethod
    def strays(cls) -> tuple[str, ...]:
        """Tell of variables in the environment that look like settings but are none."""
        return tuple(stray_variables(os.environ, PREFIX, cls.model_fields))

    @classmethod
    def load(cls, toml: Path | None = None, **overrides: object) -> Settings:
        """Read the settings: overrides before environment before file before defaults.

        Args:
            toml: The file; `polyfaq.toml` in the working folder, if there is one, when None.
            overrides: Values by field name, such as those of command line options.

        Raises:
            SettingsError: A key is not known or a value cannot be used.
        """
        file = TOML_FILE if toml is None else toml
        if toml is not None and not toml.is_file():
            raise SettingsError(f"{toml}: no such settings file; write it or name another")
        bound = type("_BoundSettings", (cls,), {"toml_file": file, "__doc__": cls.__doc__})
        try:
            loaded: Settings = bound(**overrides)
        except ValidationError as error:
            raise SettingsError(_explain(error, file)) from None
        except SourceError as error:
            raise SettingsError(f"{file} or the environment: {error}") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: not a TOML file: {error}; correct or remove it") from None
        except OSError as error:
            raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
        return loaded

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read overrides, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, cls.toml_file)


GROUPS: tuple[type[BaseModel], ...] = tuple(
    group for group in Settings.__bases__ if group is not BaseSettings
)
"""The groups of settings, in the order in which they are documented."""

_SECRETS = {
    name
    for name, field in Settings.model_fields.items()
    if SecretStr in get_args(field.annotation) or name == "generator_url"
}


def _explain(error: ValidationError, file: Path) -> str:
    lines = []
    for fault in error.errors():
        key = str(fault["loc"][0]) if fault["loc"] else "?"
        if fault["type"] == "extra_forbidden":
            meant = nearest(key, Settings.model_fields)
            lines.append(
                f"{file}: there is no setting {key!r}{meant or '; correct its name or remove it'}"
            )
            continue
        shown = "(hidden)" if key in _SECRETS else repr(fault["input"])
        message = fault["msg"].removeprefix("Value error, ")
        names = f"{PREFIX}{key.upper()}, or {key} in {file}"
        lines.append(f"setting {key} ({names}) cannot be {shown}: {message}")
    return "\n".join(lines)
