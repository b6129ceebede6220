"""An index is asked its own phrasings, as if each were new."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from indexer import phrasings
from indexer.features import FEATURES
from indexer.passages import Passage, PassageKind
from indexer.phrasings import AskedPhrasings, Trial, TrialKind, run_trials
from indexer.query import Query
from tests.sample_index import SampleIndex, asked_of, direction, sample_index, vector

ENTRIES = 12
LANGUAGES = ("de", "en")
BEST_COSINE = FEATURES.index("its best cosine")
WORDS_SHARED = FEATURES.index("its share of words in a question")


def trials_of(sample: SampleIndex, *far: Query, seed: int = 0) -> list[Trial]:
    asked = asked_of(sample.passages, sample.vectors, seed=seed)
    return list(run_trials(sample.retriever, sample.passages, asked, far, seed=seed))


def of_kind(trials: list[Trial], kind: TrialKind) -> list[Trial]:
    return [trial for trial in trials if trial.kind is kind]


@pytest.fixture(scope="module")
def sample() -> SampleIndex:
    return sample_index(ENTRIES, LANGUAGES)


@pytest.fixture(scope="module")
def trials(sample: SampleIndex) -> list[Trial]:
    far = Query("zzzz", "en", direction("weather"))
    return trials_of(sample, far, far)


def test_every_phrasing_is_asked_with_its_entry_and_without(
    sample: SampleIndex, trials: list[Trial]
) -> None:
    asked = sum(passage.kind is not PassageKind.ANSWER for passage in sample.passages)

    assert Counter(trial.kind for trial in trials) == {
        TrialKind.ANSWERABLE: asked,
        TrialKind.NEAR: asked,
        TrialKind.FAR: 2,
    }


def test_a_phrasing_does_not_find_itself(trials: list[Trial]) -> None:
    for trial in trials:
        assert trial.features[BEST_COSINE] < 0.99
        assert trial.features[WORDS_SHARED] < 0.99


def test_other_texts_of_the_entry_are_the_right_find(trials: list[Trial]) -> None:
    answerable = of_kind(trials, TrialKind.ANSWERABLE)

    assert np.mean([trial.right for trial in answerable]) > 0.95
    assert all(trial.among_first for trial in answerable if trial.right)


@pytest.mark.parametrize("kind", [TrialKind.NEAR, TrialKind.FAR])
def test_nothing_is_right_where_there_is_no_answer(trials: list[Trial], kind: TrialKind) -> None:
    without = of_kind(trials, kind)

    assert without
    assert not any(trial.right or trial.among_first for trial in without)


def test_a_phrasing_without_any_other_text_of_its_entry_is_never_answerable() -> None:
    sample = sample_index(ENTRIES, ("en",), alternates=0)
    questions = [row for row, p in enumerate(sample.passages) if p.kind is PassageKind.QUESTION]
    passages = [sample.passages[row] for row in questions]
    retriever = sample.retriever.build(passages, sample.vectors[questions], sample.facts)

    asked = asked_of(passages, sample.vectors[questions])
    found = list(run_trials(retriever, passages, asked, (), seed=0))

    assert {trial.kind for trial in found} == {TrialKind.NEAR}


def test_a_phrasing_that_stands_under_two_entries_is_not_asked() -> None:
    """Leaving one of the two out leaves an answer to be found, which would count as wrong."""
    sample = sample_index(ENTRIES, ("en",))
    shared = sample.passages[0].text
    passages = [
        replace(passage, text=f"{shared}!")
        if (passage.entry_id, passage.kind) == ("1", PassageKind.QUESTION)
        else passage
        for passage in sample.passages
    ]
    retriever = sample.retriever.build(passages, sample.vectors, sample.facts)
    asked = asked_of(passages, sample.vectors)

    found = list(run_trials(retriever, passages, asked, (), seed=0))

    assert not retriever.is_only_its_own(shared)
    assert len(found) == len(trials_of(sample)) - 2 * 2


def test_one_entry_alone_leaves_nothing_near() -> None:
    assert not of_kind(trials_of(sample_index(1, ("en",))), TrialKind.NEAR)


def test_no_content_gives_no_trials() -> None:
    assert trials_of(sample_index(0, ()), Query("?", "en", vector(0, "en", 0))) == []


def test_a_sample_takes_as_many_from_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phrasings, "SAMPLE", 20)
    missing = {(number, "th") for number in range(4, ENTRIES)}
    sample = sample_index(ENTRIES, ("de", "en", "th"), missing=missing)
    asked: list[str] = []
    rank = sample.retriever.rank

    def listening(query: Query, *rest: object) -> object:
        asked.append(query.language)
        return rank(query, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sample.retriever, "rank", listening)
    trials_of(sample)

    counts = Counter(asked)
    assert sum(counts.values()) == 2 * 20
    assert max(counts.values()) - min(counts.values()) <= 2


def test_a_seed_gives_the_same_trials_again(sample: SampleIndex) -> None:
    first, again = trials_of(sample, seed=3), trials_of(sample, seed=3)

    assert [trial.right for trial in first] == [trial.right for trial in again]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.features, other.features)


def test_each_phrasing_of_an_entry_is_left_out_where_the_entry_is_not() -> None:
    sample = sample_index(ENTRIES, ("en",), alternates=4)
    trials = trials_of(sample)

    assert len(of_kind(trials, TrialKind.ANSWERABLE)) == len(of_kind(trials, TrialKind.NEAR))


class TestRoleOffset:
    PASSAGES = (
        Passage("a", "en", PassageKind.QUESTION, "a?"),
        Passage("a", "en", PassageKind.ALTERNATE, "a, or?"),
        Passage("b", "en", PassageKind.QUESTION, "b?"),
    )
    VECTORS = np.eye(3, dtype=np.float32)

    def test_is_what_asking_adds_to_a_question_on_average(self) -> None:
        asked = AskedPhrasings(
            [0, 1, 2], self.VECTORS + np.array([[0.5], [9.0], [0.1]], np.float32)
        )

        np.testing.assert_allclose(
            asked.role_offset(self.PASSAGES, self.VECTORS), [0.3, 0.3, 0.3], atol=1e-6
        )

    def test_is_nothing_where_no_question_is_asked(self) -> None:
        asked = AskedPhrasings([1], self.VECTORS[:1])

        assert not asked.role_offset(self.PASSAGES, self.VECTORS).any()
