"""Which processor cores nothing runs on at this moment."""

from __future__ import annotations

import os
from pathlib import Path

_LOAD = Path("/proc/loadavg")
_LONGEST = 128


class IdleCores:
    """Counts the cores that a thread could take from nobody.

    The kernel knows of everything that runs, in whichever process, and forgets those that were
    killed. It is asked anew each time, which takes some microseconds.

    Args:
        load: What it writes about its load: three averages, then the threads that run or are ready
            to, a slash, and all that there are.
    """

    def __init__(self, load: Path = _LOAD) -> None:
        self._load = load
        self._cores = len(os.sched_getaffinity(0))

    def count(self) -> int:
        """Count them, the caller's own not among them; 0 where that cannot be told.

        Where other programs run on cores that this process may not use, there are more than this
        says.
        """
        if len(os.sched_getaffinity(0)) < self._cores:
            # The calling thread keeps to some, since others have questions of their own.
            return 0
        try:
            file = os.open(self._load, os.O_RDONLY)
            try:
                text = os.read(file, _LONGEST)
            finally:
                os.close(file)
            running, _, _ = text.split()[3].partition(b"/")
            return max(self._cores - max(int(running), 1), 0)
        except (OSError, IndexError, ValueError):
            return 0
