"""Does the right entry come first? `python -m benchmarks.retrieval`, on the shared data.

The product's own retriever, with nothing fitted to these sets, beside baselines in the same run.
Embedding the sets takes minutes the first time; the vectors are kept for the next.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from benchmarks.banking import measure_banking
from benchmarks.covid import measure_covid
from benchmarks.figures import Figure, Remark, publish
from benchmarks.parallel import measure_parallel
from benchmarks.shared_data import DATA, is_there

SETS: dict[str, Callable[[], Iterator[Figure | Remark]]] = {
    "covid_faq": measure_covid,
    "banking77": measure_banking,
    "faq_parallel": measure_parallel,
}


def measure() -> Iterator[Figure | Remark]:
    """Yield the figures of every set that is there."""
    for name, measure_set in SETS.items():
        if is_there(name):
            yield from measure_set()
        else:
            yield Remark(f"{DATA / name} is absent: nothing to measure")


if __name__ == "__main__":
    sys.exit(publish(measure))
