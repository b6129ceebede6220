"""What is counted and timed, for Prometheus."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from app.answering.answer import Answer, AnswerKind

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_WRITING_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0)


class Metrics:
    """Counters and timers of one process.

    With several server processes, the environment names a folder that they share before this
    module is imported; each scrape then sums over all of them.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._outcomes = Counter(
            "polyfaq_answers",
            "Answers given, by outcome and reason.",
            ["outcome", "reason"],
            registry=self.registry,
        )
        self._steps = Histogram(
            "polyfaq_step_seconds",
            "Time that answering took, by step.",
            ["step"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "polyfaq_requests",
            "HTTP requests, by endpoint and status.",
            ["endpoint", "status"],
            registry=self.registry,
        )
        self._swaps = Counter(
            "polyfaq_generation_swaps", "Generations put to service.", registry=self.registry
        )
        self._refusals = Counter(
            "polyfaq_generation_refusals",
            "Generations that were refused as damaged or made for another model.",
            registry=self.registry,
        )
        self._lost = Counter(
            "polyfaq_journal_lost", "Answers that could not be stored.", registry=self.registry
        )
        self._handoff_failures = Counter(
            "polyfaq_handoff_failures",
            "Questions that could not be handed over.",
            registry=self.registry,
        )
        self._written = Counter(
            "polyfaq_written",
            "Texts that machines were to write, by kind and by what became of them.",
            ["kind", "result"],
            registry=self.registry,
        )
        self._refused_sentences = Counter(
            "polyfaq_refused_sentences",
            "Sentences of machines that did not pass the checks, by fault.",
            ["fault"],
            registry=self.registry,
        )
        self._first_sentence = Histogram(
            "polyfaq_first_sentence_seconds",
            "Time until the first sentence of a machine's text had passed the checks.",
            buckets=_WRITING_SECONDS,
            registry=self.registry,
        )
        self._waiting = Gauge(
            "polyfaq_journal_waiting",
            "Answers not stored yet.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._journal_waiting: Callable[[], int] = lambda: 0
        self._children: dict[tuple[str, ...], Counter | Histogram] = {}

    def answered(self, answer: Answer) -> None:
        """Count an answer and the time its steps took."""
        reason = answer.reason or "none"
        self._counter(self._outcomes, "answer", answer.outcome, reason).inc()
        timings: Mapping[str, float] = answer.timings_ms
        self._step("total").observe(timings["total"] / 1000)
        if "embed" in timings:
            self._step("embed").observe(timings["embed"] / 1000)
            self._step("retrieve").observe(timings["retrieve"] / 1000)

    def requested(self, endpoint: str, status: int) -> None:
        """Count an HTTP request."""
        self._counter(self._requests, "request", endpoint, str(status)).inc()

    def swapped(self, _: str) -> None:
        """Count a generation put to service."""
        self._swaps.inc()

    def refused(self, _: str) -> None:
        """Count a generation refused."""
        self._refusals.inc()

    def lost(self, answers: int) -> None:
        """Count answers that could not be stored."""
        self._lost.inc(answers)

    def handoff_failed(self) -> None:
        """Count a question that could not be handed over."""
        self._handoff_failures.inc()

    def wrote(self, kind: AnswerKind, result: str) -> None:
        """Count a text that a machine was to write: `written`, `partial`, or why it was not."""
        self._written.labels(kind, result).inc()

    def refused_sentence(self, fault: str) -> None:
        """Count a sentence that did not pass the checks."""
        self._refused_sentences.labels(fault).inc()

    def first_sentence(self, seconds: float) -> None:
        """Take the time until a text's first sentence had passed."""
        self._first_sentence.observe(seconds)

    def watch_journal(self, waiting: Callable[[], int]) -> None:
        """Have each scrape ask how many answers are not stored yet."""
        self._journal_waiting = waiting

    def render(self) -> bytes:
        """Give all figures in Prometheus' text format."""
        self._waiting.set(self._journal_waiting())
        if _MULTIPROCESS not in os.environ:
            return generate_latest(self.registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        return generate_latest(shared)

    def _counter(self, metric: Counter, kind: str, *labels: str) -> Counter:
        # Looking labels up in the metric itself takes longer than counting.
        child = self._children.get((kind, *labels))
        if not isinstance(child, Counter):
            child = metric.labels(*labels)
            self._children[(kind, *labels)] = child
        return child

    def _step(self, step: str) -> Histogram:
        child = self._children.get((step,))
        if not isinstance(child, Histogram):
            child = self._steps.labels(step)
            self._children[(step,)] = child
        return child
