"""Content from one format into another, with an account of what the other could not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from knowledge_base.entry import Record
from knowledge_base.files import read_content
from knowledge_base.limits import Limits
from knowledge_base.overwriting import in_the_way
from knowledge_base.problems import Code, ContentError, Problem, Severity
from knowledge_base.writing import files_of, write_content

_DEFAULT_LIMITS = Limits()
_VALUES = tuple(part.name for part in fields(Record) if part.name not in {"id", "lang", "location"})


@dataclass(frozen=True, slots=True)
class ConversionReport:
    """What a conversion did.

    Attributes:
        records: The number of records written.
        files: The files written.
        problems: What was found wrong in the source, none of it an error, and as `loss` what the
            target does not hold: one problem per field, and one for records lost as a whole.
    """

    records: int
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]

    @property
    def losses(self) -> tuple[Problem, ...]:
        """What the target does not hold."""
        return tuple(problem for problem in self.problems if problem.code is Code.LOSS)


def convert(
    source: Path, target: Path, limits: Limits = _DEFAULT_LIMITS, *, replace: bool = False
) -> ConversionReport:
    """Read content and write it as the target's name says, then read it back and compare.

    Targets: a file; a name with `{lang}`, a file per language; `NAME.wide.csv`, a row per entry;
    a folder, a Markdown page per record.

    Args:
        source: A file or folder.
        target: Where to write; never over the source, nor within it.
        limits: Bounds on what is read.
        replace: Whether to write over other files that are there.

    Raises:
        MissingPathError: The source does not exist.
        ContentError: The source has errors, the target cannot hold it, or something is there
            already; nothing is written.
        OSError: The target cannot be written.
    """
    content = read_content([source], limits)
    if content.has_errors:
        raise ContentError(content.errors)
    repeated = repeated_records(content.records)
    if repeated:
        raise ContentError(repeated)
    planned = tuple(files_of(content.records, target))
    if problems := in_the_way(source, target, planned, replace=replace):
        raise ContentError(problems)
    files = write_content(content.records, target)
    losses = _losses(content.records, read_content(files, limits).records)
    return ConversionReport(len(content.records), files, (*content.problems, *losses))


def repeated_records(records: Sequence[Record]) -> list[Problem]:
    """Find entries with several texts in one language, which no program could tell apart."""
    counts = Counter((record.id, record.lang) for record in records)
    return [
        Problem(
            Severity.ERROR,
            Code.DUPLICATE_ENTRY,
            "the entry has several texts in this language; delete all but one",
            record.location,
            record.id,
            record.lang,
            "id",
        )
        for record in records
        if counts[record.id, record.lang] > 1
    ]


def _losses(before: Sequence[Record], after: Sequence[Record]) -> list[Problem]:
    kept: Mapping[tuple[str, str], Record] = {(record.id, record.lang): record for record in after}
    gone = [record for record in before if (record.id, record.lang) not in kept]
    changed: Counter[str] = Counter()
    for record in before:
        written = kept.get((record.id, record.lang))
        if written is not None and written != record:
            changed.update(
                name for name in _VALUES if getattr(record, name) != getattr(written, name)
            )
    losses = [
        _loss(f"the target does not hold {name} of {count} records; keep the source", name)
        for name, count in changed.items()
    ]
    if gone:
        example = f"{gone[0].id} {gone[0].lang}"
        losses.append(_loss(f"{len(gone)} records are not in the target, {example} among them"))
    return losses


def _loss(message: str, field: str | None = None) -> Problem:
    return Problem(Severity.WARNING, Code.LOSS, message, field=field)
