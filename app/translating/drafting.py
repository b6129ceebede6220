"""Entries into drafts: cut, translated, put together, judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.translating.cut_text import CutText
from app.translating.planning import Job
from app.translating.protecting import Protection
from app.translating.refusal import Reason, Refusal, RefusedError
from app.translating.remembering import Memory, RememberingTranslator
from app.translating.routes import Route
from knowledge_base.amending.draft import Draft
from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.glossary import Glossary
from models.marked_text import MarkedText
from models.translation import Translated, TranslationFailedError, Translator

_FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of a job.

    Attributes:
        job: The job.
        draft: None where the question or the answer was refused.
        refused: What was not translated, and why.
    """

    job: Job
    draft: Draft | None
    refused: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """A text of a job: where it stands, and its parts; or why it cannot be taken apart."""

    name: str
    text: CutText | RefusedError

    @property
    def parts(self) -> tuple[MarkedText, ...]:
        return self.text.parts if isinstance(self.text, CutText) else ()


class Drafter:
    """Makes drafts with a translator, and asks it for nothing twice."""

    def __init__(
        self,
        translator: Translator,
        memory: Memory,
        glossary: Glossary,
        identify: Callable[[str], str] | None,
    ) -> None:
        """Take what is needed.

        Args:
            translator: Translates.
            memory: Knows what it translated before.
            glossary: Terms that stay, or are settled.
            identify: Tells the language of a text as a tag, or `und`.
        """
        self._translator = RememberingTranslator(translator, memory)
        self._glossary = glossary
        self._identify = identify
        self._protections: dict[tuple[str, str], Protection] = {}
        self._failures = 0

    @property
    def translated(self) -> int:
        """How many texts the translator translated."""
        return self._translator.translated

    @property
    def remembered(self) -> int:
        """How many did not have to be."""
        return self._translator.remembered

    @property
    def texts_at_once(self) -> int:
        """How many texts the translator is best given together."""
        return self._translator.texts_at_once

    def draft(self, jobs: Sequence[Job]) -> list[Drafted]:
        """Make drafts.

        A translator that fails on all of them together is asked for each alone.

        Raises:
            TranslatorError: It cannot be used, or failed for the third time in a row.
            MemoryUnusableError: What was translated cannot be remembered.
        """
        fields = [_fields(job, self._protection(job.source.lang, job.lang)) for job in jobs]
        try:
            found = self._translate(jobs, fields)
        except TranslationFailedError as error:
            if len(jobs) > 1:
                return [drafted for job in jobs for drafted in self.draft([job])]
            self._failures += 1
            if self._failures >= _FAILURES_IN_A_ROW:
                raise
            return [Drafted(jobs[0], None, (_refusal(jobs[0], None, Reason.FAILED, str(error)),))]
        self._failures = 0
        return [self._finish(job, own, found) for job, own in zip(jobs, fields, strict=True)]

    def _protection(self, source: str, target: str) -> Protection:
        known = self._protections.get((source, target))
        if known is None:
            known = Protection.between(self._glossary, source, target)
            self._protections[source, target] = known
        return known

    def _translate(
        self, jobs: Sequence[Job], fields: Sequence[Sequence[_Field]]
    ) -> dict[tuple[Route, MarkedText], Translated]:
        wanted: dict[Route, dict[MarkedText, None]] = {}
        for job, own in zip(jobs, fields, strict=True):
            for field in own:
                for part in field.parts:
                    wanted.setdefault(job.route, {})[part] = None
        found: dict[tuple[Route, MarkedText], Translated] = {}
        for route, asked in wanted.items():
            for text, translation in self._translator.along(route, list(asked)).items():
                found[route, text] = translation
        return found

    def _finish(
        self,
        job: Job,
        fields: Sequence[_Field],
        found: dict[tuple[Route, MarkedText], Translated],
    ) -> Drafted:
        refused: list[Refusal] = []
        made: list[tuple[str, str]] = []
        for field in fields:
            try:
                made.append((field.name, self._text(job, field, found)))
            except RefusedError as error:
                refused.append(_refusal(job, field.name, error.reason, str(error)))
        question = "".join(text for name, text in made if name == "question")
        answer = "".join(text for name, text in made if name == "answer")
        alternates = dict.fromkeys(text for name, text in made if name == "alternates")
        alternates.pop(question, None)
        record = None
        if question and answer:
            record = _record(job, question, answer, tuple(alternates))
        draft = None if record is None else Draft(record, job.source)
        return Drafted(job, draft, tuple(refused))

    def _text(
        self,
        job: Job,
        field: _Field,
        found: dict[tuple[Route, MarkedText], Translated],
    ) -> str:
        if isinstance(field.text, RefusedError):
            raise field.text
        parts = [found[job.route, part] for part in field.parts]
        return field.text.translation(parts, job.lang, self._identify)


def _fields(job: Job, protection: Protection) -> list[_Field]:
    source = job.source
    answer: CutText | RefusedError
    try:
        answer = CutText.answer(source.answer, protection)
    except RefusedError as error:
        answer = error
    return [
        _Field("question", CutText.question(source.question, protection)),
        _Field("answer", answer),
        *(_Field("alternates", CutText.question(each, protection)) for each in source.alternates),
    ]


def _record(job: Job, question: str, answer: str, alternates: tuple[str, ...]) -> Record:
    return replace(
        job.source,
        lang=job.lang,
        question=question,
        answer=answer,
        alternates=alternates,
        origin=Origin.MACHINE,
        status=Status.DRAFT,
        source_hash=source_hash(job.source.question, job.source.answer),
        location=None,
    )


def _refusal(job: Job, field: str | None, reason: Reason, message: str) -> Refusal:
    return Refusal(job.source.id, job.lang, field, reason, message)
