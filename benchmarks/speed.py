"""The server against the bare model, in one run: `python -m benchmarks.speed`.

The real command serves the sample content; a client in another process asks it over HTTP. The same
questions are embedded by the bare model in a third process. The two are measured in turn, in many
short rounds, and the figure is the median of the rounds' ratios: whatever else the machine does
then slows both.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from app.settings import Settings
from benchmarks.companion import Companion
from benchmarks.figures import Bound, Figure, Remark, at_least, at_most, publish
from benchmarks.minimal_view import minimal_view
from benchmarks.polyfaq_process import Server, new_home, serving
from benchmarks.questions import (
    known_questions,
    repeated_questions,
    sample_content,
    take,
    unknown_questions,
)

ROUNDS = 12
SINGLE = 60
"""Questions of a round, one at a time; a round is about a quarter of a second a side."""
CROWD = 160
"""Questions of a round with several at a time."""
CLIENT_THREADS = 8
CORES = 2
REPEATED = 200
STARTS = 3


@dataclass(frozen=True, slots=True)
class Round:
    """The same questions, embedded by the bare model and answered by the server.

    Attributes:
        bare: What the model's companion measured.
        asked: What the client measured.
        processor_seconds: What the server's process spent on it.
    """

    bare: Mapping[str, Any]
    asked: Mapping[str, Any]
    processor_seconds: float

    def ratio_of_percentiles(self, percentile: float) -> float:
        """How much longer the server takes than the model, at a percentile."""
        asked, bare = (
            float(np.percentile(side["times"], percentile)) for side in (self.asked, self.bare)
        )
        return asked / bare

    @property
    def share_of_throughput(self) -> float:
        """The server's questions a second as a share of the model's."""
        return float(self.bare["seconds"] / self.asked["seconds"])


def measure() -> Iterator[Figure | Remark]:
    """Yield what one run finds."""
    known = iter(known_questions(90 + ROUNDS * (2 * SINGLE + CROWD) + REPEATED))
    unknown = unknown_questions()
    with new_home() as home:
        home.run("index", str(sample_content()))
        starts = []
        for question in take(known, STARTS):
            with serving(home, question) as server:
                starts.append(server.first_answer)
        with (
            serving(home, next(unknown)) as server,
            Companion("bare_model", str(_model_folder())) as model,
            Companion("client") as client,
        ):
            sides = _Sides(server, model, client)
            sides.round(take(known, 40), 1, 1)
            yield from _one_at_a_time(
                [sides.round(take(known, SINGLE), 1, 1) for _ in range(ROUNDS)],
                [sides.round(take(known, SINGLE), 1, 1, spread=True) for _ in range(ROUNDS)],
            )
            yield from _handed_over(
                [sides.round(take(unknown, SINGLE), 1, 1) for _ in range(ROUNDS // 3)]
            )
            with minimal_view(_model_folder(), CORES, CLIENT_THREADS) as view:
                sides.ask(take(known, 40), CLIENT_THREADS, view)
                crowds = [take(known, CROWD) for _ in range(ROUNDS)]
                yield from _many_at_a_time(
                    [
                        (
                            sides.round(texts, CORES, CLIENT_THREADS),
                            sides.ask(texts, CLIENT_THREADS, view),
                        )
                        for texts in crowds
                    ]
                )
            yield from _again(sides, take(known, REPEATED))
            megabytes = server.memory() / 1e6
    yield Remark("the process")
    yield Figure("memory of a process that answers", megabytes, "MB", at_most(700))
    yield Figure(
        "first answer after `polyfaq serve`",
        median(starts),
        "s",
        at_most(2.5),
        f"with the start of Python; {STARTS} starts, best {min(starts):.2f}",
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    server: Server
    model: Companion
    client: Companion

    def round(
        self, texts: Sequence[str], bare_threads: int, client_threads: int, *, spread: bool = False
    ) -> Round:
        bare = self.model.do(texts=texts, threads=bare_threads, spread=spread)
        spent = self.server.processor_seconds()
        asked = self.ask(texts, client_threads)
        return Round(bare, asked, self.server.processor_seconds() - spent)

    def ask(self, texts: Sequence[str], threads: int, port: int | None = None) -> Mapping[str, Any]:
        return self.client.do(port=port or self.server.port, texts=texts, threads=threads)


def _one_at_a_time(
    rounds: Sequence[Round], over_spread: Sequence[Round]
) -> Iterator[Figure | Remark]:
    outcomes = Counter(outcome for each in rounds for outcome in each.asked["outcomes"])
    counted = ", ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common())
    yield Remark(f"/v1/ask, distinct questions, one client: {counted}")
    yield from _ratio(rounds, "median", 50, at_most(1.4))
    yield from _ratio(rounds, "95th percentile", 95, at_most(2.0))
    yield Figure(
        "the same in processor time, which other programs move less",
        sum(each.processor_seconds for each in rounds)
        / sum(each.bare["processor_seconds"] for each in rounds),
        "x",
    )
    yield Remark("the server uses idle cores; over a bare model that does so too")
    yield from _ratio(over_spread, "median", 50, None)
    yield from _ratio(over_spread, "95th percentile", 95, None)


def _handed_over(rounds: Sequence[Round]) -> Iterator[Figure | Remark]:
    outcomes = Counter(outcome for each in rounds for outcome in each.asked["outcomes"])
    share = outcomes["handoff"] / outcomes.total()
    yield Remark(f"/v1/ask, unanswerable questions, one client; {share:.0%} leave a ticket on disk")
    yield from _ratio(rounds, "median", 50, None)


def _ratio(
    rounds: Sequence[Round], name: str, percentile: float, bound: Bound | None
) -> Iterator[Figure]:
    bare, asked = (
        median(float(np.percentile(side["times"], percentile)) for side in sides) * 1000
        for sides in ([each.bare for each in rounds], [each.asked for each in rounds])
    )
    yield Figure(
        f"time of an answer over that of its embedding, {name}",
        median(each.ratio_of_percentiles(percentile) for each in rounds),
        "x",
        bound,
        f"{asked:.2f} ms over {bare:.2f} ms",
    )


def _many_at_a_time(
    both: Sequence[tuple[Round, Mapping[str, Any]]],
) -> Iterator[Figure | Remark]:
    rounds = [each for each, _ in both]
    yield Remark(f"/v1/ask, distinct questions, {CLIENT_THREADS} client threads")
    bare, asked = (
        median(len(side["times"]) / side["seconds"] for side in sides)
        for sides in ([each.bare for each in rounds], [each.asked for each in rounds])
    )
    spent = sum(each.asked["client_seconds"] for each in rounds)
    share = spent / sum(each.asked["seconds"] for each in rounds) / CORES
    yield Figure(
        f"answers a second over embeddings on {CORES} threads",
        median(each.share_of_throughput for each in rounds),
        "%",
        at_least(0.72),
        f"{asked:.0f} over {bare:.0f} a second; the client took {share:.0%} of the cores",
    )
    yield Figure(
        "the same of a minimal Flask view around the model",
        median(each.bare["seconds"] / view["seconds"] for each, view in both),
        "%",
        note="no languages, confidence, texts or records; see benchmarks/minimal_view.py",
    )
    yield Figure(
        "answers a second over those of that view",
        median(view["seconds"] / each.asked["seconds"] for each, view in both),
        "%",
    )


def _again(sides: _Sides, texts: list[str]) -> Iterator[Figure | Remark]:
    yield Remark(f"/v1/ask, {len(texts)} questions again and again (Zipf), one client")
    first = sides.ask(texts, 1)
    again = sides.ask(repeated_questions(texts, 2000), 1)
    distinct, repeated = (float(np.mean(measured["times"])) * 1000 for measured in (first, again))
    yield Figure(
        "rate of repeated questions over that of distinct ones",
        distinct / repeated,
        "x",
        at_least(5),
        f"means: {repeated:.2f} ms, asked first {distinct:.2f} ms",
    )


def _model_folder() -> Path:
    settings = Settings.load()
    return settings.models_folder / settings.embedding_model


if __name__ == "__main__":
    sys.exit(publish(measure))
