"""What embedding costs: `python -m benchmarks.embedding [MODEL_FOLDER]`.

Prints the time of one short question, the rate of passages of about 50 tokens on one and on two
threads, the time to load, the memory, and whether a vector depends on its neighbours.
"""

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil

from models.embedding import Embedder, Role
from models.onnx_embedder import load_embedder

_QUESTIONS = (
    "How do I return order {}?",
    "Wann kommt Paket {} an?",
    "Où est ma commande {} ?",
    "Сколько стоит доставка заказа {}?",
    "注文{}をキャンセルできますか",
    "كيف أدفع الطلب رقم {}؟",
)
_PASSAGE = (
    "You can return item {} within thirty days of delivery. Pack it well, print the label from "
    "your account and bring it to a post office. We refund the price to your card, usually within "
    "five working days of its arrival."
)
_ASKED = 300
_PASSAGES = 200


def main() -> None:
    """Measure, and print a line for each figure."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "var/models/multilingual-e5-small")
    process = psutil.Process()
    before = process.memory_info().rss
    start = time.perf_counter()
    embedder = load_embedder(folder)
    print(f"load                  {time.perf_counter() - start:.2f} s")
    times = _ask(embedder)
    print(f"short question        {statistics.median(times) * 1000:.2f} ms median, ", end="")
    print(f"{np.percentile(times, 95) * 1000:.2f} ms 95th percentile")
    passages = [_PASSAGE.format(number) for number in range(_PASSAGES)]
    for threads in (1, 2):
        rate = _rate(load_embedder(folder, threads=threads), passages)
        print(f"passages, {threads} thread{'s' if threads > 1 else ' '}   {rate:.0f} /s")
    print(f"memory                {(process.memory_info().rss - before) / 1e6:.0f} MB more")
    print(f"neighbours move it by {_moved_by_neighbours(embedder, passages[:20]):.1g}")


def _ask(embedder: Embedder) -> list[float]:
    times = []
    for number in range(_ASKED):
        question = _QUESTIONS[number % len(_QUESTIONS)].format(number)
        start = time.perf_counter()
        embedder.embed([question], Role.QUERY)
        times.append(time.perf_counter() - start)
    return times


def _rate(embedder: Embedder, passages: Sequence[str]) -> float:
    start = time.perf_counter()
    embedder.embed(passages, Role.PASSAGE)
    return len(passages) / (time.perf_counter() - start)


def _moved_by_neighbours(embedder: Embedder, texts: Sequence[str]) -> float:
    together = embedder.embed(texts, Role.PASSAGE).vectors
    alone = [embedder.embed([text], Role.PASSAGE).vectors[0] for text in texts]
    return float(np.abs(together - np.array(alone)).max())


if __name__ == "__main__":
    main()
