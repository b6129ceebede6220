"""Storing answers in the background, so that storing never delays or fails one."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from threading import Event, Lock, Thread

from app.journal import AnswerRecord, Journal, JournalUnavailableError

_LOG = logging.getLogger(__name__)
_BATCH = 200
_PAUSE_SECONDS = 1.0
_RETRY_SECONDS = 2.0


class Recorder:
    """A bounded queue in front of the journal, emptied a batch at a time.

    The queue is a deque that the writer looks at now and then: waking a thread with every answer
    would cost each visitor more than storing costs all of them.

    Args:
        journal: Where answers are stored.
        capacity: Answers that may wait; those that find the queue full are lost, and counted.
        on_lost: Told how many answers were lost.
    """

    def __init__(self, journal: Journal, capacity: int, on_lost: Callable[[int], None]) -> None:
        self._journal = journal
        self._capacity = capacity
        self._on_lost = on_lost
        self._waiting: deque[AnswerRecord] = deque()
        self._writing = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._is_refused = False

    def record(self, answer: AnswerRecord) -> None:
        """Queue an answer; never waits and never raises."""
        if len(self._waiting) >= self._capacity:
            self._on_lost(1)
            return
        self._waiting.append(answer)

    @property
    def waiting(self) -> int:
        """How many answers are not stored yet."""
        return len(self._waiting)

    def start(self) -> None:
        """Begin to store; once per process, after it was forked."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()

    def flush(self) -> None:
        """Store what waits, in the calling thread.

        A batch that the journal refuses goes back to the front of the queue.
        """
        with self._writing:
            while self._waiting:
                taken = min(_BATCH, len(self._waiting))
                batch = [self._waiting.popleft() for _ in range(taken)]
                try:
                    self._journal.append(batch)
                except JournalUnavailableError as error:
                    self._waiting.extendleft(reversed(batch))
                    self._note_refusal(error)
                    return
                except Exception:  # noqa: BLE001 - such a batch would fail for ever
                    _LOG.exception("answers cannot be stored and are dropped")
                    self._on_lost(len(batch))
                else:
                    self._note_success()

    def stop(self) -> None:
        """Store what waits and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self.flush()
        if self._waiting:
            self._on_lost(len(self._waiting))

    def _note_refusal(self, error: JournalUnavailableError) -> None:
        if not self._is_refused:
            _LOG.warning("answers wait to be stored: %s", error)
        self._is_refused = True

    def _note_success(self) -> None:
        if self._is_refused:
            _LOG.warning("answers are stored again")
        self._is_refused = False

    def _run(self) -> None:
        while not self._stopping.wait(_RETRY_SECONDS if self._is_refused else _PAUSE_SECONDS):
            if self._waiting:
                self.flush()
