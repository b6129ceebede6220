"""Answers that a generator writes: `python -m benchmarks.generation [--json]`.

First the checks alone, on faults and faithful texts; then the product as it is served: with a
stand-in that writes in wrong languages half of the time, beside a generator that is always busy,
and with a small real model, where a llama.cpp server is installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks import busy_generator, delivered_languages, grounding_faults, weak_model
from benchmarks.figures import Figure, Remark, publish
from benchmarks.foreign_answers import approved_sample


def measure() -> Iterator[Figure | Remark]:
    """Yield what one run finds."""
    records = approved_sample()
    yield Remark("the checks alone")
    yield from grounding_faults.measure()
    yield Remark("the language of what is delivered")
    yield from delivered_languages.measured(records)
    yield Remark("answers that need no generator")
    yield from busy_generator.measured(records)
    yield Remark("a weak model")
    yield from weak_model.measured(records)


if __name__ == "__main__":
    sys.exit(publish(measure))
