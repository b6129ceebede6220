"""Evidence of many languages becomes one score an entry."""

import numpy as np
import pytest

from indexer.closeness import closeness_of_listed
from indexer.dense import Neighbours
from indexer.entry_table import EntryFacts, EntryTable
from indexer.fusion import Evidence, weigh
from indexer.language_weights import AT_HOME, LanguageWeights
from indexer.passages import Passage, PassageKind
from indexer.query import FloatArray

QUESTION, ANSWER = PassageKind.QUESTION, PassageKind.ANSWER
Text = tuple[str, int, PassageKind, float | None]


class Found:
    """Entries with texts, and the cosine that dense search gave each; None for not listed."""

    def __init__(self, entries: int, texts: list[Text]) -> None:
        self.entries = entries
        passages = [Passage(str(entry), lang, kind, "text") for lang, entry, kind, _ in texts]
        self.table = EntryTable.of(passages, [EntryFacts(str(each)) for each in range(entries)])
        languages = [lang for lang, *_ in texts]
        most = max(languages.count(lang) for lang in languages)
        rows = np.full((len(self.table.languages), most), -1, np.int64)
        scores = np.full(rows.shape, -np.inf, np.float32)
        for number, lang in enumerate(self.table.languages):
            listed = [
                (cosine, row)
                for row, (text_lang, _, _, cosine) in enumerate(texts)
                if text_lang == lang and cosine is not None
            ]
            for place, (cosine, row) in enumerate(sorted(listed, reverse=True)):
                rows[number, place], scores[number, place] = row, cosine
        self.neighbours = Neighbours(rows, scores)

    def weighed(
        self,
        language: str = "und",
        *,
        phrases: dict[int, float] | None = None,
        words: dict[int, float] | None = None,
        centroids: dict[int, float] | None = None,
        likely: dict[int, float] | None = None,
        candidates: tuple[int, ...] = (),
    ) -> Evidence:
        looked_at = np.array(candidates, np.int32)
        closeness = closeness_of_listed(self.table, self.neighbours, looked_at)
        entries = closeness.entries
        return weigh(
            closeness,
            LanguageWeights.of(self.table, language, entries, self.table.has_text),
            shares=np.stack([self._shares(phrases), self._shares(words)])[:, entries],
            centroids=self._shares(centroids)[entries],
            likely=self._shares(likely)[entries],
        )

    def _shares(self, given: dict[int, float] | None) -> FloatArray:
        shares = np.zeros(self.entries, np.float32)
        for entry, share in (given or {}).items():
            shares[entry] = share
        return shares


def best(evidence: Evidence) -> int:
    return int(evidence.entries[evidence.scores.argmax()])


def texts(lang: str, *cosines: float | None, kind: PassageKind = QUESTION) -> list[Text]:
    """One text of each entry from 0 on."""
    return [(lang, entry, kind, cosine) for entry, cosine in enumerate(cosines)]


def test_the_closest_question_wins_in_one_language() -> None:
    assert best(Found(3, texts("en", 0.2, 0.9, 0.5)).weighed("en")) == 1


def test_only_entries_that_some_search_found_have_evidence() -> None:
    found = Found(4, texts("en", 0.2, None, 0.5, None))

    assert found.weighed().entries.tolist() == [0, 2]
    assert found.weighed(candidates=(3,)).entries.tolist() == [0, 2, 3]


def test_what_a_language_likes_as_a_whole_says_nothing() -> None:
    liked = Found(3, [*texts("de", 0.5, 0.4, 0.3), *texts("en", 0.8, 0.7, 0.6)]).weighed()
    alike = Found(3, [*texts("de", 0.5, 0.4, 0.3), *texts("en", 0.5, 0.4, 0.3)]).weighed()

    np.testing.assert_allclose(liked.relative, alike.relative, atol=1e-6)


def test_an_entry_is_judged_by_the_languages_it_has() -> None:
    """Entry 0 is in English only, where it stands out; German is closer to everything."""
    found = Found(
        4,
        [
            *[("de", entry, QUESTION, cosine) for entry, cosine in ((1, 0.9), (2, 0.85), (3, 0.8))],
            *texts("en", 0.6, 0.2, 0.15, 0.1),
        ],
    )

    assert best(found.weighed("de")) == 0


def test_more_texts_are_more_evidence_not_more_chances() -> None:
    """Entry 0 is near in both languages, entry 1 nearer in one by chance."""
    found = Found(3, [*texts("de", 0.7, 0.8, 0.1), *texts("en", 0.7, 0.1, 0.1)])

    assert best(found.weighed()) == 0


def test_the_best_of_an_entrys_phrasings_counts() -> None:
    alternates: list[Text] = [
        ("en", 0, QUESTION, 0.1),
        ("en", 0, PassageKind.ALTERNATE, 0.9),
        ("en", 1, QUESTION, 0.6),
    ]

    assert best(Found(2, alternates).weighed("en")) == 0


