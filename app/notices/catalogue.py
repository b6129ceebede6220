"""The translations of the notices, read from gettext catalogues on first use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType

from app.notices.notice import Notice
from knowledge_base.languages import fallback_chain

SOURCE_LANGUAGE = "en"
_LOCALE = files("app.notices") / "locale"


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in some language.

    Attributes:
        text: Plain text.
        language: Tag of the language it is in, which may be a fallback of the one asked for.
    """

    text: str
    language: str


class CatalogueError(RuntimeError):
    """A catalogue lacks a translation or cannot be read."""


class Notices:
    """Speaks to visitors in their language. Safe to share between threads.

    A language is loaded when it is first used. What has no catalogue falls back along the tag
    (`pt-BR`, `pt`), then to the default language, then to English.
    """

    def __init__(self, default_language: str = SOURCE_LANGUAGE) -> None:
        """Prepare, without reading anything.

        Args:
            default_language: Canonical tag to fall back to.
        """
        self._default_language = default_language

    def language(self, wanted: str) -> str:
        """Tell in which language a visitor with this canonical tag, or `und`, is spoken to."""
        available = available_languages()
        chain = (*fallback_chain(wanted), *fallback_chain(self._default_language))
        return next((tag for tag in chain if tag in available), SOURCE_LANGUAGE)

    def text(self, notice: Notice, language: str, /, **values: str | int) -> NoticeText:
        """Say a notice.

        Args:
            notice: What to say.
            language: Canonical tag of the visitor's language.
            values: For the notice's placeholders; without any they stay as they are, in braces.
        """
        spoken = self.language(language)
        text = catalogue(spoken)[notice]
        return NoticeText(text.format(**values) if values else text, spoken)

    def ui_texts(self, language: str) -> Mapping[str, str]:
        """Give every notice in one language, by its name in lower case, as a page needs them.

        Placeholders stay in braces for the page to fill.
        """
        texts = catalogue(self.language(language))
        return {notice.name.lower(): texts[notice] for notice in Notice}


@lru_cache(maxsize=1)
def available_languages() -> frozenset[str]:
    """Give the tags of the languages that the notices are translated into."""
    return frozenset(folder.name for folder in _LOCALE.iterdir() if folder.is_dir())


@lru_cache(maxsize=64)
def catalogue(language: str) -> Mapping[Notice, str]:
    """Read a language's catalogue.

    Args:
        language: One of `available_languages()`.

    Raises:
        CatalogueError: The catalogue cannot be read or is not complete.
    """
    # Reading catalogues brings in much of Babel, which a starting server need not wait for.
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415

    path = f"app/notices/locale/{language}/LC_MESSAGES/notices.po"
    source = (_LOCALE / language / "LC_MESSAGES" / "notices.po").read_bytes()
    try:
        read = read_po(BytesIO(source), locale=language, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise CatalogueError(f"{path}: not a gettext catalogue: {error}") from error
    texts: dict[Notice, str] = {}
    for notice in Notice:
        message = read.get(notice)
        if message is None or message.fuzzy or not isinstance(message.string, str):
            raise CatalogueError(f"{path}: {notice.name} has no approved translation; add it")
        texts[notice] = message.string
    return MappingProxyType(texts)
