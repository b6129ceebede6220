"""Which file a draft belongs in: where its language's texts of the same entries are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from knowledge_base.entry import Record
from knowledge_base.formats import FormatName, format_of
from knowledge_base.languages import LanguageTagError, canonical_tag

_PAGES = frozenset({FormatName.MARKDOWN, FormatName.HTML})


class Places:
    """Where content stands, and where drafts go.

    Attributes:
        root: The folder or file that was read.
    """

    def __init__(self, records: Sequence[Record], root: Path) -> None:
        """Take in content.

        Args:
            records: All of it, with their locations.
            root: The folder or file that was read.
        """
        self.root = root
        self._entries: dict[Path, set[str]] = {}
        self._languages: dict[Path, set[str]] = {}
        self._by_language: dict[str, dict[Path, set[str]]] = {}
        for record in records:
            file = _file_of(record)
            if file is None:
                continue
            self._entries.setdefault(file, set()).add(record.id)
            self._languages.setdefault(file, set()).add(record.lang)
            own = self._by_language.setdefault(record.lang, {})
            own.setdefault(file, set()).add(record.id)

    def of(self, source: Record, lang: str, replaced: Record | None = None) -> Path:
        """Choose the file of a draft.

        An older version's file; else the one that has most texts in this language of the entries
        beside the source; else one named after the language as the source's is after its own; else
        the source's. Pages show what is in them: a Markdown page has a file of its own, and drafts
        of HTML pages go into a YAML file beside.

        Args:
            source: The text that is translated; it has a location.
            lang: The canonical tag of the draft's language.
            replaced: The older version of the draft.
        """
        older = None if replaced is None else _file_of(replaced)
        here = _file_of(source)
        if older is not None or here is None:
            return older or self.root
        kind = format_of(here)
        if kind in _PAGES:
            return self._beside(here, source.lang, lang)
        best = self._best(here, lang)
        if best is not None:
            return best
        if len(self._languages[here]) > 1:
            return here
        if kind is FormatName.PO:
            return self._beside(here, source.lang, lang)
        return self._named(here, source.lang, lang)

    def _best(self, here: Path, lang: str) -> Path | None:
        """Find the file with most of a language's texts of the entries in a file."""
        shared = {
            file: len(ids & self._entries[here]) + (file == here)
            for file, ids in self._by_language.get(lang, {}).items()
            if format_of(file) not in _PAGES
        }
        best = max(shared, key=lambda file: (shared[file], str(file)), default=None)
        return best if best is not None and shared[best] else None

    def _beside(self, file: Path, source: str, lang: str) -> Path:
        """Name a file that holds one language, and of a page no other text."""
        named = self._named(file, source, lang)
        if named == file:
            named = file.with_name(f"{file.stem}.{lang}{file.suffix}")
        return named.with_suffix(".yaml") if format_of(file) is FormatName.HTML else named

    def _named(self, file: Path, source: str, lang: str) -> Path:
        """Name a file after another language: `fr.yaml`, `faq.fr.po`, `fr/orders/track.md`."""
        stem, dot, last = file.stem.rpartition(".")
        if _is(last, source):
            return file.with_name(f"{stem}{dot}{lang}{file.suffix}")
        if file.is_relative_to(self.root):
            parts = list(file.relative_to(self.root).parts)
            for place, part in enumerate(parts[:-1]):
                if _is(part, source):
                    parts[place] = lang
                    return self.root.joinpath(*parts)
        return file


def _is(name: str, tag: str) -> bool:
    try:
        return canonical_tag(name) == tag
    except LanguageTagError:
        return False


def _file_of(record: Record) -> Path | None:
    return None if record.location is None else Path(record.location.file)
