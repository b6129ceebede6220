"""Which processor core each process that answers keeps to.

Left to the kernel, processes trade places at every pause, and find their code and data in the
caches of the core that they came from.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

from app.choices import fits_one_core
from app.settings import Settings


def cores_to_keep_to(settings: Settings) -> tuple[int, ...]:
    """Name the cores that processes keep to, one each.

    Returns:
        All that this program may use; none where processes are fewer or more than that, or run
        what spreads over several by itself.
    """
    cores = tuple(sorted(os.sched_getaffinity(0)))
    return cores if len(cores) == settings.processes and fits_one_core(settings) else ()


def least_taken(cores: Iterable[int], taken: Iterable[int | None]) -> int:
    """Choose a core for one more process: the first of those that the fewest keep to.

    Args:
        cores: At least one.
        taken: The core of each process that there is.
    """
    count = Counter(taken)
    return min(cores, key=lambda core: (count[core], core))
