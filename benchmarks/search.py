"""Retrieval over 100,000 passages: `python -m benchmarks.search`.

Vectors and texts are made up: entries lie in clusters, their passages around them, each language
moved aside as a multilingual model does, and words follow Zipf's law. A question lies near a
passage and shares some of its words.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, thread_time

import numpy as np

from benchmarks.figures import Figure, Remark, at_least, at_most, publish
from indexer.debias import LanguageDebias
from indexer.dense import DenseIndex
from indexer.entry_table import EntryFacts
from indexer.passages import Passage, PassageKind
from indexer.query import FloatArray, Query
from indexer.retriever import Retriever

PASSAGES = 100_000
PHRASINGS = 4
"""Passages of a record: a question, two alternates and an answer."""
DIMENSION = 384
ENTRIES_OF_A_CLUSTER = 40
WORDS = 20_000
ASKED = 300
WIDTHS = (1, 12)
_KINDS = (PassageKind.QUESTION, *(PassageKind.ALTERNATE,) * (PHRASINGS - 2), PassageKind.ANSWER)


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A made-up knowledge base and questions to it."""

    passages: list[Passage]
    vectors: FloatArray
    queries: list[Query]


def measure() -> Iterator[Figure | Remark]:
    """Yield what is found for one language and for many."""
    for languages in WIDTHS:
        made = _make_up(languages)
        yield Remark(f"{len(made.passages):,} passages, {_counted(languages)}")
        started = perf_counter()
        entries = dict.fromkeys(passage.entry_id for passage in made.passages)
        index = Retriever.build(made.passages, made.vectors, [EntryFacts(name) for name in entries])
        yield Figure("time to index", perf_counter() - started, "s")
        with TemporaryDirectory(prefix="polyfaq-bench-") as folder:
            index.write(Path(folder))
            size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
            yield Figure("size on disk", size / 1e6, "MB")
            recall = _recall_at_10(Path(folder), made)
        yield from _times(index, made.queries)
        yield Figure("dense recall@10 of exact search", recall, "%", at_least(0.99))


def _times(index: Retriever, queries: list[Query]) -> Iterator[Figure]:
    for query in queries[:20]:
        index.rank(query)
    times, spent = [], []
    for query in queries:
        started, before = perf_counter(), thread_time()
        index.rank(query)
        times.append((perf_counter() - started) * 1000)
        spent.append((thread_time() - before) * 1000)
    yield Figure("time of a search, median", median(times), "ms", at_most(3))
    yield Figure("time of a search, 95th percentile", float(np.percentile(times, 95)), "ms")
    yield Figure("processor time of a search, median", median(spent), "ms")


def _recall_at_10(folder: Path, made: MadeUp) -> float:
    """Compare the best ten passages over all languages with those of a matrix product."""
    dense, debias = DenseIndex.read(folder / "dense"), LanguageDebias.read(folder)
    languages = [passage.lang for passage in made.passages]
    passages = debias.apply(made.vectors, languages, [passage.role for passage in made.passages])
    shared = 0
    for query in made.queries:
        vector = debias.question(query.vector, query.language)
        exact = np.argpartition(-(passages @ vector), 10)[:10]
        found = dense.search(vector, 64)
        best = found.rows.ravel()[np.argsort(-found.scores, axis=None)[:10]]
        shared += len(np.intersect1d(exact, best))
    return shared / (10 * len(made.queries))


def _make_up(languages: int, seed: int = 0) -> MadeUp:
    chance = np.random.default_rng(seed)
    entries = PASSAGES // PHRASINGS // languages
    clusters = _directions(chance, entries // ENTRIES_OF_A_CLUSTER + 1)
    meanings = np.repeat(clusters, ENTRIES_OF_A_CLUSTER, axis=0)[:entries]
    meanings = meanings + 0.7 * _directions(chance, entries)
    # The same direction everywhere, since all cosines of the model are high.
    common = 2.0 * _directions(chance, 1)
    passages: list[Passage] = []
    parts = []
    for number in range(languages):
        tag = f"{chr(ord('a') + number)}a"
        accent = 0.7 * _directions(chance, 1)
        base = np.repeat(meanings + accent + common, PHRASINGS, axis=0)
        parts.append(base + 0.5 * _directions(chance, len(base)))
        texts = _texts(tag, entries, seed)
        passages.extend(
            Passage(f"entry-{entry:05}", tag, kind, next(texts))
            for entry in range(entries)
            for kind in _KINDS
        )
    vectors = _normalized(np.concatenate(parts))
    picked = chance.choice(len(passages), ASKED, replace=False).tolist()
    near = vectors[picked] + 0.2 * _normalized(_directions(chance, ASKED))
    queries = [
        Query(_half_of(passages[row].text), passages[row].lang, vector)
        for row, vector in zip(picked, _normalized(near), strict=True)
    ]
    return MadeUp(passages, vectors, queries)


def _directions(chance: np.random.Generator, number: int) -> FloatArray:
    """Random vectors, shape (number, dimension), that differ most in a few directions.

    So do those of a model; where all directions weigh the same, nothing is near anything.
    """
    scales = (1.0 / np.sqrt(1.0 + np.arange(DIMENSION) / 32)).astype(np.float32)
    return chance.standard_normal((number, DIMENSION), np.float32) * scales


def _texts(language: str, entries: int, seed: int) -> Iterator[str]:
    """Texts of the passages of one language: 8 words a phrasing, 25 an answer."""
    chance = random.Random(f"{seed} {language}")  # noqa: S311 - made-up texts, no secret
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er")]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(WORDS)]
    weights = np.cumsum(1 / np.arange(1, WORDS + 1)).tolist()
    for _ in range(entries):
        for kind in _KINDS:
            number = 25 if kind is PassageKind.ANSWER else 8
            yield " ".join(chance.choices(words, cum_weights=weights, k=number))


def _half_of(text: str) -> str:
    words = text.split()[:12]
    return " ".join(words[::2])


def _normalized(vectors: FloatArray) -> FloatArray:
    normalized: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normalized


def _counted(languages: int) -> str:
    return "one language" if languages == 1 else f"{languages} languages"


if __name__ == "__main__":
    sys.exit(publish(measure))
