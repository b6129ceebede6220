"""Answers that people wrote, asked for while a generator writes for others and while it does not.

The stand-in writes slowly, so that as many texts as may be written at once always are. Both
situations are measured in turns, in one run.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Self

import numpy as np

from benchmarks.companion import Companion
from benchmarks.figures import Figure, Remark, at_most
from benchmarks.foreign_answers import human_answers
from benchmarks.questions import known_questions, take
from benchmarks.writing_process import ask, serving_with_generator
from knowledge_base.entry import Record

ROUNDS = 8
QUESTIONS = 60
VISITORS = 4
LARGEST_RATIO = 1.2
_PERCENTILES = (50, 95)
_PAUSE_SECONDS = 1.0
_MOST_TO_WARM_UP = 5000
_ROOT = Path(__file__).parents[1]


def measured(records: Sequence[Record]) -> Iterator[Figure | Remark]:
    """Yield times of curated answers beside and without written ones.

    Args:
        records: The sample content.
    """
    questions = iter(known_questions(2 * ROUNDS * QUESTIONS + _MOST_TO_WARM_UP))
    idle: list[float] = []
    busy: list[float] = []
    with (
        _slow_writer() as url,
        serving_with_generator(records, url, records[0].question, threads="8") as server,
        Companion("client") as client,
        _Visitors(server.port, records) as visitors,
    ):
        # The first texts load word lists and templates, once in the life of a process.
        visitors.come_and_go(are_there=True)
        while visitors.served < 2 * VISITORS:
            client.do(port=server.port, texts=take(questions, QUESTIONS // 4), threads=1)
        for _ in range(ROUNDS):
            for times, is_busy in ((idle, False), (busy, True)):
                visitors.come_and_go(are_there=is_busy)
                asked = client.do(port=server.port, texts=take(questions, QUESTIONS), threads=1)
                times.extend(asked["times"])
        written = visitors.served
    yield Remark(f"{len(busy)} curated questions beside {VISITORS} visitors who are written to")
    for percentile in _PERCENTILES:
        alone, beside = (float(np.percentile(times, percentile)) for times in (idle, busy))
        yield Figure(
            f"curated answers beside a busy generator, p{percentile}",
            beside / alone,
            "x",
            at_most(LARGEST_RATIO) if percentile == 95 else None,
            f"{1000 * alone:.1f} ms alone, {1000 * beside:.1f} ms; {written} texts were written",
        )


class _Visitors:
    """Ask in languages that the content does not have, again and again, while they are there."""

    def __init__(self, port: int, records: Sequence[Record]) -> None:
        there = {(record.id, record.lang) for record in records}
        self._port = port
        self._asked = [
            (answer.questions[0], language)
            for entry_id, languages in human_answers(records).items()
            for language, answer in languages.items()
            if (entry_id, language) not in there
        ]
        self._numbers = count()
        self._are_there, self._have_left = Event(), Event()
        self._threads = [Thread(target=self._ask) for _ in range(VISITORS)]
        self.served = 0

    def come_and_go(self, *, are_there: bool) -> None:
        """Begin or cease to ask; what was asked for is waited for."""
        if are_there:
            self._are_there.set()
        else:
            self._are_there.clear()

    def _ask(self) -> None:
        while not self._have_left.is_set():
            if not self._are_there.wait(0.1):
                continue
            number = next(self._numbers)
            question, language = self._asked[number % len(self._asked)]
            is_written = False
            with suppress(OSError, RuntimeError):
                answer = ask(self._port, f"{question} ({number})", language)["answer"]
                is_written = answer["kind"] == "generated"
                self.served += is_written
            if not is_written:
                # Questions that are answered at once would be asked without end.
                self._have_left.wait(_PAUSE_SECONDS)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._have_left.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def _slow_writer() -> Iterator[str]:
    """Start the stand-in in a process of its own, and give its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stand_in_writer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=_ROOT,
    ) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the stand-in has no output")
            yield process.stdout.readline().strip()
        finally:
            process.kill()
