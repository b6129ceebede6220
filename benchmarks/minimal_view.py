"""The least that a web service around the model can be: a figure to read others by.

Flask takes a question, the bare model embeds it, FAISS compares it with as many vectors as the
sample content has, and the nearest one's number goes back. There is no language, no confidence,
no text, no record and no error that it knows of. What a service loses against the bare model, this
loses too; the rest is what the service itself costs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from benchmarks.polyfaq_process import free_port, wait_for_answer

_PASSAGES = 3_000
_NEIGHBOURS = 10


class _View(BaseApplication):
    def __init__(self, model: Path, port: int, processes: int, threads: int) -> None:
        self._model = model
        self._settings = {
            "bind": f"127.0.0.1:{port}",
            "workers": processes,
            "threads": threads,
            "worker_class": "gthread",
            "keepalive": 75,
            "loglevel": "error",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - as gunicorn has it
        import faiss  # noqa: PLC0415 - only in the process that answers
        import numpy as np  # noqa: PLC0415 - the same
        from flask import Flask, request  # noqa: PLC0415 - the same

        from models.embedding import Role  # noqa: PLC0415 - the same
        from models.onnx_embedder import load_embedder  # noqa: PLC0415 - the same

        embedder = load_embedder(self._model)
        passages = np.random.default_rng(0).normal(size=(_PASSAGES, 384)).astype(np.float32)
        index = faiss.IndexFlatIP(passages.shape[1])
        index.add(passages)
        app = Flask("minimal_view")

        @app.post("/v1/ask")
        def ask() -> dict[str, object]:
            vectors = embedder.embed((request.get_json()["question"],), Role.QUERY).vectors
            scores, rows = index.search(vectors, _NEIGHBOURS)
            return {"outcome": "answered", "row": int(rows[0, 0]), "score": float(scores[0, 0])}

        return app


@contextmanager
def minimal_view(model: Path, processes: int, threads: int) -> Iterator[int]:
    """Serve it until the end of the block.

    Args:
        model: Folder of the model.
        processes: That answer.
        threads: Of each.

    Yields:
        The port.
    """
    port = free_port()
    arguments = [str(each) for each in (model, port, processes, threads)]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.minimal_view", *arguments],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_for_answer(port, "hello", process)
            yield port
        finally:
            process.terminate()


def main() -> None:
    """Serve."""
    model, port, processes, threads = sys.argv[1:]
    _View(Path(model), int(port), int(processes), int(threads)).run()


if __name__ == "__main__":
    main()
