"""A process of its own that measures when it is told to: the bare model, or a client.

A companion reads a line of JSON from its standard input for each job and answers with a line of
JSON, so that two of them can be measured in turn, on a machine that other programs share.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

Job = Mapping[str, Any]


class Companion:
    """Starts a module of this package, and gives it jobs.

    Args:
        module: Its name in this package; its `main` must call `work`.
        arguments: Of its command.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )

    def do(self, **job: object) -> Mapping[str, Any]:
        """Have a job done, and wait for what was measured.

        Raises:
            RuntimeError: The companion ended; what it had to say stands on stderr.
        """
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the companion has no pipes")
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with {self._process.wait()}")
        measured: Mapping[str, Any] = json.loads(line)
        return measured

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=30)


def work(do: Callable[[Job], Mapping[str, object]]) -> None:
    """Be a companion: do one job after another until the input ends."""
    for line in sys.stdin:
        print(json.dumps(do(json.loads(line))), flush=True)
