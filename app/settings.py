"""Every setting: `POLYFAQ_<NAME>` in the environment, or a key in `polyfaq.toml`."""

from __future__ import annotations

import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings.exceptions import SettingsError as SourceError

import knowledge_base
from app.answering.fallback import Fallback
from app.generating.families import Family
from app.generating.use import GenerationUse
from knowledge_base.languages import canonical_tag

_MOST_PROCESSES = 2
PREFIX = "POLYFAQ_"
TOML_FILE = Path("polyfaq.toml")
Words = Annotated[tuple[str, ...], NoDecode]
"""A list; in the environment its members are separated by commas."""


class LanguageDetector(StrEnum):
    """The library that tells languages apart."""

    PY3LANGID = "py3langid"
    LANGDETECT = "langdetect"


class TranslatorName(StrEnum):
    """What translates, for editors and for visitors."""

    APERTIUM = "apertium"
    LIBRETRANSLATE = "libretranslate"
    GENERATOR = "generator"


class GeneratorName(StrEnum):
    """What writes texts."""

    NONE = "none"
    OPENAI = "openai"
    TRANSFORMERS = "transformers"


class LogFormat(StrEnum):
    """How log lines look."""

    JSON = "json"
    TEXT = "text"


class LogLevel(StrEnum):
    """From which severity on log lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class SettingsError(Exception):
    """A setting cannot be used; the message names its key, its value and the way out."""


def sample_content() -> Path:
    """Find the sample shop's content: beside the code, wherever that is installed."""
    folder = Path(knowledge_base.__file__).parent / "content"
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


class Settings(BaseSettings):
    """What can be set, checked once at start."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)
    toml_file: ClassVar[Path] = TOML_FILE

    home: Path = Field(Path("var"), description="Folder of everything the service keeps.")
    models: Path | None = Field(
        None, description="Folder of the models; several homes may share it. Default: HOME/models."
    )
    content: Path = Field(
        default_factory=sample_content,
        description="File or folder that `polyfaq index` reads. "
        "Default: the sample shop's, which comes with polyfaq.",
    )
    golden: Path | None = Field(
        None,
        description="Golden questions that a new index is gated by. "
        "Default: golden.jsonl beside the content.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the store. Default: the SQLite file HOME/polyfaq.db.",
    )
    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="TCP port to listen on.")
    workers: int | None = Field(
        None,
        ge=1,
        le=64,
        description="Processes; each holds its own copy of the model. "
        "Default: one for each processor, two at most.",
    )
    threads: int = Field(8, ge=1, le=256, description="Questions answered at once per process.")
    graceful_timeout: int = Field(
        30, ge=1, le=600, description="Seconds a stopping server gives to running requests."
    )
    ping_seconds: float = Field(
        10,
        ge=0.05,
        le=300,
        description="Seconds of silence after which a streamed answer shows that it still lives.",
    )
    default_language: str = Field(
        "en", description="Language every entry should exist in, and that notices fall back to."
    )
    languages: Words = Field(
        (),
        description="Languages to tell apart. Default: those that have content; where machines "
        "write to visitors, also the 24 that notices are in.",
    )
    fallback_languages: Words = Field(
        (),
        description="Languages to answer in, in this order, where the visitor's has no text.",
    )
    embedding_model: str = Field(
        "multilingual-e5-small",
        min_length=1,
        description="Name in the catalogue; or name or folder of a sentence-transformers model.",
    )
    language_detector: LanguageDetector = Field(
        LanguageDetector.PY3LANGID, description="Library that tells languages apart."
    )
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
    error_budget: float = Field(
        0.05,
        gt=0,
        lt=1,
        description="Share of answers that may be wrong; what is surer than that is answered.",
    )
    golden_loss: float = Field(
        0.05,
        ge=0,
        le=1,
        description="How far the share of golden questions that are found, or dealt with rightly, "
        "may fall from one index to the next.",
    )
    operator_key: SecretStr | None = Field(
        None, description="Key of the operator endpoints. Unset, these are switched off."
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
    answer_cache: int = Field(
        4096, ge=0, le=1_000_000, description="Different questions whose answers are remembered."
    )
    body_limit: int = Field(
        65_536, ge=1024, le=10_485_760, description="Largest request body in bytes."
    )
    journal_queue: int = Field(
        10_000, ge=1, le=1_000_000, description="Answers that may wait to be stored."
    )
    follow_seconds: float = Field(
        0.5, ge=0.05, le=3600, description="How often a server looks for a new generation."
    )
    log_level: LogLevel = Field(LogLevel.INFO, description="Severity from which on is logged.")
    log_format: LogFormat = Field(LogFormat.JSON, description="How log lines look.")

    @field_validator("languages", "fallback_languages", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("default_language")
    @classmethod
    def _canonical(cls, value: str) -> str:
        return canonical_tag(value)

    @field_validator("languages", "fallback_languages")
    @classmethod
    def _all_canonical(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(canonical_tag(tag) for tag in value))

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

    @field_validator("operator_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value():
            return None
        if value is not None and len(value.get_secret_value()) < 16:
            raise ValueError("use at least 16 characters, for instance from `openssl rand -hex 24`")
        return value

    @property
    def may_write(self) -> bool:
        """Whether machines may write to visitors."""
        return self.live_translation or self.generation is not GenerationUse.NEVER

    @property
    def models_folder(self) -> Path:
        """Where models are installed."""
        return self.home / "models" if self.models is None else self.models

    @property
    def processes(self) -> int:
        """How many processes answer."""
        return self.workers or min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)

    @property
    def generations_folder(self) -> Path:
        """Where generations of the index are published."""
        return self.home / "generations"

    @property
    def translations_file(self) -> Path:
        """Where it is kept what translators have translated already."""
        return self.home / "translations.db"

    @property
    def golden_file(self) -> Path:
        """Where golden questions are read."""
        if self.golden is not None:
            return self.golden
        folder = self.content.parent if self.content.suffix else self.content
        return folder / "golden.jsonl"

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the store; may hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.home / 'polyfaq.db').absolute()}"

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


def _explain(error: ValidationError, file: Path) -> str:
    lines = []
    for fault in error.errors():
        key = str(fault["loc"][0]) if fault["loc"] else "?"
        if fault["type"] == "extra_forbidden":
            lines.append(f"{file}: there is no setting {key!r}; correct its name or remove it")
            continue
        secret = key in {
            "operator_key",
            "database_url",
            "libretranslate_key",
            "generator_key",
            "generator_url",
        }
        shown = "(hidden)" if secret else repr(fault["input"])
        message = fault["msg"].removeprefix("Value error, ")
        names = f"{PREFIX}{key.upper()}, or {key} in {file}"
        lines.append(f"setting {key} ({names}) cannot be {shown}: {message}")
    return "\n".join(lines)
