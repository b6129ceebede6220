"""Sessions of ONNX Runtime: one that keeps to its thread, one that spreads over the cores."""

from __future__ import annotations

import os
from pathlib import Path

import onnxruntime

from models.idle_cores import IdleCores

MOST_SPREAD = 4
"""Cores that a run is spread over at most: its parts are small, and wait for one another."""


class Sessions:
    """The same graph in one session, or in two that give the same numbers to the last bit.

    Args:
        graph: The graph's file.
        idle_cores: Tells when a run may be spread over cores; it never is when None.

    Attributes:
        single: Runs on the thread that calls it.
        spread: Runs on that and one for each other core, four in all at most; None where that is
            never wanted.
    """

    def __init__(self, graph: Path, idle_cores: IdleCores | None = None) -> None:
        self._idle_cores = idle_cores
        self._threads = min(len(os.sched_getaffinity(0)), MOST_SPREAD)
        self.single = _session(graph, 1)
        self.spread: onnxruntime.InferenceSession | None = None
        if idle_cores is not None and self._threads > 1:
            self.spread = _session(graph, self._threads)

    def choose(self) -> onnxruntime.InferenceSession:
        """Give the session to run now: the spread one, if it takes no core from anybody.

        Its threads wait for one another: with one core short, a run takes twice as long on them as
        on a single thread.
        """
        if self.spread is None or self._idle_cores is None:
            return self.single
        return self.spread if self._idle_cores.count() >= self._threads - 1 else self.single


def _session(graph: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads spin between the steps of a run, as waking up takes longer than a step; after it,
    # they have to leave the cores to others.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
