"""Where things are kept, and read from."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr

import knowledge_base


def sample_content() -> Path:
    """Find the sample shop's content: beside the code, wherever that is installed."""
    folder = Path(knowledge_base.__file__).parent / "content"
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


class Places(BaseModel):
    """Places."""

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

    @property
    def models_folder(self) -> Path:
        """Where models are installed."""
        return self.home / "models" if self.models is None else self.models

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
