"""A logistic regression whose every feature can only speak for, never against."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.query import FloatArray

FloatVector = npt.NDArray[np.float64]
BoolVector = npt.NDArray[np.bool_]

RIDGE = 1.0
"""Penalty on squared weights of standardised features, as if of one trial."""

_LARGEST_LOGIT = 30.0


@dataclass(frozen=True, slots=True)
class Logistic:
    """The fitted model.

    Attributes:
        intercept: In logits.
        weights: In logits a unit of each feature.
    """

    intercept: float
    weights: tuple[float, ...]

    def probability(self, features: FloatArray) -> float:
        """The probability, in (0, 1), for one row of features, shape (features,)."""
        logit = self.intercept + float(np.dot(features, self.weights))
        return 1.0 / (1.0 + math.exp(-max(min(logit, _LARGEST_LOGIT), -_LARGEST_LOGIT)))

    def logits(self, features: FloatArray) -> FloatVector:
        """Logits for many rows, shape (rows, features); shape (rows,)."""
        logits: FloatVector = self.intercept + features @ np.array(self.weights)
        return logits

    def probabilities(self, features: FloatArray) -> FloatVector:
        """Probabilities for many rows, shape (rows, features); shape (rows,)."""
        return sigmoid(self.logits(features))

    def moved(self, offset: float) -> Logistic:
        """The same model with an offset on its logits."""
        return Logistic(self.intercept + offset, self.weights)


def fit_logistic(features: FloatArray, label: BoolVector, weight: FloatVector) -> Logistic:
    """Fit by maximum likelihood with a ridge penalty and weights that are not negative.

    A closer match, a greater lead or a further vote never makes an answer less likely to be right;
    a fit to the knowledge base's own phrasings that says otherwise has learnt something about how
    editors write, which does not hold for what visitors type.

    Args:
        features: Shape (trials, features); more of each speaks for.
        label: Shape (trials,).
        weight: Shape (trials,), how much each counts.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - only indexing fits, and serving starts fast

    mean, spread = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
    rows = ((features - mean) / spread).astype(np.float64)

    def loss(parameters: FloatVector) -> tuple[float, FloatVector]:
        logit = parameters[0] + rows @ parameters[1:]
        excess = weight * (sigmoid(logit) - label)
        gradient = rows.T @ excess + RIDGE * parameters[1:]
        value = np.sum(weight * (np.logaddexp(0.0, logit) - label * logit))
        value += 0.5 * RIDGE * np.sum(parameters[1:] ** 2)
        return float(value), np.concatenate([[excess.sum()], gradient])

    bounds = [(None, None), *[(0.0, None)] * features.shape[1]]
    start = np.zeros(features.shape[1] + 1)
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    scaled = found[1:] / spread
    return Logistic(float(found[0] - np.dot(scaled, mean)), tuple(float(w) for w in scaled))


def sigmoid(logit: FloatVector) -> FloatVector:
    """The logistic function of each."""
    probability: FloatVector = 1.0 / (
        1.0 + np.exp(-np.clip(logit, -_LARGEST_LOGIT, _LARGEST_LOGIT))
    )
    return probability
