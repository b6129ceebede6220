"""The generation that answers, followed while the server runs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from time import monotonic

from app.answering.ports import (
    Knowledge,
    KnowledgeIndex,
    LanguageIdentification,
    NotReadyError,
)

_LOG = logging.getLogger(__name__)
_RETRY_SECONDS = 30.0
_NOTHING_YET = (
    "No index was published yet. Run `polyfaq index FOLDER` with the folder of your content."
)


class LiveGeneration:
    """Keeps the newest good generation in memory and replaces it in one step.

    Whoever asks for `knowledge` gets values that stay as they are, however long they are used. A
    generation that cannot be opened is refused; the last good one keeps serving.

    Args:
        current_id: Names the published generation; None where none was ever published.
        open_index: Verifies and loads a generation by name.
        identifier: Makes what tells some languages apart.
        failures: The exceptions by which the first two say no.
        on_swap: Told the name of each generation from when on it serves.
        on_refused: Told the name of each generation that is refused.
        prepare: Given each index that serves, in the thread that follows, to do what the first
            answers would have to do; where it fails, they do it themselves.
    """

    def __init__(
        self,
        *,
        current_id: Callable[[], str | None],
        open_index: Callable[[str], KnowledgeIndex],
        identifier: Callable[[Sequence[str]], LanguageIdentification],
        failures: tuple[type[Exception], ...],
        on_swap: Callable[[str], None] = lambda _: None,
        on_refused: Callable[[str], None] = lambda _: None,
        prepare: Callable[[KnowledgeIndex], None] = lambda _: None,
    ) -> None:
        self._current_id = current_id
        self._open_index = open_index
        self._make_identifier = identifier
        self._failures: tuple[type[Exception], ...] = (*failures, OSError)
        self._on_swap = on_swap
        self._on_refused = on_refused
        self._prepare = prepare
        self._knowledge: Knowledge | None = None
        self._languages: tuple[str, ...] | None = None
        self._identifier: LanguageIdentification | None = None
        self._refused: str | None = None
        self._refused_at = 0.0
        self._fault = _NOTHING_YET
        self._loading = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None

    def knowledge(self) -> Knowledge:
        """Give what to answer from.

        Raises:
            NotReadyError: There is nothing yet; says why and what to run.
        """
        knowledge = self._knowledge
        if knowledge is None:
            raise NotReadyError(self._fault)
        return knowledge

    @property
    def is_loaded(self) -> bool:
        """Whether there is anything to answer from."""
        return self._knowledge is not None

    @property
    def fault(self) -> str | None:
        """Why the published generation does not serve; None where it does."""
        return self._fault or None

    def refresh(self) -> None:
        """Load the published generation unless it serves already; never raises for a bad one."""
        with self._loading:
            try:
                published = self._current_id()
            except self._failures as error:
                self._refuse("(unnamed)", error)
                return
            if published is None:
                return
            if self._knowledge is not None and self._knowledge.index.id == published:
                self._refused, self._fault = None, ""
                return
            if published == self._refused and monotonic() - self._refused_at < _RETRY_SECONDS:
                return
            try:
                index = self._open_index(published)
            except self._failures as error:
                self._refuse(published, error)
                return
            self._knowledge = Knowledge(index, self._identifier_for(tuple(index.languages)))
            self._refused, self._fault = None, ""
            _LOG.info("generation %s serves", published)
            self._on_swap(published)

    def follow(self, every_seconds: float) -> None:
        """Look for a new generation now and then, in a thread of its own, until `stop`.

        From now on the log tells of each generation that is refused. Whoever asks without following
        is told by the error of `knowledge`.
        """
        if self._thread is None:
            if self._refused is not None:
                self._log_refusal()
            self._thread = Thread(
                target=self._follow, args=(every_seconds,), name="follower", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """End following."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self, every_seconds: float) -> None:
        prepared: Knowledge | None = None
        while True:
            if self._knowledge is not None and self._knowledge is not prepared:
                prepared = self._knowledge
                self._prepare_for_answers(prepared.index)
            if self._stopping.wait(every_seconds):
                return
            try:
                self.refresh()
            except Exception:  # noqa: BLE001 - the thread must outlive what nobody foresaw
                _LOG.exception("a new generation could not be looked for")

    def _prepare_for_answers(self, index: KnowledgeIndex) -> None:
        try:
            self._prepare(index)
        except Exception:  # noqa: BLE001 - what failed once here may well work for an answer
            _LOG.exception("generation %s serves, but its answers were not prepared", index.id)

    def _refuse(self, name: str, error: Exception) -> None:
        # Said once for each generation and fault, not every time it is tried again.
        is_news = name != self._refused or str(error) != self._fault
        self._refused, self._refused_at, self._fault = name, monotonic(), str(error)
        if is_news:
            self._on_refused(name)
            if self._thread is not None:
                self._log_refusal()

    def _log_refusal(self) -> None:
        kept = "the last good one keeps serving" if self.is_loaded else "nothing serves"
        _LOG.error("generation %s is refused, %s: %s", self._refused, kept, self._fault)

    def _identifier_for(self, languages: tuple[str, ...]) -> LanguageIdentification:
        if self._identifier is None or languages != self._languages:
            self._identifier = self._make_identifier(languages)
            self._languages = languages
        return self._identifier
