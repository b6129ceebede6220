"""How sure the index is of its first entry, learnt from the knowledge base itself.

A logistic regression on a few features of the ranking, fitted at indexing to trials with the
knowledge base's own phrasings (`indexer.phrasings`), lowered in languages that do worse. The
threshold is the lowest at which trials held out of the fit show, with a stated confidence, that no
more than the budgeted share of delivered answers is wrong: in each language that is asked enough,
and in all together for the others. Where trials show no such, each answer must be sure enough by
itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np

from indexer import shipped_confidence
from indexer.decision import Confidence, Decision, Outcome, Reason
from indexer.features import FEATURES
from indexer.language_confidence import LanguageConfidence, by_language, delivered_of
from indexer.logistic import BoolVector, Logistic
from indexer.passages import Passage
from indexer.phrasings import (
    AskedPhrasings,
    Trial,
    TrialKind,
    of_kind,
    run_reworded_trials,
    run_trials,
    trial_weights,
)
from indexer.probability import Probability, held_out
from indexer.promise import promise
from indexer.query import FloatArray, Query
from indexer.ranking import Ranking
from indexer.retriever import Retriever
from indexer.thresholds import (
    ERROR_BUDGET,
    NEVER,
    threshold_within,
)

ENOUGH_FOUND: Final = 25
"""Phrasings found by another text of their entry, below which the model shipped with polyfaq is
used."""

CLARIFY_FROM: Final = 0.5
"""Ask back when the right entry is more likely than not among the first three."""

NOTHING_BELOW: Final = 0.2
"""Nothing similar was found when it is among the first three with less than this."""

VERBATIM: Final = 0.999
"""Confidence in an entry one of whose phrasings the question is, word for word."""

_FILE: Final = "confidence.json"


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """What decides whether a ranking is answered.

    Attributes:
        right: Probability that the first entry answers.
        among_first: Probability that one of the first three does, be it in words of the
            visitor's own.
        threshold: Lowest value of `right` at which the first entry is delivered, in languages that
            have none of their own.
        description: How it came about, in words, for the manifest.
        coverage: Share of the answerable trials that was delivered, held out of the fit; None where
            there were too few.
        languages: What trials say of each language.
    """

    right: Probability
    among_first: Probability
    threshold: float
    description: str
    coverage: float | None = None
    languages: Mapping[str, LanguageConfidence] = field(
        default_factory=lambda: MappingProxyType({})
    )

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
        answerable = of_kind(trials, TrialKind.ANSWERABLE)
        right = _labels(trials, among_first=False)
        unanswerable = [
            trial.features for trial in trials if trial.kind is not TrialKind.ANSWERABLE
        ]
        if right.sum() < ENOUGH_FOUND or right.all():
            return cls.shipped(int(right.sum()), unanswerable, error_budget)
        learnt_from = (*trials, *run_reworded_trials(retriever, passages, asked, seed=seed))
        label, weight = _labels(learnt_from, among_first=False), trial_weights(learnt_from)
        probability = held_out(learnt_from, label, weight, seed)[: len(trials)]
        threshold = threshold_within(error_budget, probability, right, trial_weights(trials))
        languages = by_language(trials, probability, right, threshold, error_budget)
        delivered = delivered_of(trials, probability, threshold, languages)
        coverage = float(delivered[answerable].mean())
        return cls(
            Probability.fit(learnt_from, label, weight),
            Probability.fit(learnt_from, _labels(learnt_from, among_first=True), weight),
            threshold,
            promise(
                len(learnt_from),
                coverage,
                error_budget=error_budget,
                threshold=threshold,
                languages=languages,
            ),
            coverage,
            languages,
        )

    @classmethod
    def shipped(
        cls,
        found: int,
        unanswerable: Sequence[FloatArray] = (),
        error_budget: float = ERROR_BUDGET,
    ) -> Self:
        """The model for content that teaches too little: one learnt from other contents.

        Where entries have one phrasing each, nothing can be seen of right answers, but something
        of wrong ones: no more than the budgeted share of the questions without an answer may be
        delivered, be it at the price of delivering next to nothing.

        Args:
            found: Phrasings that were found by another text of their entry.
            unanswerable: Features of what was found for questions without an answer, each of
                shape (features,).
            error_budget: Share of delivered answers that may be wrong, in (0, 1).
        """
        threshold = shipped_confidence.THRESHOLD
        if error_budget < ERROR_BUDGET:
            threshold = max(threshold, 1.0 - error_budget)
        if len(unanswerable):
            wrong = shipped_confidence.RIGHT.pooled.probabilities(np.stack(unanswerable))
            highest = float(np.quantile(wrong, 1.0 - error_budget, method="higher"))
            threshold = max(threshold, min(float(np.nextafter(highest, 1.0)), NEVER))
        return cls(
            shipped_confidence.RIGHT,
            shipped_confidence.AMONG_FIRST,
            threshold,
            f"the model shipped with polyfaq, since this content teaches too little: {found} "
            f"phrasings were found by another text of their entry, where {ENOUGH_FOUND} are "
            f"needed; more alternates would help",
        )

    def threshold_in(self, language: str) -> float:
        """The threshold for questions in a language, or in none that is known."""
        own = self.languages.get(language)
        return self.threshold if own is None or own.threshold is None else own.threshold

    def coverage_in(self, language: str) -> float | None:
        """Share of the answerable trials in a language that was delivered; None without any."""
        of_it = self.languages.get(language)
        return None if of_it is None else of_it.coverage

    def decide(self, ranking: Ranking) -> Decision:
        """Answer with the first entry, ask back between the first three, or hand over."""
        threshold = self.threshold_in(ranking.language)
        if not ranking.entries:
            nothing = Confidence(0.0, threshold)
            return Decision(Outcome.HANDOFF, Reason.NOTHING_SIMILAR, nothing, ())
        value = self.right.of(ranking.features, ranking.language)
        if ranking.verbatim:
            value = max(value, VERBATIM)
        confidence = Confidence(value, threshold)
        if value >= threshold:
            return Decision(Outcome.ANSWERED, None, confidence, ranking.entries[:1])
        among_first = self.among_first.of(ranking.features, ranking.language)
        candidates = ranking.entries[:3]
        if among_first >= CLARIFY_FROM and len(candidates) > 1:
            return Decision(Outcome.CLARIFY, Reason.LOW_CONFIDENCE, confidence, candidates)
        reason = Reason.NOTHING_SIMILAR if among_first < NOTHING_BELOW else Reason.LOW_CONFIDENCE
        return Decision(Outcome.HANDOFF, reason, confidence, candidates)

    def write(self, folder: Path) -> None:
        """Write the model into a generation's folder."""
        document = {
            "features": FEATURES,
            "right": _written(self.right),
            "among_first": _written(self.among_first),
            "threshold": self.threshold,
            "description": self.description,
            "coverage": self.coverage,
            "languages": {name: asdict(each) for name, each in self.languages.items()},
        }
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
        return cls(
            _read(document["right"]),
            _read(document["among_first"]),
            document["threshold"],
            document["description"],
            document["coverage"],
            {name: LanguageConfidence(**each) for name, each in document["languages"].items()},
        )


def _labels(trials: Sequence[Trial], *, among_first: bool) -> BoolVector:
    """Whether the first entry was right, or one of the first three; shape (trials,)."""
    return np.array([t.among_first if among_first else t.right for t in trials], np.bool_)


def _written(part: Probability) -> dict[str, Any]:
    return {**asdict(part.pooled), "offsets": dict(part.offsets)}


def _read(part: dict[str, Any]) -> Probability:
    return Probability(Logistic(part["intercept"], tuple(part["weights"])), part["offsets"])
