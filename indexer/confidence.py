"""How sure the index is of its first entry, learnt from the knowledge base itself.

A logistic regression on a few features of the ranking, fitted at indexing to trials with the
knowledge base's own phrasings (`indexer.phrasings`). The threshold is the lowest at which trials
held out of the fit show, with a stated confidence, that no more than the budgeted share of
delivered answers is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from indexer.decision import Confidence, Decision, Outcome, Reason
from indexer.features import FEATURES
from indexer.logistic import BoolVector, FloatVector, Logistic, fit_logistic
from indexer.passages import Passage
from indexer.phrasings import AskedPhrasings, Trial, TrialKind, run_trials
from indexer.query import FloatArray, Query
from indexer.ranking import Ranking
from indexer.retriever import Retriever

ERROR_BUDGET: Final = 0.05
"""Share of delivered answers that may be wrong."""

ASSURANCE: Final = 0.9
"""How sure it shall be, by what the trials tell, that no more of what is delivered is wrong."""

SHARES: Final = {TrialKind.ANSWERABLE: 0.75, TrialKind.NEAR: 0.125, TrialKind.FAR: 0.125}
"""What visitors' questions are taken to be, for want of a count: as editors are told to write
golden questions, a quarter without an answer, half of these near the topic."""

ENOUGH_FOUND: Final = 25
"""Phrasings found by another text of their entry, below which the model shipped with polyfaq is
used."""

CLARIFY_FROM: Final = 0.5
"""Ask back when the right entry is more likely than not among the first three."""

NOTHING_BELOW: Final = 0.2
"""Nothing similar was found when it is among the first three with less than this."""

NEVER: Final = 0.999
"""The threshold where none keeps the budget: only what is as good as certain is delivered."""

VERBATIM: Final = 0.999
"""Confidence in an entry one of whose phrasings the question is, word for word."""

_FOLDS: Final = 5
_FILE: Final = "confidence.json"


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """What decides whether a ranking is answered.

    Attributes:
        right: Probability that the first entry answers.
        among_first: Probability that one of the first three does.
        threshold: Lowest value of `right` at which the first entry is delivered.
        description: How it came about, in words, for the manifest.
    """

    right: Logistic
    among_first: Logistic
    threshold: float
    description: str

    @classmethod
    def fit(
        cls,
        retriever: Retriever,
        passages: Sequence[Passage],
        asked: AskedPhrasings,
        *,
        far: Sequence[Query],
        seed: int,
        error_budget: float = ERROR_BUDGET,
    ) -> Self:
        """Learn from the index's own phrasings.

        Args:
            retriever: The index.
            passages: All its passages, in its order.
            asked: Its phrasings to ask it.
            far: Questions on other topics.
            seed: Chooses the folds.
            error_budget: Share of delivered answers that may be wrong, in (0, 1).
        """
        trials = tuple(run_trials(retriever, passages, asked, far, seed=seed))
        answerable = _of_kind(trials, TrialKind.ANSWERABLE)
        right = np.array([trial.right for trial in trials], np.bool_)
        unanswerable = [
            trial.features for trial in trials if trial.kind is not TrialKind.ANSWERABLE
        ]
        if right.sum() < ENOUGH_FOUND or right.all():
            return cls.shipped(int(right.sum()), unanswerable, error_budget)
        features = np.stack([trial.features for trial in trials])
        among_first = np.array([trial.among_first for trial in trials], np.bool_)
        weight = trial_weights(trials)
        held_out = _held_out(features, right, weight, seed)
        threshold = lowest_threshold(held_out, right, weight, error_budget)
        delivered = float((held_out[answerable] >= threshold).mean())
        return cls(
            fit_logistic(features, right, weight),
            fit_logistic(features, among_first, weight),
            threshold,
            f"learnt from {len(trials)} trials with the knowledge base's own phrasings; in trials "
            f"held out, {delivered:.0%} of the answerable questions were delivered; at most "
            f"{error_budget:.0%} of the delivered answers are wrong, with {ASSURANCE:.0%} "
            f"confidence",
        )

    @classmethod
    def shipped(
        cls,
        found: int,
        unanswerable: Sequence[FloatArray] = (),
        error_budget: float = ERROR_BUDGET,
    ) -> Self:
        """The model for content that teaches too little: the one learnt from the sample content.

        Where entries have one phrasing each, nothing can be seen of right answers, but something
        of wrong ones: no more than the budgeted share of the questions without an answer may be
        delivered, be it at the price of delivering next to nothing.

        Args:
            found: Phrasings that were found by another text of their entry.
            unanswerable: Features of what was found for questions without an answer, each of
                shape (features,).
            error_budget: Share of delivered answers that may be wrong, in (0, 1).
        """
        threshold = _SHIPPED_THRESHOLD
        if len(unanswerable):
            wrong = _SHIPPED_RIGHT.probabilities(np.stack(unanswerable))
            highest = float(np.quantile(wrong, 1.0 - error_budget, method="higher"))
            threshold = max(threshold, min(float(np.nextafter(highest, 1.0)), NEVER))
        return cls(
            _SHIPPED_RIGHT,
            _SHIPPED_AMONG_FIRST,
            threshold,
            f"the model shipped with polyfaq, since this content teaches too little: {found} "
            f"phrasings were found by another text of their entry, where {ENOUGH_FOUND} are "
            f"needed; more alternates would help",
        )

    def decide(self, ranking: Ranking) -> Decision:
        """Answer with the first entry, ask back between the first three, or hand over."""
        if not ranking.entries:
            nothing = Confidence(0.0, self.threshold)
            return Decision(Outcome.HANDOFF, Reason.NOTHING_SIMILAR, nothing, ())
        value = self.right.probability(ranking.features)
        if ranking.verbatim:
            value = max(value, VERBATIM)
        confidence = Confidence(value, self.threshold)
        if confidence.value >= self.threshold:
            return Decision(Outcome.ANSWERED, None, confidence, ranking.entries[:1])
        among_first = self.among_first.probability(ranking.features)
        candidates = ranking.entries[:3]
        if among_first >= CLARIFY_FROM and len(candidates) > 1:
            return Decision(Outcome.CLARIFY, Reason.LOW_CONFIDENCE, confidence, candidates)
        reason = Reason.NOTHING_SIMILAR if among_first < NOTHING_BELOW else Reason.LOW_CONFIDENCE
        return Decision(Outcome.HANDOFF, reason, confidence, candidates)

    def write(self, folder: Path) -> None:
        """Write the model into a generation's folder."""
        document = {"features": FEATURES, **asdict(self)}
        (folder / _FILE).write_text(json.dumps(document, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a model back; the caller has verified the folder's checksums.

        Raises:
            ValueError: When it was fitted to other features than the retriever gives.
        """
        document = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if tuple(document["features"]) != FEATURES:
            raise ValueError(f"{_FILE} was fitted to other features than this version gives")
        right, among_first = (
            Logistic(part["intercept"], tuple(part["weights"]))
            for part in (document["right"], document["among_first"])
        )
        return cls(right, among_first, float(document["threshold"]), document["description"])


def lowest_threshold(
    probability: FloatVector, right: BoolVector, weight: FloatVector, budget: float
) -> float:
    """Find the lowest threshold that keeps the wrong share of what is delivered in the budget.

    Not the share that was seen is held against the budget, but the greatest that would be seen so
    rarely: the upper end of its exact binomial interval, at `ASSURANCE` (selection with guaranteed
    risk, Geifman and El-Yaniv, 2017: "Selective Classification for Deep Neural Networks"). Trials
    of unlike weight count as so many equal ones as would say as much (Kish, 1965).

    Args:
        probability: Shape (trials,), of each first entry being right.
        right: Shape (trials,), whether it was.
        weight: Shape (trials,), how often each stands for a visitor's question.
        budget: Greatest share of delivered answers that may be wrong.

    Returns:
        A threshold in [0, 1]; `NEVER` where none keeps the budget.
    """
    from scipy.stats import beta  # noqa: PLC0415 - only indexing fits, and serving starts fast

    order = np.argsort(-probability, kind="stable")
    wrong = np.cumsum(np.where(right, 0.0, weight)[order])
    delivered = np.cumsum(weight[order])
    trials = delivered**2 / np.cumsum(weight[order] ** 2)
    mistakes = wrong / delivered * trials
    # With nothing right the interval ends at 1.
    highest = beta.ppf(ASSURANCE, mistakes + 1.0, np.maximum(trials - mistakes, 1e-9))
    ranked = probability[order]
    # Equal probabilities are delivered together or not at all.
    last_of_equals = np.append(ranked[1:] < ranked[:-1], np.True_)
    kept = np.flatnonzero((highest <= budget) & last_of_equals)
    return float(ranked[kept[-1]]) if len(kept) else NEVER


def _of_kind(trials: Sequence[Trial], kind: TrialKind) -> BoolVector:
    return np.array([trial.kind is kind for trial in trials], np.bool_)


def trial_weights(trials: Sequence[Trial]) -> FloatVector:
    """Weigh trials so that each kind makes up its share of visitors' questions; the mean is 1."""
    weight = np.zeros(len(trials))
    for kind, share in SHARES.items():
        of_kind = _of_kind(trials, kind)
        weight[of_kind] = share / max(of_kind.mean(), 1e-9)
    mean_one: FloatVector = weight / weight.mean()
    return mean_one


def _held_out(
    features: FloatArray, label: BoolVector, weight: FloatVector, seed: int
) -> FloatVector:
    """Probabilities for every trial by a model that did not see it, shape (trials,)."""
    fold = np.random.default_rng(seed).permutation(len(label)) % _FOLDS
    held_out = np.zeros(len(label))
    for number in range(_FOLDS):
        seen, asked = fold != number, fold == number
        model = fit_logistic(features[seen], label[seen], weight[seen])
        held_out[asked] = model.probabilities(features[asked])
    return held_out


# Learnt from the sample content by `python -m benchmarks.shipped_confidence`; rounded, in the order
# of `FEATURES`. The threshold is that for content that nothing is known of.
_SHIPPED_RIGHT = Logistic(-5.8, (0.0, 0.0, 4.5, 21.4, 0.0, 2.5, 0.2, 0.6, 0.0))
_SHIPPED_AMONG_FIRST = Logistic(-7.1, (0.0, 0.0, 8.6, 19.5, 0.0, 2.4, 0.1, 0.0, 0.0))
_SHIPPED_THRESHOLD = 0.95
