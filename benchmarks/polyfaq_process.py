"""The product as its users run it: the command `polyfaq`, in a home of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

import psutil

from app.settings import Settings
from benchmarks.client import Connection, outcome_of, request_to_ask

_COMMAND = (str(Path(sys.executable).with_name("polyfaq")),)
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Home:
    """Where a command keeps its state.

    Attributes:
        folder: The home.
        environment: What the command is started with.
    """

    folder: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> tuple[float, Mapping[str, Any]]:
        """Run `polyfaq ARGUMENTS --json`.

        Returns:
            The seconds it took, the interpreter's start included, and its JSON.

        Raises:
            RuntimeError: It failed; the message says what it said.
        """
        started = perf_counter()
        done = subprocess.run(
            [*_COMMAND, *arguments, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        seconds = perf_counter() - started
        if done.returncode != 0:
            said = (done.stderr or done.stdout)[-2000:]
            raise RuntimeError(f"polyfaq {' '.join(arguments)}: status {done.returncode}: {said}")
        return seconds, json.loads(done.stdout)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        port: Where it listens.
        first_answer: Seconds from its start, the interpreter's included, to its first answer.
        process: The command; what answers is its child.
    """

    port: int
    first_answer: float
    process: psutil.Process

    def memory(self) -> float:
        """Resident memory of the largest of the processes that answer, in bytes."""
        return max(float(each.memory_info().rss) for each in self.process.children())

    def processor_seconds(self) -> float:
        """Processor time that the processes that answer have spent so far."""
        times = [each.cpu_times() for each in self.process.children()]
        return float(sum(each.user + each.system for each in times))


@contextmanager
def new_home(**settings: str) -> Iterator[Home]:
    """Make a home that is removed at the end; the installed models are used where they are."""
    with TemporaryDirectory(prefix="polyfaq-bench-") as folder:
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("POLYFAQ_", "OMP_", "OPENBLAS_"))
        }
        environment |= {
            "POLYFAQ_HOME": folder,
            "POLYFAQ_MODELS": str(Settings.load().models_folder.absolute()),
            "POLYFAQ_LOG_LEVEL": "warning",
            "HF_HUB_OFFLINE": "1",
        }
        environment |= {f"POLYFAQ_{name.upper()}": value for name, value in settings.items()}
        yield Home(Path(folder), environment)


@contextmanager
def serving(home: Home, question: str) -> Iterator[Server]:
    """Serve what a home has published, until the end of the block.

    Args:
        home: What to serve.
        question: Asked again and again until there is an answer.
    """
    port = free_port()
    started = perf_counter()
    with subprocess.Popen(
        [*_COMMAND, "serve", "--port", str(port)],
        env=home.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_for_answer(port, question, process)
            yield Server(port, perf_counter() - started, psutil.Process(process.pid))
        finally:
            process.terminate()


def wait_for_answer(port: int, question: str, process: subprocess.Popen[bytes]) -> None:
    """Ask a server again and again until it answers.

    Raises:
        RuntimeError: It ended, or never did.
    """
    until = perf_counter() + _PATIENCE_SECONDS
    while perf_counter() < until and process.poll() is None:
        try:
            connection = Connection(port)
            outcome = outcome_of(connection.exchange(request_to_ask(question)))
            connection.close()
        except OSError:
            sleep(0.01)
            continue
        if not outcome.isdigit():
            return
        sleep(0.01)
    raise RuntimeError(f"the server on port {port} gave no answer; try `polyfaq serve` by hand")


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
