"""covid_faq: what people typed, against the FAQ of public bodies in five languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import bm25s
import numpy as np
import numpy.typing as npt

from benchmarks.cached_vectors import vectors
from benchmarks.corpora import covid_faq, question_vectors
from benchmarks.figures import Figure, Remark, more_than
from benchmarks.shared_data import rows
from indexer.query import FloatArray, Query
from indexer.retriever import Retriever
from models.embedding import Role

LANGUAGES = ("en", "de")
"""Those that questions were collected in."""

Row = Mapping[str, Any]
Ranked = Callable[[int], Sequence[str]]


def measure_covid() -> Iterator[Figure | Remark]:
    """Yield the mean reciprocal rank of the right entry, of the product and of baselines."""
    bank, asked = rows("covid_faq/bank.jsonl"), rows("covid_faq/queries.jsonl")
    questions = question_vectors([row["query"] for row in asked])
    corpus = covid_faq()
    everything = corpus.index()
    for language in LANGUAGES:
        numbers = [number for number, row in enumerate(asked) if row["lang"] == language]
        at_home = [row for row in bank if row["lang"] == language]
        own = corpus.part([passage.lang == language for passage in corpus.passages]).index()
        yield Remark(f"covid_faq: {len(numbers)} questions in {language}, mean reciprocal rank")
        cosine_all = _mrr(asked, numbers, _by_cosine(bank, questions))
        cosine_own = _mrr(asked, numbers, _by_cosine(at_home, questions))
        words_own = _mrr(asked, numbers, _by_words(at_home, asked))
        yield Figure("cosine of question, and of question and answer; all languages", cosine_all)
        yield Figure(f"the same, indexing {language} alone", cosine_own)
        yield Figure(f"BM25, indexing {language} alone", words_own)
        for name, index, cosine in (
            ("polyfaq; all languages in one knowledge base", everything, cosine_all),
            (f"polyfaq, indexing {language} alone", own, cosine_own),
        ):
            found = _mrr(asked, numbers, _by_polyfaq(index, asked, questions))
            yield Figure(name, found, "", more_than(max(cosine, words_own)))


def _mrr(asked: Sequence[Row], numbers: Sequence[int], ranked: Ranked) -> float:
    total = 0.0
    for number in numbers:
        gold = set(asked[number]["gold_ids"])
        places = (place for place, entry in enumerate(ranked(number), 1) if entry in gold)
        total += 1 / next(places, np.inf)
    return total / len(numbers)


def _by_polyfaq(index: Retriever, asked: Sequence[Row], questions: FloatArray) -> Ranked:
    def ranked(number: int) -> Sequence[str]:
        row = asked[number]
        query = Query(row["query"], row["lang"], questions[number])
        return [entry.entry_id for entry in index.rank(query, 100).entries]

    return ranked


def _by_cosine(bank: Sequence[Row], questions: FloatArray) -> Ranked:
    alone = vectors([row["question"] for row in bank], Role.PASSAGE)
    whole = vectors([f"{row['question']} {row['answer']}" for row in bank], Role.PASSAGE)
    return _sorted(
        bank, lambda number: np.maximum(alone @ questions[number], whole @ questions[number])
    )


def _by_words(bank: Sequence[Row], asked: Sequence[Row]) -> Ranked:
    """Rank by BM25 as the library does it out of the box, over words of question and answer."""
    texts = [f"{row['question']} {row['answer']}" for row in bank]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords=None, show_progress=False), show_progress=False)

    def scores(number: int) -> FloatArray:
        (words,) = bm25s.tokenize(
            [asked[number]["query"]], stopwords=None, return_ids=False, show_progress=False
        )
        found: FloatArray = index.get_scores(words)
        return found

    return _sorted(bank, scores)


def _sorted(bank: Sequence[Row], scores: Callable[[int], npt.NDArray[np.float32]]) -> Ranked:
    return lambda number: [
        bank[at]["id"] for at in np.argsort(-scores(number), kind="stable").tolist()
    ]
