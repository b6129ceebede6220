"""What the confidence model shipped with polyfaq is made of.

`python -m benchmarks.shipped_confidence` prints it. It serves content that teaches too little,
above all entries with one phrasing each; so it is learnt from such contents
(`benchmarks/single_phrasings.py`), each of which counts the same. Every question is asked with its
entry and without. The threshold is learnt as for any content, from contents that the model asked
has not seen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.corpora import Corpus, question_vectors
from benchmarks.figures import Figure, Remark, publish
from benchmarks.shared_data import DATA, is_there
from benchmarks.single_phrasings import SingleContent, single_contents
from indexer.far_questions import far_questions
from indexer.features import FEATURES
from indexer.logistic import BoolVector, FloatVector, fit_logistic
from indexer.passages import passages_of
from indexer.phrasings import FOLDS, Trial, TrialKind, trial_weights
from indexer.probability import features_of
from indexer.query import Query
from indexer.ranking import Ranking
from indexer.thresholds import ERROR_BUDGET, lowest_threshold


@dataclass(frozen=True, slots=True)
class Asked:
    """The trials of one content, and the weight of each; the weights add up to 1."""

    name: str
    trials: tuple[Trial, ...]
    weight: FloatVector


def measure() -> Iterator[Figure | Remark]:
    """Yield the intercept and the weights of both parts of the model, and the threshold."""
    if not is_there("faq_parallel"):
        yield Remark(f"skipped, for want of faq_parallel in {DATA}")
        return
    contents = [_ask(content) for content in single_contents()]
    features, weight = _joined(contents)
    right = _labels(contents, among_first=False)
    for name, label in (
        ("right", right),
        ("among the first three", _labels(contents, among_first=True)),
    ):
        model = fit_logistic(features, label, weight)
        yield Remark(f"{name}: {len(label)} trials of {len(contents)} contents")
        yield Figure("intercept", model.intercept)
        for feature, each in zip(FEATURES, model.weights, strict=True):
            yield Figure(feature, each)
    probability = np.concatenate(
        [
            _held_out(content, [each for each in contents if each is not content])
            for content in contents
        ]
    )
    threshold = lowest_threshold(probability, right, weight, ERROR_BUDGET)
    yield Figure("threshold", threshold)
    start = 0
    for content in contents:
        part = slice(start, start + len(content.trials))
        start = part.stop
        delivered = probability[part] >= threshold
        wrong = float(content.weight[delivered & ~right[part]].sum())
        found = int((delivered & right[part]).sum())
        asked = sum(trial.kind is TrialKind.ANSWERABLE for trial in content.trials)
        share = wrong / max(float(content.weight[delivered].sum()), 1e-9)
        yield Figure(
            f"{content.name}: answered rightly", found / asked, "%", note=f"{share:.1%} wrong"
        )


def _joined(contents: Sequence[Asked]) -> tuple[np.ndarray, FloatVector]:
    features = np.concatenate([features_of(content.trials) for content in contents])
    weight = np.concatenate([content.weight for content in contents])
    return features, weight / weight.mean()


def _labels(contents: Sequence[Asked], *, among_first: bool) -> BoolVector:
    return np.array(
        [
            trial.among_first if among_first else trial.right
            for content in contents
            for trial in content.trials
        ],
        np.bool_,
    )


def _held_out(asked: Asked, others: Sequence[Asked]) -> FloatVector:
    features, weight = _joined(others)
    model = fit_logistic(features, _labels(others, among_first=False), weight)
    return model.probabilities(features_of(asked.trials))


def _ask(content: SingleContent) -> Asked:
    trials = tuple(_trials(content))
    weight = trial_weights(trials)
    return Asked(content.name, trials, weight / weight.sum())


def _trials(content: SingleContent) -> Iterator[Trial]:
    corpus = Corpus.of(passages_of(content.records))
    index = corpus.index()
    entry_of = np.array([passage.entry_id for passage in corpus.passages])
    vectors = question_vectors([question.text for question in content.questions])
    asked = [
        (Query(question.text, question.language, vector), question.entry_id)
        for question, vector in zip(content.questions, vectors, strict=True)
    ]
    for query, entry_id in asked:
        yield _trial(query, index.rank(query, 3), TrialKind.ANSWERABLE, entry_id)
    entries = sorted({entry_id for _, entry_id in asked})
    for fold in range(FOLDS):
        left_out = set(entries[fold::FOLDS])
        without = index.without(np.isin(entry_of, list(left_out)))
        for query, entry_id in asked:
            if entry_id in left_out:
                yield _trial(query, index.rank(query, 3, without), TrialKind.NEAR, None)
    far = far_questions()
    for question, vector in zip(
        far, question_vectors([question.text for question in far]), strict=True
    ):
        query = Query(question.text, question.language, vector)
        yield _trial(query, index.rank(query, 3), TrialKind.FAR, None)


def _trial(query: Query, ranking: Ranking, kind: TrialKind, expected: str | None) -> Trial:
    found = [entry.entry_id for entry in ranking.entries]
    return Trial(kind, query.language, ranking.features, found[0] == expected, expected in found)


if __name__ == "__main__":
    sys.exit(publish(measure))
