"""What a conversion would write over, or mix with what it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge_base.entry import Location
from knowledge_base.problems import Code, Problem, Severity
from knowledge_base.writing import is_for_pages

_NAMED = 3


def in_the_way(
    source: Path, target: Path, files: Sequence[Path], *, replace: bool
) -> list[Problem]:
    """Find what speaks against writing some files; nothing is touched.

    Content beside its own source would hold every entry twice, and a source written over is lost
    with its comments: neither is ever right. What else is there may be meant to be replaced.

    Args:
        source: The file or folder that the content is read from.
        target: As it was named.
        files: What would be written there.
        replace: Whether what is there already may be written over.

    Returns:
        Problems, each an error; none where all may be written.
    """
    pages = is_for_pages(target)
    if pages and _is_within(source, target):
        message = f"the content is read from {source}, within this folder; name another folder"
        return [_problem(message, target)]
    mixed = [path for path in files if _is_within(path, source)]
    if mixed:
        where = "from it" if source.is_file() else f"from {source}, where it would stand twice"
        return [_problem(f"the content is read {where}; write elsewhere", mixed[0])]
    if replace:
        return []
    if pages and target.is_dir() and any(target.iterdir()):
        message = (
            "the folder is not empty; name a new one, or write among what is there with --force"
        )
        return [_problem(message, target)]
    there = [path for path in files if path.exists() or path.is_symlink()]
    if not there:
        return []
    others = "" if len(there) == 1 else f", as are {_listed(there[1:])}"
    message = f"the file is there already{others}; name another target, or replace it with --force"
    return [_problem(message, there[0])]


def _is_within(path: Path, place: Path) -> bool:
    return any(_are_same(each, place) for each in _upwards(path.resolve()))


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents


def _are_same(one: Path, other: Path) -> bool:
    # Names alone do not tell: links, and disks that make nothing of capitals.
    return one.exists() and other.exists() and one.samefile(other)


def _listed(paths: Sequence[Path]) -> str:
    named = ", ".join(str(path) for path in paths[:_NAMED])
    more = len(paths) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


def _problem(message: str, path: Path) -> Problem:
    return Problem(Severity.ERROR, Code.IN_THE_WAY, message, Location(str(path)))
