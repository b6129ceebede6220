"""What the confidence model shipped with polyfaq is made of.

`python -m benchmarks.shipped_confidence` prints it. It serves content that teaches too little,
above all entries with one phrasing each. So each language of the sample content is indexed by
itself without its alternates, and asked them: their entries are known, and they were not there to
be learnt from. Every one is asked with its entry and without.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from benchmarks.cached_vectors import vectors
from benchmarks.corpora import Corpus, question_vectors
from benchmarks.figures import Figure, Remark, publish
from benchmarks.questions import sample_content
from indexer.far_questions import far_questions
from indexer.features import FEATURES
from indexer.logistic import fit_logistic
from indexer.passages import PassageKind, passages_of
from indexer.phrasings import Trial, TrialKind, trial_weights
from indexer.query import Query
from indexer.ranking import Ranking
from knowledge_base.entry import Record, Status
from knowledge_base.files import read_content
from models.embedding import Role


def measure() -> Iterator[Figure | Remark]:
    """Yield the intercept and the weights of both parts of the model."""
    trials = [trial for language in _languages() for trial in _trials(language)]
    features = np.stack([trial.features for trial in trials])
    weight = trial_weights(trials)
    for name, label in (
        ("right", [trial.right for trial in trials]),
        ("among the first three", [trial.among_first for trial in trials]),
    ):
        model = fit_logistic(features, np.array(label, np.bool_), weight)
        yield Remark(f"{name}: {len(trials)} trials")
        yield Figure("intercept", model.intercept)
        for feature, each in zip(FEATURES, model.weights, strict=True):
            yield Figure(feature, each)


def _languages() -> Iterator[list[Record]]:
    content = read_content([sample_content()])
    records = [record for record in content.records if record.status is Status.APPROVED]
    for language in sorted({record.lang for record in records}):
        yield [record for record in records if record.lang == language]


def _trials(records: list[Record]) -> Iterator[Trial]:
    listed = [
        passage for passage in passages_of(records) if passage.kind is not PassageKind.ALTERNATE
    ]
    corpus = Corpus.of(listed)
    index = corpus.index()
    entry_of = np.array([passage.entry_id for passage in listed])
    asked = [(record, alternate) for record in records for alternate in record.alternates]
    for (record, text), vector in zip(
        asked, vectors([text for _, text in asked], Role.QUERY), strict=True
    ):
        query = Query(text, record.lang, vector)
        yield _trial(query, index.rank(query, 3), TrialKind.ANSWERABLE, record.id)
        without = index.without(entry_of == record.id)
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
