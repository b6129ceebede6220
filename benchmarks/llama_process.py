"""llama.cpp's server with the small real model, where it is installed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

ROOT = Path(__file__).parents[1]
NOT_INSTALLED = "not measured: there is no llama.cpp server; `make test-generation` installs one"


@dataclass(frozen=True, slots=True)
class LlamaServer:
    """A server that runs.

    Attributes:
        url: Where its API begins.
        process: The server.
    """

    url: str
    process: psutil.Process

    def memory(self) -> float:
        """Resident memory in bytes."""
        return float(self.process.memory_info().rss)


@contextmanager
def llama_server(template: Path) -> Iterator[LlamaServer | None]:
    """Serve the model with a chat template until the end of the block; None where there is none."""
    python = _python()
    if python is None:
        yield None
        return
    with (
        TemporaryDirectory(prefix="polyfaq-bench-") as folder,
        subprocess.Popen(
            [python, "-m", "tests.llama_server", folder, str(template)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        ) as process,
    ):
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise RuntimeError(f"{python} -m tests.llama_server did not start; run it by hand")
            yield LlamaServer(f"{address}/v1", psutil.Process(process.pid))
        finally:
            process.kill()


def _python() -> str | None:
    if importlib.util.find_spec("xllamacpp") is not None:
        return sys.executable
    beside = ROOT / ".venv-generation" / "bin" / "python"
    return str(beside) if beside.exists() else None
