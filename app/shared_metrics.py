"""Metrics of several processes, which a scrape of any of them sums."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from shutil import rmtree
from tempfile import mkdtemp

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared_metrics(processes: int) -> Iterator[None]:
    """Let processes that are forked within keep their metrics in one folder.

    Args:
        processes: How many there will be; one keeps them to itself.
    """
    if processes == 1:
        yield
        return
    folder = mkdtemp(prefix="polyfaq-metrics-")
    master = os.getpid()
    os.environ[_FOLDER] = folder
    try:
        yield
    finally:
        # A process that was forked comes by here too when it exits; the others need the folder.
        if os.getpid() == master:
            rmtree(folder, ignore_errors=True)
            del os.environ[_FOLDER]


def forget_metrics(process: int) -> None:
    """Count what a process that has ended was doing at the time no longer.

    Args:
        process: Its id.
    """
    if _FOLDER in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - rarely

        mark_process_dead(process)  # type: ignore[no-untyped-call]
