"""Entries into drafts: cut, translated, put together, judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.translating.markdown_text import CutMarkdown
from app.translating.memory import TranslationMemory
from app.translating.plain_text import CutPlainText
from app.translating.planning import Job
from app.translating.protecting import Protection
from app.translating.refusal import Reason, Refusal, RefusedError
from app.translating.routes import Route
from app.translating.verifying import Candidate, verify
from knowledge_base import texts
from knowledge_base.amending.draft import Draft
from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.glossary import Glossary
from knowledge_base.limits import Limits
from models.marked_text import MarkedText
from models.translation import Translated, TranslationFailedError, Translator

_FAILURES_IN_A_ROW = 3
_LIMITS = Limits()


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
    cut: CutMarkdown | CutPlainText | None
    refusal: RefusedError | None = None


class Drafter:
    """Makes drafts with a translator, and asks it for nothing twice.

    Attributes:
        translated: How many texts the translator translated.
        remembered: How many did not have to be.
    """

    def __init__(
        self,
        translator: Translator,
        memory: TranslationMemory,
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
        self._translator = translator
        self._memory = memory
        self._glossary = glossary
        self._identify = identify
        self._protections: dict[tuple[str, str], Protection] = {}
        self._failures = 0
        self.translated = 0
        self.remembered = 0

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
                for segment in field.cut.segments if field.cut is not None else ():
                    wanted.setdefault(job.route, {})[segment.text] = None
        found: dict[tuple[Route, MarkedText], Translated] = {}
        for route, asked in wanted.items():
            for text, translation in self._along(route, list(asked)).items():
                found[route, text] = translation
        return found

    def _along(self, route: Route, asked: Sequence[MarkedText]) -> dict[MarkedText, Translated]:
        """Translate texts by one pair after the other; words unknown to either are unknown."""
        done = {text: Translated(text) for text in asked}
        identity = self._translator.identity
        for pair in route:
            step: dict[MarkedText, Translated] = {}
            missing: list[MarkedText] = []
            for text in dict.fromkeys(translated.text for translated in done.values()):
                known = self._memory.find(identity, pair, text)
                if known is None:
                    missing.append(text)
                else:
                    step[text] = known
            self.remembered += len(step)
            if missing:
                made = self._translator.translate(missing, pair)
                fresh = dict(zip(missing, made, strict=True))
                self._memory.keep(identity, pair, fresh)
                self.translated += len(fresh)
                step |= fresh
            done = {
                text: replace(
                    step[before.text], unknown=max(before.unknown, step[before.text].unknown)
                )
                for text, before in done.items()
            }
        return done

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
        if field.cut is None:
            raise field.refusal or RefusedError(Reason.STRUCTURE, "it cannot be taken apart")
        parts = [found[job.route, segment.text] for segment in field.cut.segments]
        is_answer = field.name == "answer"
        finished = field.cut.finished([part.text for part in parts])
        text = texts.block(finished) if is_answer else texts.one_line(finished)
        bad = texts.forbidden_character(text)
        if bad is not None:
            raise RefusedError(Reason.STRUCTURE, f"it holds the control character {bad}")
        most = _LIMITS.answer_characters if is_answer else _LIMITS.question_characters
        if len(text) > most:
            raise RefusedError(Reason.LENGTH, f"it has over {most} characters")
        unknown = sum(part.unknown for part in parts)
        candidate = Candidate(field.cut.source(), text, job.lang, unknown, is_answer)
        verify(candidate, self._identify)
        return text


def _fields(job: Job, protection: Protection) -> list[_Field]:
    source = job.source
    fields = [_Field("question", CutPlainText(source.question, protection))]
    try:
        fields.append(_Field("answer", CutMarkdown(source.answer, protection)))
    except RefusedError as error:
        fields.append(_Field("answer", None, error))
    return [
        *fields,
        *(_Field("alternates", CutPlainText(each, protection)) for each in source.alternates),
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
