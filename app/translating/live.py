"""Answers translated while a visitor waits: verified, remembered, within bounds."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from time import monotonic

from app.answering.answer import AnswerKind
from app.answering.ports import KnowledgeIndex
from app.answering.remembering import RecentlyUsed
from app.answering.writing import Assignment, Passed, Purpose, Unwritten, UnwrittenError
from app.translating.answers import Means, TranslatedAnswer, sources_of, translate_answer
from app.translating.refusal import Reason, RefusedError
from app.translating.remembering import Memory
from app.translating.shared_work import SharedWork, TooMuchWorkError
from knowledge_base.entry import Record
from models.circuit_breaker import CircuitBreaker
from models.translation import (
    TranslationTimedOutError,
    TranslatorBusyError,
    TranslatorError,
    TranslatorUnavailableError,
)

WRITTEN = "written"
"""What is counted of a text that was translated; others are counted by why they were not."""

_LOG = logging.getLogger(__name__)
_ANSWERS_KEPT = 2048


@dataclass(frozen=True, slots=True)
class _Unfit:
    """An answer that has no translation."""

    reason: Unwritten
    message: str


_Outcome = TranslatedAnswer | _Unfit


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What was found out for a generation of the index.

    Attributes:
        generation: Its id.
        means: What it takes to translate.
        answers: What is known of answers, by their texts and the reader's language.
    """

    generation: str
    means: Means
    answers: RecentlyUsed[Hashable, _Outcome] = field(
        default_factory=lambda: RecentlyUsed(_ANSWERS_KEPT)
    )


class LiveTranslation:
    """Translates the answer of the entry that answers into the reader's language.

    The translator is asked what it knows when a generation's first answer needs it, and again
    where that failed. A translation that takes too long for its visitor is finished for the next.
    """

    kind = AnswerKind.TRANSLATED

    def __init__(
        self,
        prepare: Callable[[Sequence[str]], Means],
        memory: Memory,
        *,
        seconds: float,
        work: SharedWork[_Outcome] | None = None,
        breaker: CircuitBreaker | None = None,
        on_written: Callable[[AnswerKind, str], None] = lambda *_: None,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Take what is needed; nothing is started or asked yet.

        Args:
            prepare: Finds out what it takes to translate from a generation's languages; may be
                slow, and may raise `TranslatorError`.
            memory: Knows what was translated before.
            seconds: How long a visitor waits.
            work: Bounds how much is done at once.
            breaker: Leaves the translator alone when it keeps failing.
            on_written: Told of each text that is not remembered: `WRITTEN`, or why there is none.
            today: The day that validity is judged by.
            clock: Gives the time in seconds.
        """
        self._prepare = prepare
        self._memory = memory
        self._seconds = seconds
        self._work: SharedWork[_Outcome] = work or SharedWork(at_once=2, most_waiting=4)
        self._breaker = breaker or CircuitBreaker()
        self._on_written = on_written
        self._today = today
        self._clock = clock
        self._preparing = Lock()
        self._prepared: _Prepared | None = None

    def takes(self, assignment: Assignment) -> bool:
        """Take what exists in another language alone."""
        return assignment.purpose is Purpose.LANGUAGE

    def write(self, assignment: Assignment, index: KnowledgeIndex) -> Iterator[Passed]:
        """Translate the first record's answer, or another of its entry's texts.

        Yields:
            All of the answer, in one piece.

        Raises:
            UnwrittenError: There is no translation, or not in time.
        """
        first, reader = assignment.records[0], assignment.reader
        texts = index.records_of(first.id)
        sources = sources_of(first, texts, reader, index.default_language, self._today())
        key = (reader, *map(_digest, sources))
        outcome = self._known(key, index)
        if outcome is None:
            outcome = self._new(key, sources, reader, index)
            result = outcome.reason if isinstance(outcome, _Unfit) else WRITTEN
            self._on_written(self.kind, result)
        if isinstance(outcome, _Unfit):
            raise UnwrittenError(outcome.reason, f"{first.id} in {reader}: {outcome.message}")
        yield Passed(outcome.text, sources[outcome.place])

    def _known(self, key: Hashable, index: KnowledgeIndex) -> _Outcome | None:
        prepared = self._prepared
        if prepared is None or prepared.generation != index.id:
            return None
        return prepared.answers.get(key)

    def _new(
        self, key: Hashable, sources: Sequence[Record], reader: str, index: KnowledgeIndex
    ) -> _Outcome:
        pause = self._breaker.seconds_left()
        if pause > 0:
            return _paused(pause)
        try:
            return self._work.result(
                (index.id, key),
                lambda: self._translate(key, sources, reader, index),
                self._seconds,
            )
        except TooMuchWorkError:
            return _Unfit(Unwritten.BUSY, "too many answers are being translated")
        except TimeoutError:
            return _Unfit(Unwritten.TIMED_OUT, f"no translation within {self._seconds:g} s")

    def _translate(
        self, key: Hashable, sources: Sequence[Record], reader: str, index: KnowledgeIndex
    ) -> _Outcome:
        pause = self._breaker.seconds_to_wait()
        if pause is not None:
            return _paused(pause)
        started = self._clock()
        try:
            prepared = self._prepared_for(index)
            outcome = _translated(sources, reader, prepared.means, self._memory)
        except TranslatorBusyError as error:
            self._breaker.ended()
            return _Unfit(Unwritten.BUSY, str(error))
        except TranslatorError as error:
            self._failed(str(error))
            return _Unfit(_reason(error), str(error))
        except Exception:  # noqa: BLE001 - visitors get the original, whatever nobody foresaw
            self._breaker.ended()
            _LOG.exception("an answer cannot be translated into %s", reader)
            return _Unfit(Unwritten.FAILED, "this should not have happened")
        took = self._clock() - started
        if took > self._seconds:
            self._failed(f"a translation took {took:.1f} s")
        elif isinstance(outcome, _Unfit) and outcome.reason is Unwritten.NO_ROUTE:
            self._breaker.ended()  # nothing was asked of the translator
        else:
            self._breaker.succeeded()
        prepared.answers.put(key, outcome)
        return outcome

    def _prepared_for(self, index: KnowledgeIndex) -> _Prepared:
        with self._preparing:
            prepared = self._prepared
            if prepared is None or prepared.generation != index.id:
                prepared = _Prepared(index.id, self._prepare(index.languages))
                self._prepared = prepared
            return prepared

    def _failed(self, message: str) -> None:
        was_open = self._breaker.is_open
        if self._breaker.failed() and not was_open:
            _LOG.warning("the translator is left alone for a while: %s", message)


def _translated(sources: Sequence[Record], reader: str, means: Means, memory: Memory) -> _Outcome:
    try:
        return translate_answer(sources, reader, means, memory)
    except RefusedError as error:
        is_far = error.reason is Reason.NO_ROUTE
        return _Unfit(Unwritten.NO_ROUTE if is_far else Unwritten.REFUSED, str(error))


def _reason(error: TranslatorError) -> Unwritten:
    if isinstance(error, TranslatorUnavailableError):
        return Unwritten.UNAVAILABLE
    is_late = isinstance(error, TranslationTimedOutError)
    return Unwritten.TIMED_OUT if is_late else Unwritten.FAILED


def _paused(seconds: float) -> _Unfit:
    message = f"the translator failed too often; it is tried again in {seconds:.0f} s"
    return _Unfit(Unwritten.UNAVAILABLE, message)


def _digest(record: Record) -> bytes:
    return hashlib.sha256(
        f"{record.lang}\0{record.answer}".encode("utf-8", "surrogatepass")
    ).digest()
