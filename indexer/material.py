"""What a build is made from: content and golden questions, read and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.build_report import BuildRequest
from knowledge_base.checks import check_presence, check_records
from knowledge_base.entry import Record, Status
from knowledge_base.files import SourceFile, read_content
from knowledge_base.golden import GoldenQuestion, check_golden, read_golden
from knowledge_base.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Material:
    """Content and golden questions as they were read.

    Attributes:
        records: Every record without fault of its own.
        servable: Those that visitors may see on some day, by language, then by entry.
        questions: Golden questions without fault.
        problems: Every fault met while reading.
        files: The content files.
    """

    records: tuple[Record, ...]
    servable: tuple[Record, ...]
    questions: tuple[GoldenQuestion, ...]
    problems: tuple[Problem, ...]
    files: tuple[SourceFile, ...]

    @property
    def held_back(self) -> Mapping[str, int]:
        """Number of drafts and archived records by language."""
        return Counter(
            record.lang for record in self.records if record.status is not Status.APPROVED
        )


def read_material(request: BuildRequest) -> Material:
    """Read the content files and golden questions of a request.

    Raises:
        MissingPathError: When one of the paths does not exist.
    """
    content = read_content(request.content, request.limits)
    questions: tuple[GoldenQuestion, ...] = ()
    problems: tuple[Problem, ...] = ()
    if request.golden is not None:
        questions, problems = read_golden(request.golden, request.limits)
    approved = (record for record in content.records if record.status is Status.APPROVED)
    return Material(
        records=content.records,
        servable=tuple(sorted(approved, key=lambda record: (record.lang, record.id))),
        questions=questions,
        problems=(*content.problems, *problems),
        files=content.files,
    )


def check_material(material: Material, request: BuildRequest) -> tuple[Problem, ...]:
    """Everything wrong with what was read, each by itself and all together."""
    problems = [
        *material.problems,
        *check_records(
            material.records,
            default_language=request.default_language,
            today=request.today,
            limits=request.limits,
            identify=request.identify,
        ),
        *check_golden(material.questions, material.records),
    ]
    if not any(each.severity is Severity.ERROR for each in problems):
        problems += check_presence(material.records, request.content)
    return tuple(problems)
