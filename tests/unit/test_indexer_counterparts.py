"""Which phrasings of an entry say the same in different languages."""

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.counterparts import counterparts
from indexer.entry_table import EntryFacts
from indexer.features import FEATURES
from indexer.passages import Passage, PassageKind
from indexer.phrasings import TrialKind, run_reworded_trials, run_trials
from indexer.retriever import Retriever
from tests.sample_index import asked_of, direction, sample_index

ENTRIES = 12
BEST_COSINE = FEATURES.index("its best cosine")


def said(entry: int, wording: object, lang: str) -> np.ndarray:
    """A vector of what is said, with a little of the language's own."""
    mixed = (
        direction("entry", entry)
        + direction("wording", entry, wording)
        + 0.3 * direction("accent", lang)
    )
    unit: np.ndarray = (mixed / np.linalg.norm(mixed)).astype(np.float32)
    return unit


def translated(
    wordings: dict[str, Sequence[object]],
) -> tuple[list[Passage], np.ndarray, Retriever]:
    """Entries that say in each language the given things, the first as the question."""
    passages, vectors = [], []
    for lang in sorted(wordings):
        for entry in range(ENTRIES):
            for place, wording in enumerate(wordings[lang]):
                kind = PassageKind.ALTERNATE if place else PassageKind.QUESTION
                text = f"{lang}{entry} {lang}{entry}x{wording}"
                passages.append(Passage(str(entry), lang, kind, text))
                vectors.append(said(entry, wording, lang))
            passages.append(Passage(str(entry), lang, PassageKind.ANSWER, f"{lang}{entry} answer"))
            vectors.append(said(entry, "answer", lang))
    facts = [EntryFacts(str(entry)) for entry in range(ENTRIES)]
    stacked = np.stack(vectors)
    return passages, stacked, Retriever.build(passages, stacked, facts)


def groups_of(passages: Sequence[Passage], numbers: np.ndarray, entry: str) -> set[frozenset[str]]:
    """Languages and wordings that were given one number, for an entry."""
    found: dict[int, set[str]] = {}
    for passage, number in zip(passages, numbers.tolist(), strict=True):
        if passage.entry_id == entry and passage.kind is not PassageKind.ANSWER:
            name = passage.text.split("x")[-1]
            found.setdefault(number, set()).add(f"{passage.lang} {name}")
    return {frozenset(each) for each in found.values()}


def test_alternates_are_paired_by_what_they_say_wherever_they_stand() -> None:
    passages, _, retriever = translated({"de": "qab", "en": "qba", "fr": "qab"})

    numbers = counterparts(retriever, [0, 1])

    assert numbers is not None
    assert groups_of(passages, numbers, "1") == {
        frozenset({f"{lang} {wording}" for lang in ("de", "en", "fr")}) for wording in "qab"
    }


def test_a_question_is_paired_with_the_question_whatever_it_says() -> None:
    passages, _, retriever = translated({"de": "qa", "en": "aq"})

    numbers = counterparts(retriever, [0])

    assert numbers is not None
    assert groups_of(passages, numbers, "0") == {
        frozenset({"de q", "en a"}),
        frozenset({"de a", "en q"}),
    }


def test_what_a_language_says_alone_stays_by_itself() -> None:
    passages, _, retriever = translated({"de": "q", "en": "qab"})

    numbers = counterparts(retriever, [0])

    assert numbers is not None
    assert groups_of(passages, numbers, "0") == {
        frozenset({"de q", "en q"}),
        frozenset({"en a"}),
        frozenset({"en b"}),
    }


def test_entries_that_are_not_asked_for_are_left_as_they_are() -> None:
    passages, _, retriever = translated({"de": "qa", "en": "qa"})

    numbers = counterparts(retriever, [0])

    assert numbers is not None
    assert all(len(group) == 1 for group in groups_of(passages, numbers, "3"))


@pytest.mark.parametrize(
    "wordings", [{"en": "qab"}, {"de": "q", "en": "q", "fr": "q"}], ids=["language", "phrasing"]
)
def test_one_language_or_one_phrasing_has_no_counterparts(
    wordings: dict[str, Sequence[object]],
) -> None:
    passages, vectors, retriever = translated(wordings)

    assert counterparts(retriever, range(ENTRIES)) is None
    assert not list(run_reworded_trials(retriever, passages, asked_of(passages, vectors), seed=0))


def test_no_content_has_none() -> None:
    assert counterparts(sample_index(0, ()).retriever, ()) is None


def test_a_reworded_question_does_not_find_itself_in_another_language() -> None:
    passages, vectors, retriever = translated({"de": "qabc", "en": "qabc"})
    asked = asked_of(passages, vectors)

    as_it_is = [
        trial.features[BEST_COSINE]
        for trial in run_trials(retriever, passages, asked, (), seed=0)
        if trial.kind is TrialKind.ANSWERABLE
    ]
    reworded = list(run_reworded_trials(retriever, passages, asked, seed=0))

    assert np.median(as_it_is) > 0.9
    assert max(trial.features[BEST_COSINE] for trial in reworded) < 0.8
    assert {trial.kind for trial in reworded} == {TrialKind.ANSWERABLE}
    assert len(reworded) == len(as_it_is)


def test_reworded_questions_are_the_same_again() -> None:
    passages, vectors, retriever = translated({"de": "qab", "en": "qba"})
    asked = asked_of(passages, vectors)

    first, again = (list(run_reworded_trials(retriever, passages, asked, seed=1)) for _ in range(2))

    assert [trial.right for trial in first] == [trial.right for trial in again]
