"""What translators have already translated, so that no text is paid for twice.

Kept in an SQLite file of its own: a run that is killed leaves whole rows behind, and a text that
was refused is refused again without being translated again.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

from models.marked_text import MarkedText, MarkedTextError, from_html, to_html
from models.translation import Pair, Translated

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS translations "
    "(key BLOB PRIMARY KEY, markup TEXT NOT NULL, unknown INTEGER NOT NULL) WITHOUT ROWID"
)
_WAIT_SECONDS = 30.0


class MemoryUnusableError(Exception):
    """The file of translations cannot be read or written."""


class TranslationMemory:
    """Remembers what each translator made of each text.

    Several processes may use the file at once; an object belongs to the thread that made it.
    """

    def __init__(self, file: Path, wait_seconds: float = _WAIT_SECONDS) -> None:
        """Open the file, which is made where there is none.

        Args:
            file: An SQLite file.
            wait_seconds: How long to wait for other processes that write to it.

        Raises:
            MemoryUnusableError: It cannot be used.
        """
        self._file = file
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._store = sqlite3.connect(file, timeout=wait_seconds)
            # A power cut may cost the last translations, which are then made again.
            self._store.execute("PRAGMA journal_mode = WAL")
            self._store.execute("PRAGMA synchronous = NORMAL")
            with self._store:
                self._store.execute(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from None

    def find(self, identity: str, pair: Pair, text: MarkedText) -> Translated | None:
        """Look for what came of a text, None if it was never translated.

        Raises:
            MemoryUnusableError: The file cannot be read.
        """
        try:
            with closing(
                self._store.execute(
                    "SELECT markup, unknown FROM translations WHERE key = ?",
                    (_key(identity, pair, text),),
                )
            ) as rows:
                row = rows.fetchone()
            return None if row is None else Translated(from_html(row[0]), int(row[1]))
        except MarkedTextError:
            return None
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from None

    def keep(
        self, identity: str, pair: Pair, translations: Mapping[MarkedText, Translated]
    ) -> None:
        """Remember what came of texts; all of them or none.

        Raises:
            MemoryUnusableError: The file cannot be written.
        """
        rows: Sequence[tuple[bytes, str, int]] = [
            (_key(identity, pair, text), to_html(found.text), found.unknown)
            for text, found in translations.items()
        ]
        try:
            with self._store:
                self._store.executemany(
                    "INSERT OR REPLACE INTO translations VALUES (?, ?, ?)", rows
                )
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._store.close()

    def _unusable(self, error: Exception) -> MemoryUnusableError:
        return MemoryUnusableError(
            f"{self._file}: {error}; mend the disk or the folder's rights, or delete the file: "
            "texts are then translated anew"
        )


def _key(identity: str, pair: Pair, text: MarkedText) -> bytes:
    named = json.dumps([identity, pair.source, pair.target, to_html(text)], ensure_ascii=False)
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).digest()
