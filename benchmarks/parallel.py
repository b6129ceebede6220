"""faq_parallel: FAQs in 50 languages, asked across languages and with translations missing.

A question is asked in the words of one of its translations, which must not be in the index then.
Questions are dealt into folds, and each fold is asked of an index of its own that was built without
their texts, language means and lexical weights included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.corpora import Corpus, faq_parallel
from benchmarks.figures import Figure, Remark, more_than
from indexer.passages import Passage, PassageKind
from indexer.query import FloatArray, Query

SOURCE = "en"
FOLDS = 20
"""Of entries that lose all but English: a twentieth of them at a time."""
GAPS = 25
"""Folds where each entry lacks some languages: two of fifty at a time, in each entry others."""
WORST = 10


@dataclass(frozen=True, slots=True)
class Fold:
    """Questions, and the index that they are asked of.

    Attributes:
        asked: Row numbers of the questions in the whole corpus.
        index: What is left of the corpus.
    """

    asked: Sequence[int]
    index: Corpus


@dataclass(slots=True)
class Tally:
    """Which questions found the right entry first, by language."""

    hits: dict[str, list[bool]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Of all questions, those that did, in [0, 1]."""
        return float(np.mean([hit for hits in self.hits.values() for hit in hits]))

    @property
    def worst(self) -> str:
        """The languages where fewest did."""
        shares = sorted((float(np.mean(hits)), language) for language, hits in self.hits.items())
        return "worst: " + ", ".join(
            f"{language} {share:.2f}" for share, language in shares[:WORST]
        )

    def add(self, question: Passage, found: str) -> None:
        """Count a question and the entry that came first."""
        self.hits.setdefault(question.lang, []).append(found == question.entry_id)


def measure_parallel() -> Iterator[Figure | Remark]:
    """Yield R@1, the share of questions whose right entry comes first, in each situation."""
    corpus = faq_parallel()
    languages = sorted({passage.lang for passage in corpus.passages})
    source = {passage.entry_id for passage in corpus.passages if passage.lang == SOURCE}
    asked = [
        row
        for row, passage in enumerate(corpus.passages)
        if passage.kind is PassageKind.QUESTION
        and passage.lang != SOURCE
        and passage.entry_id in source
    ]
    yield Remark(
        f"faq_parallel: {len(source)} entries, {len(asked)} questions in the {len(languages) - 1} "
        f"languages other than {SOURCE}; R@1"
    )
    for name, folds in (
        ("index in English only", _english_only(corpus, asked)),
        ("the right entry in English only, the others everywhere", _one_left_behind(corpus, asked)),
        ("the right entry lacking the question's language", _one_gap(corpus, asked, languages)),
    ):
        raw, centred, found = Tally(), Tally(), Tally()
        for fold in folds:
            _ask_cosines(corpus, fold, raw, centred)
            _ask_polyfaq(corpus, fold, found)
        yield Remark(name)
        yield Figure("cosine of questions", raw.share)
        yield Figure("the same, each language's mean subtracted", centred.share)
        yield Figure("polyfaq", found.share, "", more_than(centred.share), found.worst)


def _english_only(corpus: Corpus, asked: Sequence[int]) -> Iterator[Fold]:
    yield Fold(asked, corpus.part([passage.lang == SOURCE for passage in corpus.passages]))


def _one_left_behind(corpus: Corpus, asked: Sequence[int]) -> Iterator[Fold]:
    """Let a few entries at a time lose all but their English texts."""
    entries = sorted({passage.entry_id for passage in corpus.passages})
    turn = {entry: number % FOLDS for number, entry in enumerate(entries)}
    for fold in range(FOLDS):
        kept = [
            turn[passage.entry_id] != fold or passage.lang == SOURCE for passage in corpus.passages
        ]
        yield Fold([row for row in asked if not kept[row]], corpus.part(kept))


def _one_gap(corpus: Corpus, asked: Sequence[int], languages: Sequence[str]) -> Iterator[Fold]:
    """Let every entry lose a few languages at a time, each other ones."""
    entries = {passage.entry_id for passage in corpus.passages}
    place = {entry: number for number, entry in enumerate(sorted(entries))}
    turn = {language: number for number, language in enumerate(languages)}
    for fold in range(GAPS):
        kept = [
            (place[passage.entry_id] + turn[passage.lang]) % GAPS != fold
            for passage in corpus.passages
        ]
        yield Fold([row for row in asked if not kept[row]], corpus.part(kept))


def _ask_polyfaq(corpus: Corpus, fold: Fold, found: Tally) -> None:
    index = fold.index.index()
    for row in fold.asked:
        question = corpus.passages[row]
        query = Query(question.text, question.lang, corpus.plain[row])
        found.add(question, index.rank(query, 1).entries[0].entry_id)


def _ask_cosines(corpus: Corpus, fold: Fold, raw: Tally, centred: Tally) -> None:
    """Compare with the indexed questions alone: the entry of the closest one comes first."""
    of_questions = fold.index.part(
        [passage.kind is PassageKind.QUESTION for passage in fold.index.passages]
    )
    entries = [passage.entry_id for passage in of_questions.passages]
    means = _Means(of_questions)
    moved = means.subtracted(
        of_questions.plain, [passage.lang for passage in of_questions.passages]
    )
    for row in fold.asked:
        question, vector = corpus.passages[row], corpus.plain[row]
        raw.add(question, entries[int(np.argmax(of_questions.plain @ vector))])
        (asked,) = means.subtracted(vector[None], [question.lang])
        centred.add(question, entries[int(np.argmax(moved @ asked))])


class _Means:
    """The mean of each language's questions; of all, where a language has none."""

    def __init__(self, questions: Corpus) -> None:
        languages = np.array([passage.lang for passage in questions.passages], str)
        self._overall = questions.plain.mean(axis=0)
        self._means = {
            language: questions.plain[languages == language].mean(axis=0)
            for language in set(languages.tolist())
        }

    def subtracted(self, vectors: FloatArray, languages: Sequence[str]) -> FloatArray:
        """Subtract each one's mean, and bring what is left to length 1."""
        left = vectors - np.stack([self._means.get(tag, self._overall) for tag in languages])
        normalized: FloatArray = left / np.linalg.norm(left, axis=1, keepdims=True)
        return normalized
