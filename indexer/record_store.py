"""The records of a generation, found on disk without reading the others."""

from __future__ import annotations

import mmap
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final, Self

import orjson

from indexer.errors import GenerationDamagedError
from indexer.record_lines import RecordKey, decode_record
from knowledge_base.entry import Record

_LINES: Final = "records.jsonl"
_POSITIONS: Final = "records.positions.json"
_KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class _Positions:
    """Where each record is: rows are ordered by entry, then language.

    Attributes:
        languages: The tags in use.
        rows: For each entry id the rows of its records.
        row_languages: For each row the position of its tag in `languages`.
        ends: For each row the byte after its line.
    """

    languages: tuple[str, ...]
    rows: Mapping[str, range]
    row_languages: array[int]
    ends: array[int]

    @classmethod
    def of(cls, lines: Mapping[RecordKey, bytes]) -> Self:
        languages = sorted({tag for _, tag in lines})
        numbers = {tag: number for number, tag in enumerate(languages)}
        counts = Counter(entry_id for entry_id, _ in lines)
        return cls(
            languages=tuple(languages),
            rows=_consecutive(counts, counts.values()),
            row_languages=array("H", (numbers[tag] for _, tag in lines)),
            ends=array("Q", accumulate(len(line) + 1 for line in lines.values())),
        )

    def to_json(self) -> bytes:
        return orjson.dumps(
            {
                "languages": self.languages,
                "entries": list(self.rows),
                "records": [len(rows) for rows in self.rows.values()],
                "row_languages": self.row_languages.tolist(),
                "ends": self.ends.tolist(),
            }
        )

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        values = orjson.loads(content)
        return cls(
            languages=tuple(values["languages"]),
            rows=_consecutive(values["entries"], values["records"]),
            row_languages=array("H", values["row_languages"]),
            ends=array("Q", values["ends"]),
        )


def _consecutive(entries: Iterable[str], counts: Iterable[int]) -> dict[str, range]:
    bounds = pairwise(accumulate(counts, initial=0))
    return {entry: range(*bound) for entry, bound in zip(entries, bounds, strict=True)}


class RecordStore:
    """Reads records on demand from a mapped file; safe to be used by many threads.

    Memory holds the entry ids, ten bytes a record, and the records that were asked for last.
    """

    def __init__(self, lines: mmap.mmap | bytes, positions: _Positions) -> None:
        self._lines = lines
        self._positions = positions
        self._at = lru_cache(maxsize=_KEPT)(self._decode)

    @staticmethod
    def write(folder: Path, lines: Mapping[RecordKey, bytes]) -> None:
        """Write encoded records, in the order `encode_records` gives them, into a folder."""
        with (folder / _LINES).open("wb") as file:
            file.writelines(line + b"\n" for line in lines.values())
        (folder / _POSITIONS).write_bytes(_Positions.of(lines).to_json())

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the records in a folder.

        Raises:
            GenerationDamagedError: When the files do not fit each other.
            OSError: When they cannot be read.
        """
        try:
            positions = _Positions.from_json((folder / _POSITIONS).read_bytes())
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise GenerationDamagedError(
                f"{folder / _POSITIONS} is not a list of record positions ({error}). "
                "Run `polyfaq index --full` to build a new generation."
            ) from error
        with (folder / _LINES).open("rb") as file:
            size = file.seek(0, 2)
            expected = positions.ends[-1] if positions.ends else 0
            if size != expected or len(positions.row_languages) != len(positions.ends):
                raise GenerationDamagedError(
                    f"{folder / _LINES} has {size} bytes where {expected} were written. "
                    "Run `polyfaq index --full` to build a new generation."
                )
            lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        return cls(lines, positions)

    def __len__(self) -> int:
        return len(self._positions.ends)

    def languages_of(self, entry_id: str) -> tuple[str, ...]:
        """Tags of an entry's records, in order; empty for an unknown entry."""
        positions = self._positions
        return tuple(
            positions.languages[positions.row_languages[row]] for row in self._rows(entry_id)
        )

    def record(self, entry_id: str, lang: str) -> Record | None:
        """The record of an entry in exactly this language."""
        positions = self._positions
        for row in self._rows(entry_id):
            if positions.languages[positions.row_languages[row]] == lang:
                return self._at(row)
        return None

    def records_of(self, entry_id: str) -> dict[str, Record]:
        """An entry's records by language; empty for an unknown entry."""
        return {record.lang: record for record in map(self._at, self._rows(entry_id))}

    def __iter__(self) -> Iterator[Record]:
        """Every record, by entry and language; none of them is kept in memory."""
        return map(self._decode, range(len(self)))

    def lines(self) -> dict[RecordKey, bytes]:
        """Every record as it is encoded, by entry and language."""
        positions = self._positions
        found: dict[RecordKey, bytes] = {}
        for entry_id in positions.rows:
            for row, lang in zip(self._rows(entry_id), self.languages_of(entry_id), strict=True):
                found[entry_id, lang] = self._line(row)
        return found

    def _rows(self, entry_id: str) -> range:
        return self._positions.rows.get(entry_id, range(0))

    def _line(self, row: int) -> bytes:
        ends = self._positions.ends
        return self._lines[ends[row - 1] if row else 0 : ends[row] - 1]

    def _decode(self, row: int) -> Record:
        return decode_record(self._line(row))
