"""A part of the benchmarks in a process of its own, with whatever servers it starts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from signal import SIGKILL
from threading import Timer


@contextmanager
def started(command: Sequence[str], seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Start a part; in the end nothing that it has started is left.

    Args:
        command: Starts it.
        seconds: How long it may take, and all that it has started.
    """
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
        start_new_session=True,
    ) as process:
        limit = Timer(seconds, _end_all, [process])
        limit.daemon = True
        limit.start()
        try:
            yield process
        finally:
            limit.cancel()
            _end_all(process)


def _end_all(process: subprocess.Popen[str]) -> None:
    # The servers that it has started are of its group.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, SIGKILL)
