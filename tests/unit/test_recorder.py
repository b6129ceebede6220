import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event

import pytest

from app.answering.answer import AnswerKind
from app.answering.question import Mode
from app.journal import AnswerRecord
from app.recorder import Recorder
from indexer.decision import Outcome
from models.language_priors import LanguageSource
from tests.fake_store import MemoryJournal


def answer(number: int) -> AnswerRecord:
    return AnswerRecord(
        answer_id=f"a-{number}",
        conversation_id="c",
        asked_at=datetime(2026, 11, 22, tzinfo=UTC),
        question="Why?",
        mode=Mode.AUTO,
        language="en",
        language_confidence=0.9,
        language_source=LanguageSource.DETECTED,
        outcome=Outcome.ANSWERED,
        reason=None,
        kind=AnswerKind.CURATED,
        entry_id="e",
        answer_language="en",
        confidence=0.9,
        threshold=0.5,
        generation="g",
        ticket_id=None,
        timings_ms={"total": 1.0},
    )


class WakingJournal(MemoryJournal):
    """Tells when it was written to."""

    def __init__(self) -> None:
        super().__init__()
        self.written = Event()

    def append(self, records: Sequence[AnswerRecord]) -> None:
        super().append(records)
        self.written.set()


class PickyJournal(MemoryJournal):
    """Breaks over one answer, in a way that nobody foresaw."""

    def append(self, records: Sequence[AnswerRecord]) -> None:
        if any(record.answer_id == "a-0" for record in records):
            raise ZeroDivisionError
        super().append(records)


def test_answers_are_stored_in_order_and_in_batches() -> None:
    journal, lost = MemoryJournal(), list[int]()
    recorder = Recorder(journal, 1000, lost.append)
    for number in range(450):
        recorder.record(answer(number))
    recorder.flush()
    assert [record.answer_id for record in journal.records] == [f"a-{n}" for n in range(450)]
    assert (recorder.waiting, lost) == (0, [])


def test_a_full_queue_loses_the_newest_and_counts_them() -> None:
    lost = list[int]()
    recorder = Recorder(MemoryJournal(), 3, lost.append)
    for number in range(5):
        recorder.record(answer(number))
    assert (recorder.waiting, sum(lost)) == (3, 2)


def test_answers_wait_while_the_journal_is_down_which_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    journal = MemoryJournal()
    recorder = Recorder(journal, 10, lambda _: None)
    journal.is_down = True
    recorder.record(answer(1))
    recorder.record(answer(2))
    with caplog.at_level(logging.WARNING):
        recorder.flush()
        recorder.flush()
        journal.is_down = False
        recorder.flush()
    assert [record.answer_id for record in journal.records] == ["a-1", "a-2"]
    assert caplog.text.count("answers wait to be stored") == 1
    assert caplog.text.count("answers are stored again") == 1


def test_a_batch_that_breaks_the_journal_does_not_hold_up_the_rest() -> None:
    journal, lost = PickyJournal(), list[int]()
    recorder = Recorder(journal, 1000, lost.append)
    recorder.record(answer(0))
    recorder.flush()
    recorder.record(answer(1))
    recorder.flush()
    assert [record.answer_id for record in journal.records] == ["a-1"]
    assert lost == [1]


def test_answers_are_stored_in_the_background() -> None:
    journal = WakingJournal()
    recorder = Recorder(journal, 10, lambda _: None)
    recorder.start()
    try:
        recorder.record(answer(1))
        assert journal.written.wait(10)
    finally:
        recorder.stop()


def test_stopping_stores_what_waits() -> None:
    journal = MemoryJournal()
    recorder = Recorder(journal, 10, lambda _: None)
    recorder.start()
    recorder.record(answer(1))
    recorder.stop()
    assert len(journal.records) == 1


def test_what_cannot_be_stored_at_the_end_is_counted() -> None:
    journal, lost = MemoryJournal(), list[int]()
    journal.is_down = True
    recorder = Recorder(journal, 10, lost.append)
    recorder.record(answer(1))
    recorder.stop()
    assert lost == [1]
