"""From content to drafts in content files: one visible path, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from app.translating.drafting import Drafted, Drafter
from app.translating.planning import Job, Plan
from app.translating.refusal import Reason, Refusal
from knowledge_base.amending.amendment import amend
from knowledge_base.amending.draft import AmendmentError, Draft
from knowledge_base.amending.placing import Places
from knowledge_base.entry import Record
from knowledge_base.problems import ContentError
from models.translation import TranslatorError


class TranslationProgress(Protocol):
    """Told of the work while it goes on."""

    def translating(self, total: int) -> None:
        """Begin with so many texts of entries."""

    def translated(self, count: int) -> None:
        """Note that so many more are done."""


@dataclass(slots=True)
class TranslationReport:
    """What a run did.

    Attributes:
        plan: What there was to do.
        kept: The drafts written, in the order of the content.
        refused: What was not translated, and why; an entry may be kept without some alternates.
        files: The files that drafts were written to.
        translated: How many texts the translator translated.
        remembered: How many it had translated before.
        failure: Why the rest was given up; None where all was tried.
    """

    plan: Plan
    kept: list[Record] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    translated: int = 0
    remembered: int = 0
    failure: str | None = None


def translate_content(
    plan: Plan,
    drafter: Drafter,
    places: Places,
    progress: TranslationProgress,
) -> TranslationReport:
    """Make what is planned, and write it as it is made.

    However this ends, every file is whole and has every draft that was finished before. A
    translator that cannot be used any more ends it early.

    Args:
        plan: What to do.
        drafter: Makes drafts.
        places: Knows which file a draft belongs in.
        progress: Told of the work.

    Raises:
        MemoryUnusableError: Translations cannot be remembered.
        OSError: A file cannot be written.
    """
    report = TranslationReport(plan, refused=list(plan.refused))
    progress.translating(len(plan.jobs))
    for jobs in _batches(plan.jobs, drafter.texts_at_once):
        try:
            drafted = drafter.draft(jobs)
        except TranslatorError as error:
            report.failure = str(error)
            break
        report.refused += [refusal for each in drafted for refusal in each.refused]
        _write(drafted, places, report)
        report.translated, report.remembered = drafter.translated, drafter.remembered
        progress.translated(len(jobs))
    return report


def _batches(jobs: Sequence[Job], texts_at_once: int) -> Iterator[list[Job]]:
    """Group what shares one call of the translator and one writing: an entry at least."""
    batch: list[Job] = []
    size = 0
    for job in jobs:
        own = 2 + len(job.source.alternates)
        if batch and size + own > texts_at_once:
            yield batch
            batch, size = [], 0
        batch.append(job)
        size += own
    if batch:
        yield batch


def _write(drafted: Sequence[Drafted], places: Places, report: TranslationReport) -> None:
    by_file: dict[Path, list[Draft]] = {}
    for each in drafted:
        if each.draft is not None:
            file = places.of(each.job.source, each.job.lang, each.job.replaced)
            by_file.setdefault(file, []).append(each.draft)
    for file, drafts in by_file.items():
        _write_file(file, drafts, places.root, report)


def _write_file(file: Path, drafts: Sequence[Draft], root: Path, report: TranslationReport) -> None:
    try:
        written = amend(file, drafts, root=root)
    except (AmendmentError, ContentError) as error:
        if len(drafts) == 1:
            report.refused.append(_unwritable(drafts[0], str(error)))
        else:
            for draft in drafts:
                _write_file(file, [draft], root, report)
        return
    report.kept += [draft.record for draft in written]
    report.refused += [
        _unwritable(draft, f"{file} has a text of people there by now")
        for draft in drafts
        if draft not in written
    ]
    if written and file not in report.files:
        report.files.append(file)


def _unwritable(draft: Draft, message: str) -> Refusal:
    return Refusal(draft.record.id, draft.record.lang, None, Reason.UNWRITABLE, message)
