"""A probability learnt from trials, for all languages and for each."""

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.features import FEATURES, LOG_LEAD, SCORE_LEAD
from indexer.logistic import Logistic
from indexer.phrasings import Trial, TrialKind, trial_weights
from indexer.probability import Probability, held_out

TELLING = FEATURES.index("its best cosine")


def trials(
    *languages: tuple[str, float], learnt: bool = False, number: int = 200, seed: int = 0
) -> list[Trial]:
    """Trials in which the best cosine tells right from wrong.

    Args:
        languages: Each with the odds that are added to its answers being right, in logits.
        learnt: Whether there was a lead in likelihood, which tells nothing here.
        number: In each language.
        seed: Of chance.
    """
    chance = np.random.default_rng(seed)
    made = []
    for language, odds in languages:
        for place in range(number):
            features = np.zeros(len(FEATURES), np.float32)
            features[TELLING], features[SCORE_LEAD] = chance.normal(size=2)
            if learnt:
                features[LOG_LEAD] = chance.normal()
            logit = 2.0 * features[TELLING] + 2.0 * features[SCORE_LEAD] + odds
            right = bool(chance.random() < 1.0 / (1.0 + np.exp(-logit)))
            kind = TrialKind.NEAR if place % 2 else TrialKind.ANSWERABLE
            made.append(Trial(kind, language, features, right, right))
    return made


def labels(asked: Sequence[Trial]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([trial.right for trial in asked], np.bool_)


def fit(asked: Sequence[Trial]) -> Probability:
    return Probability.fit(asked, labels(asked), np.ones(len(asked)))


def test_a_language_that_does_worse_has_an_offset_and_others_have_none() -> None:
    languages = [(f"l{number}", 1.0) for number in range(6)]
    model = fit(trials(*languages, ("worse", -1.5)))
    features = np.zeros(len(FEATURES), np.float32)

    assert model.offsets["worse"] < -1.0
    assert model.of(features, "worse") < model.of(features, "l0") - 0.15


def test_a_language_that_was_not_tried_is_lowered_as_much_as_languages_are_on_average() -> None:
    model = fit(trials(("de", 1.0), ("en", 1.0), ("fr", 1.0), ("worse", -1.5)))
    mean = sum(model.offset_in(tag) for tag in ("de", "en", "fr", "worse")) / 4

    assert mean < -0.2
    for untried in ("und", "nl"):
        assert abs(model.offset_in(untried) - mean) < 1e-9


def test_where_one_language_was_tried_none_is_lowered() -> None:
    assert fit(trials(("en", 1.0))).offset_in("nl") == 0.0


def test_trials_are_given_what_questions_are_given() -> None:
    asked = trials(("de", 1.0), ("en", 1.0), ("worse", -1.5))
    model = fit(asked)

    expected = [model.of(trial.features, trial.language) for trial in asked[::50]]
    np.testing.assert_allclose(model.of_trials(asked)[::50], expected, rtol=1e-5)


def test_the_lead_in_the_score_counts_only_where_none_in_likelihood_was_learnt() -> None:
    without, learnt = fit(trials(("en", 0.0))), fit(trials(("en", 0.0), learnt=True))

    assert without.pooled.weights[SCORE_LEAD] > 1.0
    assert learnt.pooled.weights[SCORE_LEAD] == 0.0


def test_questions_on_other_topics_say_nothing_against_their_language() -> None:
    near = trials(("de", 0.0), ("en", 0.0), ("fr", 0.0))
    far = [
        Trial(TrialKind.FAR, "fr", np.zeros(len(FEATURES), np.float32), False, False)
        for _ in range(100)
    ]

    assert fit([*near, *far]).offsets.get("fr", 0.0) > -0.3


def test_held_out_probabilities_are_of_models_that_did_not_see_the_trial() -> None:
    chance = np.random.default_rng(0)
    pure_chance = [
        Trial(
            TrialKind.NEAR, "en", chance.normal(size=len(FEATURES)).astype(np.float32), each, each
        )
        for each in [True, False] * 20
    ]
    label, weight = labels(pure_chance), np.ones(40)

    seen = Probability.fit(pure_chance, label, weight).of_trials(pure_chance)
    unseen = held_out(pure_chance, label, weight, seed=0)

    assert seen[label].mean() - seen[~label].mean() > unseen[label].mean() - unseen[~label].mean()
    np.testing.assert_array_equal(unseen, held_out(pure_chance, label, weight, seed=0))


def test_weights_bring_each_kind_to_its_share_of_visitors_questions() -> None:
    asked = trials(("en", 0.0), number=10)
    asked += [asked[0]] * 10 + [
        Trial(TrialKind.FAR, "en", asked[0].features, False, False) for _ in range(2)
    ]
    weight = trial_weights(asked)
    kinds = np.array([trial.kind for trial in asked])

    shares = {kind: weight[kinds == kind].sum() / weight.sum() for kind in TrialKind}
    assert shares[TrialKind.ANSWERABLE] == pytest.approx(0.8)
    assert shares[TrialKind.NEAR] == pytest.approx(0.15)
    assert shares[TrialKind.FAR] == pytest.approx(0.05)
    assert weight.mean() == pytest.approx(1.0)


def test_an_offset_moves_the_logits() -> None:
    even = Probability(Logistic(0.0, (0.0,) * len(FEATURES)), {"xx": -2.0})
    features = np.zeros(len(FEATURES), np.float32)

    assert even.of(features, "en") == 0.5
    assert even.of(features, "xx") == pytest.approx(1.0 / (1.0 + np.exp(2.0)))