def test_the_questions_own_language_counts_more() -> None:
    found = Found(2, [*texts("de", 0.8, 0.5), *texts("en", 0.5, 0.8)])

    assert best(found.weighed("de")) == 0
    assert best(found.weighed("en")) == 1


def test_a_question_counts_more_than_an_answer() -> None:
    found = Found(
        2,
        [*texts("en", 0.7, 0.5), *texts("en", 0.5, 0.7, kind=ANSWER)],
    )

    assert best(found.weighed("en")) == 0


def test_answers_alone_can_find_an_entry() -> None:
    assert best(Found(2, texts("en", 0.2, 0.6, kind=ANSWER)).weighed("en")) == 1


@pytest.mark.parametrize("kind", ["phrases", "words", "centroids", "likely"])
def test_every_other_evidence_decides_between_equals(kind: str) -> None:
    found = Found(2, texts("en", 0.5, 0.5))
    shares = {1: 0.8}

    evidence = found.weighed(
        "en",
        phrases=shares if kind == "phrases" else None,
        words=shares if kind == "words" else None,
        centroids=shares if kind == "centroids" else None,
        likely=shares if kind == "likely" else None,
    )

    assert best(evidence) == 1


def test_likelihood_is_not_held_against_entries_where_there_are_several_languages() -> None:
    found = Found(2, texts("en", 0.5, 0.4) + texts("de", 0.5, 0.4))

    assert best(found.weighed("en", likely={1: 9.0})) == 0


def test_a_text_that_is_not_listed_is_as_far_as_the_last_that_is() -> None:
    questions = Found(3, texts("en", 0.9, 0.4, None)).weighed("en", candidates=(2,)).relative[0]

    assert questions[2] == questions[1] < questions[0]


def test_the_closest_text_tells_its_cosine_and_its_language() -> None:
    found = Found(2, [*texts("de", 0.3, 0.8), *texts("en", 0.6, 0.7)])
    cosines, languages = found.weighed().closest(np.array([0, 1]))

    np.testing.assert_allclose(cosines, [0.6, 0.8], atol=1e-6)
    assert [found.table.languages[n] for n in languages] == ["en", "de"]


def test_the_closest_language_is_one_that_the_entry_has() -> None:
    """Entry 1 was found by its words alone, and has a text in German only."""
    found = Found(2, [("de", 1, QUESTION, None), ("en", 0, QUESTION, 0.4)])
    evidence = found.weighed(words={1: 0.9}, candidates=(1,))
    (cosine,), (language,) = evidence.closest(np.array([1]))

    assert found.table.languages[language] == "de"
    assert -1.0 <= cosine <= 1.0


def test_votes_are_shares_of_the_languages_and_add_up() -> None:
    found = Found(
        3, [*texts("de", 0.9, 0.1, 0.1), *texts("en", 0.1, 0.9, 0.1), *texts("fr", 0.2, 0.9, 0.1)]
    )

    for language, questions in (("und", [1 / 3, 2 / 3, 0.0]), ("de", [2 / 4, 2 / 4, 0.0])):
        votes = [found.weighed(language).votes(entry) for entry in range(3)]
        assert [vote for vote, _ in votes] == pytest.approx(questions)
        assert [vote for _, vote in votes] == [0.0, 0.0, 0.0]


class TestAtHome:
    def test_an_entry_in_the_questions_language_is_preferred_where_none_is_translated(
        self,
    ) -> None:
        found = Found(2, [("de", 0, QUESTION, 0.5), ("en", 1, QUESTION, 0.5)])

        assert found.weighed("de").weights.at_home.tolist() == pytest.approx([AT_HOME, 0.0])
        assert best(found.weighed("de")) == 0
        assert best(found.weighed("en")) == 1

    def test_a_missing_translation_is_held_against_none_where_all_are_translated(self) -> None:
        found = Found(3, [*texts("de", 0.5, 0.4), *texts("en", 0.5, 0.4, 0.3)])

        assert found.weighed("de").weights.at_home.tolist() == [0.0, 0.0, 0.0]

    def test_a_question_in_no_language_of_the_index_is_at_home_nowhere(self) -> None:
        found = Found(2, [("de", 0, QUESTION, 0.5), ("en", 1, QUESTION, 0.5)])

        assert not found.weighed("ja").weights.at_home.any()


def test_only_words_found_something() -> None:
    found = Found(2, texts("en", None, None))
    evidence = found.weighed("en", words={1: 0.4}, candidates=(1,))

    assert evidence.entries.tolist() == [1]
    assert np.isfinite(evidence.scores).all()


def test_nothing_was_found() -> None:
    found = Found(2, texts("en", None, None))
    closeness = closeness_of_listed(found.table, found.neighbours, np.array([], np.int32))

    assert closeness.entries.tolist() == []
