"""How sure an index is of its first entry, and what it does about it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from indexer import language_confidence, thresholds
from indexer.confidence import (
    CLARIFY_FROM,
    ENOUGH_FOUND,
    NOTHING_BELOW,
    VERBATIM,
    ConfidenceModel,
)
from indexer.decision import Outcome, Reason
from indexer.features import FEATURES
from indexer.language_confidence import LanguageConfidence
from indexer.logistic import Logistic
from indexer.probability import Probability
from indexer.query import Query
from indexer.ranking import Ranking, ScoredEntry
from indexer.thresholds import NEVER
from tests.sample_index import SampleIndex, asked_of, direction, question, sample_index

FAR = tuple(Query(f"zz{number}", "en", direction("far", number)) for number in range(12))


def fit(sample: SampleIndex, error_budget: float = 0.05) -> ConfidenceModel:
    return ConfidenceModel.fit(
        sample.retriever,
        sample.passages,
        asked_of(sample.passages, sample.vectors),
        far=FAR,
        seed=0,
        error_budget=error_budget,
    )


@pytest.fixture(scope="module")
def sample() -> SampleIndex:
    return sample_index(20, ("de", "en"))


@pytest.fixture(scope="module")
def model(sample: SampleIndex) -> ConfidenceModel:
    return fit(sample)


def sure_of(right: float, among_first: float, threshold: float = 0.8) -> ConfidenceModel:
    """A model that thinks the same of every ranking."""

    def always(probability: float) -> Probability:
        logit = float(np.log(probability / (1 - probability)))
        return Probability(Logistic(logit, (0.0,) * len(FEATURES)))

    return ConfidenceModel(always(right), always(among_first), threshold, "always the same")


def ranking(entries: int, *, language: str = "en", verbatim: bool = False) -> Ranking:
    return Ranking(
        tuple(ScoredEntry(str(number), 0.5, 0.5, 0.5, "en") for number in range(entries)),
        np.zeros(len(FEATURES), np.float32),
        language,
        verbatim,
    )


class TestLearning:
    def test_tells_questions_with_an_answer_from_those_without(
        self, sample: SampleIndex, model: ConfidenceModel
    ) -> None:
        answered = [
            model.decide(sample.retriever.rank(question(number, lang)))
            for number in range(20)
            for lang in ("de", "en")
        ]
        others = [
            model.decide(sample.retriever.rank(question(f"unknown {number}", "en")))
            for number in range(20)
        ]

        assert np.mean([each.outcome is Outcome.ANSWERED for each in answered]) > 0.9
        assert np.mean([each.outcome is Outcome.ANSWERED for each in others]) <= 0.1

    def test_says_what_it_learnt_from(self, model: ConfidenceModel) -> None:
        assert model.description.startswith("learnt from ")
        assert "at most 5% of the delivered answers are wrong" in model.description
        assert "with 90% confidence" in model.description

    @pytest.mark.parametrize(("error_budget", "threshold"), [(0.05, 0.975), (0.2, 0.9)])
    def test_where_trials_show_nothing_each_answer_must_be_sure_by_itself(
        self,
        sample: SampleIndex,
        monkeypatch: pytest.MonkeyPatch,
        error_budget: float,
        threshold: float,
    ) -> None:
        monkeypatch.setattr(thresholds, "lowest_threshold", lambda *_: NEVER)
        monkeypatch.setattr(language_confidence, "ENOUGH_OF_ITS_OWN", 60)
        model = fit(sample, error_budget)

        assert model.threshold == pytest.approx(threshold)
        assert model.threshold_in("de") == pytest.approx(threshold)
        assert f"they do not show that at most {error_budget:.0%}" in model.description
        assert f"right with a probability of {threshold:.1%}" in model.description

    def test_gives_no_evidence_a_negative_weight(self, model: ConfidenceModel) -> None:
        assert min(model.right.pooled.weights + model.among_first.pooled.weights) >= 0.0

    def test_again_gives_the_same_model(self, sample: SampleIndex, model: ConfidenceModel) -> None:
        assert fit(sample) == model

    def test_delivers_no_less_when_more_errors_are_allowed(
        self, sample: SampleIndex, model: ConfidenceModel
    ) -> None:
        assert fit(sample, error_budget=0.3).threshold <= model.threshold

    @pytest.mark.parametrize(("entries", "languages"), [(0, ()), (1, ("en",)), (6, ("en",))])
    def test_needs_enough_content_or_takes_the_shipped_model(
        self, entries: int, languages: tuple[str, ...]
    ) -> None:
        model = fit(sample_index(entries, languages))

        found = int(model.description.partition("too little: ")[2].split()[0])
        assert found <= min(entries * 3, ENOUGH_FOUND)
        assert model.right == ConfidenceModel.shipped(found).right
        assert model.description == ConfidenceModel.shipped(found).description
        assert f"where {ENOUGH_FOUND} are needed" in model.description

    def test_of_content_without_other_wordings_takes_the_shipped_model(self) -> None:
        single = sample_index(60, ("en",), alternates=0)
        rows = np.array([passage.kind == "question" for passage in single.passages])
        passages = [passage for passage in single.passages if passage.kind == "question"]
        vectors = single.vectors[rows]
        retriever = single.retriever.build(passages, vectors, single.facts)

        asked = asked_of(passages, vectors)
        model = ConfidenceModel.fit(retriever, passages, asked, far=FAR, seed=0)

        assert model.right == ConfidenceModel.shipped(0).right
        assert model.threshold >= ConfidenceModel.shipped(0).threshold

    def test_the_shipped_model_delivers_few_questions_without_an_answer(self) -> None:
        alike = np.linspace(0.0, 1.0, 100)
        rows = np.zeros((100, len(FEATURES)), np.float32)
        rows[:, FEATURES.index("its best cosine")] = alike
        rows[:, FEATURES.index("its answer's relative cosine")] = 0.3

        model = ConfidenceModel.shipped(0, list(rows), error_budget=0.1)

        delivered = model.right.pooled.probabilities(rows) >= model.threshold
        assert 0.05 < delivered.mean() <= 0.1

    def test_the_shipped_model_is_as_strict_as_ever_where_such_questions_look_strange(self) -> None:
        strange = [np.zeros(len(FEATURES), np.float32)] * 50

        assert ConfidenceModel.shipped(0, strange) == ConfidenceModel.shipped(0)

    def test_the_shipped_model_is_stricter_for_a_smaller_budget_and_never_laxer(self) -> None:
        usual = ConfidenceModel.shipped(0).threshold

        assert ConfidenceModel.shipped(0, error_budget=0.01).threshold == pytest.approx(0.99)
        assert ConfidenceModel.shipped(0, error_budget=0.2).threshold == usual

    def test_the_shipped_model_knows_every_feature(self) -> None:
        shipped = ConfidenceModel.shipped(0)

        for part in (shipped.right, shipped.among_first):
            assert len(part.pooled.weights) == len(FEATURES)
            assert min(part.pooled.weights) >= 0.0
        assert 0.5 < shipped.threshold < 1.0

    def test_the_shipped_model_serves_small_content(self) -> None:
        small = sample_index(6, ("en",))
        model = ConfidenceModel.shipped(0)

        unknown = model.decide(small.retriever.rank(FAR[0]))
        known = small.passages[0]
        echoed = model.decide(small.retriever.rank(Query(known.text, "en", small.vectors[0])))

        assert unknown.outcome is Outcome.HANDOFF
        assert echoed.outcome is Outcome.ANSWERED


class TestLanguages:
    def test_tells_what_is_delivered_in_each(self, model: ConfidenceModel) -> None:
        assert set(model.languages) == {"de", "en"}
        assert model.coverage is not None
        for language in ("de", "en"):
            assert model.languages[language].asked == 60
            assert 0.5 < (model.coverage_in(language) or 0.0) <= 1.0
            assert model.threshold_in(language) == model.threshold
        assert model.coverage_in("und") is None

    def test_asked_often_enough_it_has_a_threshold_of_its_own(
        self, sample: SampleIndex, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(language_confidence, "ENOUGH_OF_ITS_OWN", 60)
        model = fit(sample)

        assert all(each.threshold is not None for each in model.languages.values())
        assert "in each of 2 languages by itself" in model.description

    def test_the_only_one_is_all_there_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(language_confidence, "ENOUGH_OF_ITS_OWN", 1)
        model = fit(sample_index(30, ("en",)))

        assert model.languages["en"].threshold is None
        assert model.languages["en"].coverage == model.coverage

    def test_the_shipped_model_knows_none(self) -> None:
        shipped = ConfidenceModel.shipped(0)

        assert (shipped.coverage, dict(shipped.languages)) == (None, {})
        assert not shipped.right.offsets


class TestDeciding:
    def test_answers_with_the_first_entry_when_it_is_sure_enough(self) -> None:
        decision = sure_of(0.8001, 0.9).decide(ranking(5))

        assert (decision.outcome, decision.reason) == (Outcome.ANSWERED, None)
        assert [entry.entry_id for entry in decision.candidates] == ["0"]
        assert decision.confidence.value == pytest.approx(0.8001)
        assert decision.confidence.threshold == 0.8

    def test_asks_back_between_three_when_the_right_one_is_likely_among_them(self) -> None:
        decision = sure_of(0.5, CLARIFY_FROM + 0.01).decide(ranking(5))

        assert (decision.outcome, decision.reason) == (Outcome.CLARIFY, Reason.LOW_CONFIDENCE)
        assert [entry.entry_id for entry in decision.candidates] == ["0", "1", "2"]

    def test_does_not_ask_back_when_there_is_no_choice(self) -> None:
        decision = sure_of(0.5, CLARIFY_FROM + 0.01).decide(ranking(1))

        assert (decision.outcome, decision.reason) == (Outcome.HANDOFF, Reason.LOW_CONFIDENCE)
        assert len(decision.candidates) == 1

    def test_hands_over_what_it_is_not_sure_of(self) -> None:
        between = (CLARIFY_FROM + NOTHING_BELOW) / 2
        decision = sure_of(0.1, between).decide(ranking(5))

        assert (decision.outcome, decision.reason) == (Outcome.HANDOFF, Reason.LOW_CONFIDENCE)
        assert len(decision.candidates) == 3

    def test_hands_over_what_nothing_is_similar_to(self) -> None:
        decision = sure_of(0.01, NOTHING_BELOW - 0.01).decide(ranking(5))

        assert (decision.outcome, decision.reason) == (Outcome.HANDOFF, Reason.NOTHING_SIMILAR)
        assert len(decision.candidates) == 3

    def test_hands_over_when_nothing_was_found(self) -> None:
        decision = sure_of(0.99, 0.99).decide(ranking(0))

        assert (decision.outcome, decision.reason) == (Outcome.HANDOFF, Reason.NOTHING_SIMILAR)
        assert decision.candidates == ()
        assert decision.confidence.value == 0.0

    def test_recognises_what_editors_wrote_down_to_the_word(self) -> None:
        decision = sure_of(0.01, 0.01).decide(ranking(3, verbatim=True))

        assert decision.outcome is Outcome.ANSWERED
        assert decision.confidence.value == VERBATIM

    def test_holds_a_language_against_its_own_threshold_and_others_against_the_pooled_one(
        self,
    ) -> None:
        model = replace(
            sure_of(0.85, 0.9), languages={"xx": LanguageConfidence(250, 0.5, threshold=0.9)}
        )

        assert model.decide(ranking(3, language="xx")).confidence.threshold == 0.9
        assert model.decide(ranking(0, language="xx")).confidence.threshold == 0.9
        assert model.decide(ranking(3, language="xx")).outcome is Outcome.CLARIFY
        for other in ("en", "und"):
            assert model.decide(ranking(3, language=other)).outcome is Outcome.ANSWERED

    def test_delivers_next_to_nothing_when_no_threshold_keeps_the_budget(self) -> None:
        assert sure_of(0.99, 0.9, NEVER).decide(ranking(3)).outcome is Outcome.CLARIFY


class TestFile:
    def test_reads_back_what_it_wrote(self, model: ConfidenceModel, tmp_path: Path) -> None:
        model.write(tmp_path)

        assert ConfidenceModel.read(tmp_path) == model

    def test_refuses_a_model_of_other_features(
        self, model: ConfidenceModel, tmp_path: Path
    ) -> None:
        model.write(tmp_path)
        (path,) = tmp_path.iterdir()
        document = json.loads(path.read_text(encoding="utf-8"))
        document["features"][0] = "phase of the moon"
        path.write_text(json.dumps(document), encoding="utf-8")

        with pytest.raises(ValueError, match="other features"):
            ConfidenceModel.read(tmp_path)


def test_a_threshold_of_its_own_can_be_set(model: ConfidenceModel, sample: SampleIndex) -> None:
    found = sample.retriever.rank(question(0, "en"))
    value = model.decide(found).confidence.value

    assert replace(model, threshold=value).decide(found).outcome is Outcome.ANSWERED
    assert replace(model, threshold=value + 1e-9).decide(found).outcome is not Outcome.ANSWERED
