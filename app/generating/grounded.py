"""Answers that a generator writes from what people wrote, each sentence checked before use."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from threading import BoundedSemaphore
from time import monotonic

from app.answering.answer import AnswerKind
from app.answering.ports import KnowledgeIndex
from app.answering.remembering import RecentlyUsed
from app.answering.writing import Assignment, Passed, Purpose, Unwritten, UnwrittenError
from app.generating.attempts import Attempts
from app.generating.budgets import Budgets
from app.generating.checking import Checks
from app.generating.families import Family
from app.generating.prompt import PromptTooLongError, prompt_for
from app.grounding.fault import Fault
from models.generation import (
    GenerationLimits,
    GenerationTimedOutError,
    Generator,
    GeneratorBusyError,
    GeneratorError,
    GeneratorPausedError,
    GeneratorUnavailableError,
)

_LASTING = frozenset({Unwritten.NOT_TOLD, Unwritten.REFUSED})
"""What would come out again if the same was asked again."""

WRITTEN, PARTIAL = "written", "partial"


@dataclass(frozen=True, slots=True)
class PromptStyle:
    """How a model is asked.

    Attributes:
        family: Whose templates are taken.
        most_characters: Of a prompt.
    """

    family: Family
    most_characters: int


@dataclass(frozen=True, slots=True)
class WritingMeters:
    """Who is told what becomes of texts.

    Attributes:
        on_end: Told of each text's kind, and of its end: `written`, `partial`, or the reason.
        on_refused: Told of each sentence's fault.
        on_first: Told after how many seconds a text's first sentence had passed.
    """

    on_end: Callable[[AnswerKind, str], None] = lambda _kind, _result: None
    on_refused: Callable[[Fault], None] = lambda _: None
    on_first: Callable[[float], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class _Known:
    pieces: tuple[Passed, ...]
    reason: Unwritten | None = None
    message: str = ""

    def again(self) -> Iterator[Passed]:
        yield from self.pieces
        if self.reason is not None:
            raise UnwrittenError(self.reason, self.message)


class GroundedWriter:
    """Has a generator write from records, and passes on what the checks let through.

    Texts, and refusals, are remembered.

    Args:
        generator: Writes; is trusted with nothing.
        checks: Judge each sentence.
        budgets: Let texts be written.
        purposes: What it writes for.
        style: How the generator is asked.
        limits: For each text, all attempts together.
        at_once: How many texts may be written, or wait for the generator, at the same time; those
            beyond are not written, so that threads are left for answers that need no writing.
        remembered: How many texts are kept for questions asked again.
        meters: Told what becomes of texts.
        clock: Gives the time in seconds.
    """

    def __init__(
        self,
        generator: Generator,
        checks: Checks,
        budgets: Budgets,
        *,
        purposes: AbstractSet[Purpose],
        style: PromptStyle,
        limits: GenerationLimits,
        at_once: int = 4,
        remembered: int = 1024,
        meters: WritingMeters | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._checks = checks
        self._budgets = budgets
        self._purposes = purposes
        self._style = style
        self._meters = meters or WritingMeters()
        self._attempts = Attempts(generator, limits, clock, self._meters.on_refused)
        self._clock = clock
        self._at_once = at_once
        self._places = BoundedSemaphore(at_once)
        self._known: RecentlyUsed[Hashable, _Known] = RecentlyUsed(remembered)

    @property
    def kind(self) -> AnswerKind:
        """Its texts are GENERATED."""
        return AnswerKind.GENERATED

    def takes(self, assignment: Assignment) -> bool:
        """Tell whether it writes for this purpose, and there is something to write from."""
        return assignment.purpose in self._purposes and bool(assignment.records)

    def write(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        """Write a text; see `Writer.write`.

        Raises:
            UnwrittenError: There is no text, or it ends here, before its end.
        """
        asked = _asked(assignment, index)
        known = self._known.get(asked)
        if known is not None:
            yield from known.again()
            return
        passed: list[Passed] = []
        result: str | None = None
        try:
            started = self._clock()
            for piece in self._written(assignment, index):
                if not passed:
                    self._meters.on_first(self._clock() - started)
                passed.append(piece)
                result = PARTIAL
                yield piece
            result = WRITTEN
            self._known.put(asked, _Known(tuple(passed)))
        except UnwrittenError as error:
            result = result or error.reason
            if error.reason in _LASTING:
                self._known.put(asked, _Known(tuple(passed), error.reason, str(error)))
            raise
        finally:
            if result is not None:
                self._meters.on_end(self.kind, result)

    def _written(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        if not self._places.acquire(blocking=False):
            raise UnwrittenError(
                Unwritten.BUSY,
                f"{self._at_once} texts are being written or wait for it; raise POLYFAQ_THREADS, "
                "half of which may write",
            )
        try:
            yield from self._paid(assignment, index)
        finally:
            self._places.release()

    def _paid(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        try:
            prompt = prompt_for(assignment, self._style.family, self._style.most_characters)
        except PromptTooLongError as error:
            raise UnwrittenError(Unwritten.FAILED, str(error)) from None
        self._budgets.spend(assignment.conversation_id)
        check = self._checks.begin(
            index,
            prompt.records,
            assignment.reader,
            assignment.question,
            canaries=(prompt.boundary,),
            system_text=prompt.rules,
        )
        has_begun = False
        try:
            for piece in self._attempts.sentences(prompt, check):
                has_begun = True
                yield piece
        except GeneratorError as error:
            if not has_begun and isinstance(error, GeneratorUnavailableError | GeneratorBusyError):
                self._budgets.give_back(assignment.conversation_id)
            # Generators log what they fail on, but not that they are busy or left alone.
            is_logged = not isinstance(error, GeneratorBusyError | GeneratorPausedError)
            raise UnwrittenError(_reason(error), str(error), is_logged=is_logged) from None


def _reason(error: GeneratorError) -> Unwritten:
    if isinstance(error, GeneratorBusyError):
        return Unwritten.BUSY
    if isinstance(error, GenerationTimedOutError):
        return Unwritten.TIMED_OUT
    if isinstance(error, GeneratorUnavailableError):
        return Unwritten.UNAVAILABLE
    return Unwritten.FAILED


def _asked(assignment: Assignment, index: KnowledgeIndex) -> Hashable:
    texts = tuple(
        (each.id, each.lang, each.question, each.answer, each.url) for each in assignment.records
    )
    return index.id, assignment.question, assignment.reader, texts
