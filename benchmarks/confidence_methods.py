"""Ways to be more or less sure of a first entry: the product's own, and plain ones to compare with.

None sees the questions that it is measured on before they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import softmax

from benchmarks.corpora import question_vectors
from benchmarks.question_sets import Case
from benchmarks.risk import BoolVector, FloatVector
from indexer.confidence import ConfidenceModel
from indexer.decision import Outcome
from indexer.far_questions import far_questions
from indexer.query import FloatArray, Query

PRODUCT = "polyfaq"

USUAL_COSINE = 0.7
"""What the model gives texts that have nothing in common; similarity in excess of it says more."""

PENALTY = 40.0
"""Inverse strength of the logistic regression's ridge penalty, as scikit-learn counts it."""

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a method makes of the questions of a case; all shapes are (questions,).

    Attributes:
        confidence: In the first entry; a probability where the product says it.
        right: Whether that entry answers the question.
        delivered: Whether it would be delivered; all False where there is no threshold.
    """

    confidence: FloatVector
    right: BoolVector
    delivered: BoolVector

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put the verdicts of several cases behind one another."""
        return cls(
            np.concatenate([part.confidence for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.delivered for part in parts]),
        )


def product(case: Case, vectors: FloatArray) -> Verdicts:
    """Index, learn confidence and decide, as `polyfaq index` and the service do."""
    retriever = case.corpus.index()
    far = [
        Query(question.text, question.language, vector)
        for question, vector in zip(far_questions(), _far_vectors(), strict=True)
    ]
    model = ConfidenceModel.fit(retriever, case.corpus.passages, case.corpus.asked, far=far, seed=0)
    confidence = np.zeros(len(vectors))
    right, delivered = np.zeros(len(vectors), np.bool_), np.zeros(len(vectors), np.bool_)
    for row, (question, vector) in enumerate(zip(case.questions, vectors, strict=True)):
        ranking = retriever.rank(Query(question.text, question.language, vector))
        decision = model.decide(ranking)
        confidence[row] = decision.confidence.value
        right[row] = bool(ranking.entries) and ranking.entries[0].entry_id in question.gold
        delivered[row] = decision.outcome is Outcome.ANSWERED
    return Verdicts(confidence, right, delivered)


def baselines(case: Case, vectors: FloatArray) -> Iterator[tuple[str, Verdicts]]:
    """Plain ways, on the vectors as the model makes them.

    Args:
        case: What is asked.
        vectors: Of its questions, shape (questions, dimension).

    Yields:
        The name of each, and what it makes of the questions.
    """
    names = np.array([passage.entry_id for passage in case.corpus.passages])
    cosines = vectors @ case.corpus.plain.T
    best = cosines.max(axis=1)
    closest = names[cosines.argmax(axis=1)]
    yield "best cosine", _verdicts(case, best, closest)
    nearest = -np.partition(-cosines, _NEAREST, axis=1)[:, :_NEAREST].mean(axis=1)
    yield "mean of the three best", _verdicts(case, nearest, closest)
    likely, chosen = _logistic_regression(case.corpus.plain, names)(vectors)
    yield "logistic regression", _verdicts(case, likely, chosen)
    excess = likely * np.maximum(best - USUAL_COSINE, 0.0)
    yield "times excess similarity", _verdicts(case, excess, chosen)


def _logistic_regression(
    vectors: FloatArray, names: npt.NDArray[np.str_]
) -> Callable[[FloatArray], tuple[FloatVector, npt.NDArray[np.str_]]]:
    """Fit entries to vectors; what comes back gives the likeliest entry and its probability."""
    entries, entry_of = np.unique(names, return_inverse=True)
    rows = np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])
    shape = rows.shape[1], len(entries)
    penalised = np.append(np.ones(vectors.shape[1], np.float32), np.float32(0.0))[:, None]

    def loss(flat: FloatVector) -> tuple[float, FloatVector]:
        weights = flat.astype(np.float32).reshape(shape)
        excess = softmax(rows @ weights, axis=1)
        own = np.maximum(excess[np.arange(len(rows)), entry_of], 1e-30)
        excess[np.arange(len(rows)), entry_of] -= 1.0
        held = weights * penalised / PENALTY
        value = 0.5 * float((held * weights).sum()) - float(np.log(own).sum())
        gradient = rows.T @ excess + held
        return value / len(rows), gradient.ravel().astype(np.float64) / len(rows)

    fitted = minimize(
        loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"gtol": 1e-4}
    ).x.reshape(shape)

    def likeliest(questions: FloatArray) -> tuple[FloatVector, npt.NDArray[np.str_]]:
        probabilities = softmax(questions @ fitted[:-1] + fitted[-1], axis=1)
        return probabilities.max(axis=1), entries[probabilities.argmax(axis=1)]

    return likeliest


def _verdicts(
    case: Case, confidence: npt.NDArray[np.floating], chosen: npt.NDArray[np.str_]
) -> Verdicts:
    right = [
        str(name) in question.gold for name, question in zip(chosen, case.questions, strict=True)
    ]
    return Verdicts(
        confidence.astype(np.float64), np.array(right, np.bool_), np.zeros(len(right), np.bool_)
    )


@cache
def _far_vectors() -> FloatArray:
    return question_vectors([question.text for question in far_questions()])
