"""Content files and folders in, records and problems out; and records back into files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from knowledge_base.entry import Location, Record
from knowledge_base.formats import SUFFIXES, FormatName, format_of, load
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, MissingPathError, Problem, Severity
from knowledge_base.reading import Reading, ReadingStoppedError
from knowledge_base.writing import write_content, write_file

__all__ = ["Content", "SourceFile", "read_content", "read_file", "write_content", "write_file"]

_PASSED_OVER = (".*", "glossary.csv", "golden*.jsonl", "readme*")
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that content was read from.

    Attributes:
        path: The file, as reached from the path that was asked for.
        sha256: Hexadecimal digest of its bytes.
        size: Its length in bytes.
    """

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """What was found in content files.

    Attributes:
        records: Every record without fault, in the order of the files.
        problems: Every fault.
        files: The files read.
    """

    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
    files: tuple[SourceFile, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the content from being published."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def has_errors(self) -> bool:
        """Whether any problem keeps the content from being published."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


def read_content(paths: Sequence[Path], limits: Limits = _DEFAULT_LIMITS) -> Content:
    """Read files, and folders with all below them.

    In folders, hidden files, `README*`, `golden*.jsonl` and `glossary.csv` are passed over, and so
    is, with a note, whatever has no suffix of ours. A link that leads out of its folder is an
    error.

    Raises:
        MissingPathError: A path does not exist. Faults of the content never raise.
    """
    for path in paths:
        if not path.exists():
            raise MissingPathError(path)
    reader = _Reader(limits)
    for path in paths:
        reader.read_path(path)
    return Content(tuple(reader.records), tuple(reader.problems), tuple(reader.files))


def read_file(path: Path, limits: Limits = _DEFAULT_LIMITS) -> Content:
    """Read one content file.

    Raises:
        MissingPathError: The file does not exist. Faults of the content never raise.
    """
    return read_content([path], limits)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.records: list[Record] = []
        self.problems: list[Problem] = []
        self.files: list[SourceFile] = []
        self._bytes = 0

    def read_path(self, path: Path) -> None:
        if not path.is_dir():
            self._read_file(path, Path(path.name))
            return
        for file in self._walk(path):
            if len(self.files) >= self.limits.files:
                self._note(Code.TOO_MANY, f"there are more than {self.limits.files} files", path)
                return
            self._read_file(file, file.relative_to(path))

    def _walk(self, folder: Path) -> Iterator[Path]:
        """Find a folder's content files in order, never leaving it through a link."""
        root = folder.resolve()
        for parent, folders, names in os.walk(folder):
            here = Path(parent)
            for name in sorted(folders):
                if (here / name).is_symlink() and not name.startswith("."):
                    self._check_link(here / name, root)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                file = here / name
                if any(fnmatch(name.casefold(), pattern) for pattern in _PASSED_OVER):
                    continue
                if file.is_symlink() and not self._check_link(file, root):
                    continue
                if format_of(file) is None:
                    self._note(
                        Code.SKIPPED_FILE,
                        f"the file is no content and is left out (content is {_suffixes()})",
                        file,
                        Severity.INFO,
                    )
                    continue
                yield file

    def _check_link(self, link: Path, root: Path) -> bool:
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            self._note(Code.UNSAFE_PATH, "the link leads nowhere; delete or mend it", link)
            return False
        if target.is_relative_to(root):
            return True
        self._note(
            Code.UNSAFE_PATH,
            "the link leads out of the content folder; put the file itself in its place",
            link,
        )
        return False

    def _read_file(self, path: Path, relative: Path) -> None:
        name = format_of(path)
        if name is None:
            self._note(
                Code.UNKNOWN_FORMAT, f"{path.suffix or 'no suffix'} is none of {_suffixes()}", path
            )
            return
        data = self._bytes_of(path, name)
        if data is None:
            return
        self.files.append(SourceFile(path, hashlib.sha256(data).hexdigest(), len(data)))
        reading = Reading(
            _named(path),
            self.limits,
            relative=relative.with_suffix("").as_posix(),
            room=self.limits.records - len(self.records),
        )
        with suppress(ReadingStoppedError):
            load(name).read(data, reading)
        self.records += reading.records
        self.problems += reading.problems

    def _bytes_of(self, path: Path, name: FormatName) -> bytes | None:
        most = self.limits.html_bytes if name is FormatName.HTML else self.limits.file_bytes
        try:
            # A named pipe without a writer would keep an ordinary open waiting for ever.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                state = os.fstat(file.fileno())
                if not stat.S_ISREG(state.st_mode):
                    self._note(Code.UNREADABLE_FILE, "this is no regular file; replace it", path)
                    return None
                # A file that is still growing may be larger by now than it says.
                data = file.read(most + 1) if state.st_size <= most else None
        except OSError as error:
            self._note(Code.UNREADABLE_FILE, f"cannot be read: {error.strerror}", path)
            return None
        if data is None or len(data) > most:
            self._note(Code.TOO_LARGE, f"the file is larger than {most} bytes; split it", path)
            return None
        self._bytes += len(data)
        if self._bytes > self.limits.content_bytes:
            self._note(
                Code.TOO_LARGE,
                f"all files together are larger than {self.limits.content_bytes} bytes; "
                "split the knowledge base",
                path,
            )
            return None
        return data

    def _note(
        self, code: Code, message: str, path: Path, severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(Problem(severity, code, message, Location(_named(path))))


def _named(path: Path) -> str:
    """Name a file in UTF-8, even one whose name is none."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _suffixes() -> str:
    return ", ".join(SUFFIXES)
