"""The embedding model by itself, as a companion: what no service around it can be faster than."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.companion import Job, work
from models.embedding import Embedder, Role
from models.idle_cores import IdleCores
from models.onnx_embedder import load_embedder


def main() -> None:
    """Take jobs `{"texts", "threads"}` for questions, `{"passages", "threads"}` for passages.

    A question is embedded on one core; on all that are idle in a job that has `"spread"` as well.
    """
    folder = Path(sys.argv[1])
    alone, with_two = load_embedder(folder), load_embedder(folder, threads=2)
    spread = load_embedder(folder, idle_cores=IdleCores())

    def measure(job: Job) -> Mapping[str, object]:
        if "passages" in job:
            return _batch(alone if job["threads"] == 1 else with_two, job["passages"])
        return _questions(spread if job.get("spread") else alone, job["texts"], job["threads"])

    work(measure)


def _questions(embedder: Embedder, texts: list[str], threads: int) -> Mapping[str, object]:
    """Embed each question by itself, in one thread after another, or in several at once."""

    def timed(text: str) -> float:
        started = perf_counter()
        embedder.embed((text,), Role.QUERY)
        return perf_counter() - started

    spent, started = process_time(), perf_counter()
    if threads == 1:
        times = [timed(text) for text in texts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            times = list(pool.map(timed, texts))
    return {
        "times": times,
        "seconds": perf_counter() - started,
        "processor_seconds": process_time() - spent,
    }


def _batch(embedder: Embedder, passages: list[str]) -> Mapping[str, object]:
    started = perf_counter()
    embedder.embed(passages, Role.PASSAGE)
    return {"seconds": perf_counter() - started}


if __name__ == "__main__":
    main()
