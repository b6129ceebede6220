"""Which implementation the settings choose, imported only when it is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.settings import LanguageDetector, Settings

if TYPE_CHECKING:
    from models.embedding import Embedder
    from models.language_id import LanguageIdentifier

_DEFAULT_MODEL = "multilingual-e5-small"


def load_embedder_for(settings: Settings, *, threads: int = 1) -> Embedder:
    """Load the embedding model that the settings name.

    Args:
        settings: Name the model.
        threads: Texts embedded at the same time within one call.

    Raises:
        EmbedderError: It cannot be used; the message says why and what to run.
    """
    name = settings.embedding_model
    installed = settings.models_folder / name
    if name == _DEFAULT_MODEL or installed.is_dir():
        from models.onnx_embedder import load_embedder  # noqa: PLC0415 - costs 0.2 s

        return load_embedder(installed, threads=threads)
    from models.sentence_transformers_embedder import (  # noqa: PLC0415 - an optional extra
        SentenceTransformersEmbedder,
    )

    return SentenceTransformersEmbedder(name)


def language_identifier(settings: Settings, languages: Sequence[str]) -> LanguageIdentifier:
    """Make what tells languages apart.

    Args:
        settings: Name the detector, and the languages where these are not those of the content.
        languages: Canonical tags of the content's languages.
    """
    from models.language_id import LanguageIdentifier  # noqa: PLC0415 - brings in a detector

    served = settings.languages or tuple(languages)
    bases = tuple(dict.fromkeys(tag.partition("-")[0] for tag in served))
    if settings.language_detector is LanguageDetector.LANGDETECT:
        from models.langdetect_detector import LangdetectDetector  # noqa: PLC0415 - one of two

        return LanguageIdentifier(served, LangdetectDetector(bases))
    from models.py3langid_detector import Py3langidDetector  # noqa: PLC0415 - one of two

    return LanguageIdentifier(served, Py3langidDetector(bases))
