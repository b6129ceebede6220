"""What is asked of a build of the index, and what it tells afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self

from indexer.build_steps import StepTiming
from indexer.diff import ContentDiff
from indexer.gate import Gate
from indexer.golden import (
    AnswerChange,
    GoldenAnswer,
    GoldenSummary,
    Verdict,
    changed_answers,
    summarise,
)
from indexer.moved_answers import MovedAnswer, describe_moved
from indexer.passages import PassageKind
from knowledge_base.limits import Limits
from knowledge_base.problems import Problem, Severity


class BuildOutcome(StrEnum):
    """How a build ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    DRY_RUN = "dry_run"
    INVALID = "invalid"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What to build.

    Attributes:
        content: Files and folders to read.
        default_language: The language every entry is expected in, a canonical tag.
        today: The day on which periods of validity are judged.
        golden: File of golden questions; None when there are none.
        limits: Bounds on content.
        gate: What golden questions must show.
        identify: Tells the language of a text as a tag, or `und`; None checks no languages.
        keep: How many of the latest generations are kept.
        seed: Decides everything drawn by chance.
        dry_run: Do everything but publish.
        full: Build although nothing has changed, and embed everything anew.
        force: Publish although the gate objects.
    """

    content: tuple[Path, ...]
    default_language: str
    today: date
    golden: Path | None = None
    limits: Limits = field(default_factory=Limits)
    gate: Gate = field(default_factory=Gate)
    identify: Callable[[str], str] | None = None
    keep: int = 5
    seed: int = 0
    dry_run: bool = False
    full: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """One language of a build.

    Attributes:
        lang: BCP 47 tag.
        entries: Number of entries with an approved text in it.
        held_back: Number of drafts and archived texts, which are not indexed.
        passages: Number of passages.
        embedded: How many of them had no vector yet.
        added: Number of entries that have come.
        changed: Number of entries that differ.
        removed: Number of entries that have gone.
    """

    lang: str
    entries: int
    held_back: int
    passages: int
    embedded: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class TruncatedPassage:
    """A passage that the model read only the beginning of."""

    entry_id: str
    lang: str
    kind: PassageKind


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """What became of the golden questions.

    Attributes:
        answers: One a question.
        changes: Those that the live generation treats differently; what broke comes first.
        objections: Why the gate refuses; empty when it does not.
        before: The live generation's results on the same questions, if there is one.
    """

    answers: tuple[GoldenAnswer, ...]
    changes: tuple[AnswerChange, ...]
    objections: tuple[str, ...]
    before: GoldenSummary | None

    @classmethod
    def of(
        cls, before: Sequence[GoldenAnswer], after: Sequence[GoldenAnswer], gate: Gate
    ) -> Self | None:
        """Compare what two indexes make of the same questions.

        Args:
            before: Of the live generation; empty when there is none to ask.
            after: Of the new one.
            gate: What must be shown.

        Returns:
            The comparison; None when nothing was asked.
        """
        if not after:
            return None
        counted = summarise(before) if before else None
        return cls(
            answers=tuple(after),
            changes=changed_answers(before, after),
            objections=(
                *gate.objections(counted, summarise(after)),
                *gate.objections_about_entries(before, after),
            ),
            before=counted,
        )

    @property
    def summary(self) -> GoldenSummary:
        """The answers counted."""
        return summarise(self.answers)

    @property
    def wrong(self) -> tuple[GoldenAnswer, ...]:
        """The answers that are wrong."""
        return tuple(answer for answer in self.answers if answer.verdict is Verdict.WRONG)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """How a build went.

    Attributes:
        outcome: How it ended.
        generation: The generation that serves now; None when there is none.
        previous: The generation that served before; None when there was none.
        live_fault: Why what serves could not be compared with; None when it could, or when there
            was nothing.
        problems: Everything found in content and golden questions.
        diff: What differs from what served before.
        languages: One item a language, in order of their tags.
        embedded: Number of distinct texts that had to be embedded.
        reused: Number of passages whose vectors were at hand.
        truncated: Passages that the model read only the beginning of.
        confidence: What was learnt of how sure answers are, in words; None where nothing was.
        golden: What became of the golden questions; None when there are none.
        moved: Answers that stand at other entries than before.
        pruned: Generations removed because newer ones were kept.
        timings: The steps taken, in order.
    """

    outcome: BuildOutcome
    generation: str | None
    previous: str | None
    live_fault: str | None = None
    problems: tuple[Problem, ...] = ()
    diff: ContentDiff = field(default_factory=ContentDiff)
    languages: tuple[LanguageReport, ...] = ()
    embedded: int = 0
    reused: int = 0
    truncated: tuple[TruncatedPassage, ...] = ()
    confidence: str | None = None
    golden: GoldenReport | None = None
    moved: tuple[MovedAnswer, ...] = ()
    pruned: tuple[str, ...] = ()
    timings: tuple[StepTiming, ...] = ()

    @property
    def objections(self) -> tuple[str, ...]:
        """Why it is not published unless that is forced; empty when nothing speaks against it."""
        moved = (describe_moved(self.moved),) if self.moved else ()
        return (*moved, *(self.golden.objections if self.golden is not None else ()))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the content from being published."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)
