"""Finding the entries closest to a question, whatever language either is in."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import dense
from indexer.dense import Backend
from indexer.entry_table import EntryFacts
from indexer.features import FEATURES
from indexer.hiding import Hidden
from indexer.passages import Passage, PassageKind
from indexer.query import Filters, FloatArray, Query
from indexer.ranking import Ranking
from indexer.retriever import Retriever
from models.embedding import Role
from tests.fakes import FakeEmbedder
from tests.sample_index import DIMENSION, SampleIndex, question, sample_index, vector, word

ENTRIES = 30
LANGUAGES = ("de", "en", "th")
FACTS = tuple(
    EntryFacts(
        str(number),
        frozenset({"even" if number % 2 == 0 else "odd", f"tens-{number // 10}"}),
        {"product": f"p{number % 3}", "plan": "pro" if number % 5 == 0 else "free"},
    )
    for number in range(ENTRIES)
)


@pytest.fixture(scope="module")
def sample() -> SampleIndex:
    return sample_index(ENTRIES, LANGUAGES, facts=FACTS)


@pytest.fixture(scope="module", params=[Backend.EXACT, Backend.HNSW])
def retriever(request: pytest.FixtureRequest) -> Iterator[Retriever]:
    """Both ways to search densely."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param is Backend.HNSW:
            patch.setattr(dense, "EXACT_PASSAGES", 0)
        made = sample_index(ENTRIES, LANGUAGES, facts=FACTS).retriever
        assert {each.backend for each in made.description.languages} == {request.param}
        yield made


def found(ranking: Ranking) -> list[str]:
    return [entry.entry_id for entry in ranking.entries]


def same(one: Ranking, other: Ranking) -> bool:
    return one.entries == other.entries and np.array_equal(one.features, other.features)


def embedded(*texts: str) -> FloatArray:
    return FakeEmbedder().embed(texts, Role.QUERY).vectors


@cache
def plain_retriever() -> Retriever:
    texts = ("Where is my parcel?", "Money back?", "返品", "คืนสินค้า")
    passages = [
        Passage(str(number), "en", PassageKind.QUESTION, text) for number, text in enumerate(texts)
    ]
    facts = [EntryFacts(str(number)) for number in range(len(texts))]
    return Retriever.build(passages, embedded(*texts), facts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_entry_that_a_question_means_comes_first(retriever: Retriever, lang: str) -> None:
    for number in range(ENTRIES):
        assert found(retriever.rank(question(number, lang)))[0] == str(number)


def test_an_entry_comes_once_and_scores_fall(retriever: Retriever) -> None:
    ranking = retriever.rank(question(3, "en"), limit=100)

    assert found(ranking)[0] == "3"
    assert len(set(found(ranking))) == len(ranking.entries) > ENTRIES / 2
    scores = [entry.score for entry in ranking.entries]
    assert scores == sorted(scores, reverse=True)
    for entry in ranking.entries:
        assert 0.0 <= entry.score <= 1.0
        assert -1.0 <= entry.dense <= 1.0 + 1e-6
        assert 0.0 <= entry.lexical <= 1.0
        assert entry.language in LANGUAGES


@pytest.mark.parametrize("limit", [1, 2, 10, 100])
def test_no_more_entries_come_than_are_wanted(retriever: Retriever, limit: int) -> None:
    best, many = retriever.rank(question(5, "de"), limit), retriever.rank(question(5, "de"), 100)

    assert 0 < len(best.entries) <= limit
    assert found(best)[:5] == found(many)[: min(limit, 5)]


def test_an_exact_echo_is_nearest_in_its_own_language(sample: SampleIndex) -> None:
    passage = sample.passages[1]
    best = sample.retriever.rank(Query(passage.text, passage.lang, sample.vectors[1])).entries[0]

    assert passage.role is Role.QUERY
    assert best.entry_id == passage.entry_id
    assert best.language == passage.lang
    assert best.dense == pytest.approx(1.0, abs=1e-5)
    assert best.lexical == pytest.approx(1.0, abs=1e-5)


class TestAnEntryThatLacksTheLanguageOfTheQuestion:
    NUMBER = 7

    @pytest.mark.parametrize("known", [("en",), ("en", "th"), ("th",)])
    def test_is_found_by_the_texts_it_has(self, known: tuple[str, ...]) -> None:
        lacking = {(self.NUMBER, lang) for lang in LANGUAGES if lang not in known}
        sample = sample_index(ENTRIES, LANGUAGES, missing=lacking)
        asked = question(self.NUMBER, "de")

        raw = sample.passages[int(np.argmax(sample.vectors @ asked.vector))]
        assert (raw.lang, raw.entry_id) != ("en", str(self.NUMBER)), "cosines alone fail"

        best = sample.retriever.rank(asked).entries[0]
        assert best.entry_id == str(self.NUMBER)
        assert best.language in known

    def test_is_found_for_nearly_every_entry(self) -> None:
        right = 0
        for number in range(5):
            lacking = {(number, lang) for lang in ("de", "th")}
            sample = sample_index(ENTRIES, LANGUAGES, missing=lacking)
            right += found(sample.retriever.rank(question(number, "de")))[0] == str(number)

        assert right >= 4


class TestFilters:
    FILTERS = (
        Filters(frozenset({"even"})),
        Filters(frozenset({"tens-0", "tens-2"})),
        Filters(metadata={"product": "p1"}),
        Filters(metadata={"product": "p1", "plan": "pro"}),
        Filters(frozenset({"odd"}), {"plan": "pro"}),
    )

    @pytest.mark.parametrize("filters", FILTERS)
    def test_let_all_that_passes_through_and_nothing_else(
        self, retriever: Retriever, filters: Filters
    ) -> None:
        passing = {facts.entry_id for facts in FACTS if facts.passes(filters)}

        for number in range(0, ENTRIES, 4):
            asked = question(number, "en", filters=filters)
            ranking = retriever.rank(asked, limit=100)
            assert set(found(ranking)) == passing
            if str(number) in passing:
                assert found(ranking)[0] == str(number)

    def test_hold_for_what_words_find_too(self, retriever: Retriever) -> None:
        filters = Filters(frozenset({"odd"}))
        even = question(4, "en")
        asked = Query(even.text, "en", vector(5, "en", "visitor"), filters)

        ranking = retriever.rank(asked, limit=100)

        assert "4" not in found(ranking)
        assert found(ranking)[0] == "5"

    @pytest.mark.parametrize(
        "filters", [Filters(frozenset({"nowhere"})), Filters(metadata={"product": "p9"})]
    )
    def test_that_nothing_passes_find_nothing(self, retriever: Retriever, filters: Filters) -> None:
        ranking = retriever.rank(question(0, "en", filters=filters))

        assert ranking.entries == ()
        assert ranking.features.tolist() == [0.0] * len(FEATURES)


class TestHidden:
    def test_phrasings_are_not_seen_by_meaning_or_by_words(self, sample: SampleIndex) -> None:
        for row in range(0, len(sample.passages), 17):
            passage = sample.passages[row]
            asked = Query(passage.text, passage.lang, sample.vectors[row])
            rows = np.zeros(len(sample.passages), np.bool_)
            rows[row] = True

            (best,) = sample.retriever.rank(asked, 1, Hidden(rows)).entries
            assert best.entry_id == passage.entry_id, "its other texts stand in for it"
            assert best.dense < 0.99
            if passage.kind is not PassageKind.ANSWER:
                assert best.lexical < 0.99

    def test_entries_are_not_found_at_all(self, sample: SampleIndex) -> None:
        rows = sample.retriever.table.entry_of == 3
        for lang in LANGUAGES:
            ranking = sample.retriever.rank(question(3, lang), 100, Hidden(rows))

            assert len(ranking.entries) > ENTRIES / 2
            assert "3" not in found(ranking)
            assert ranking.entries[0].lexical < 0.3

    def test_and_filtered_out_add_up(self, sample: SampleIndex) -> None:
        rows = sample.retriever.table.entry_of == 4
        asked = question(4, "en", filters=Filters(frozenset({"even"})))

        ranking = sample.retriever.rank(asked, 100, Hidden(rows))

        assert {int(entry_id) for entry_id in found(ranking)} == set(range(0, ENTRIES, 2)) - {4}

    def test_everywhere_leaves_nothing(self, sample: SampleIndex) -> None:
        rows = np.ones(len(sample.passages), np.bool_)

        assert sample.retriever.rank(question(0, "en"), 10, Hidden(rows)).entries == ()


class TestQuestions:
    @pytest.mark.parametrize("text", ["", " ", "👍🏽", "?!", "zzzz qqqq", "\ud800", "x" * 10_000])
    def test_without_a_known_word_are_ranked_by_meaning(
        self, retriever: Retriever, text: str
    ) -> None:
        ranking = retriever.rank(question(9, "en", text=text))

        assert found(ranking)[0] == "9"
        assert np.isfinite(ranking.features).all()

    @pytest.mark.parametrize("lang", ["und", "ja", ""])
    def test_in_no_language_of_the_index_are_ranked(self, retriever: Retriever, lang: str) -> None:
        asked = Query(word(9, "en"), lang, vector(9, "en", "visitor"))

        assert found(retriever.rank(asked))[0] == "9"

    def test_with_a_vector_that_says_nothing_are_ranked_by_words(
        self, retriever: Retriever
    ) -> None:
        asked = Query(f"{word(9, 'en')} {word(9, 'en', 0)}", "en", np.zeros(DIMENSION, np.float32))

        ranking = retriever.rank(asked)

        assert found(ranking)[0] == "9"
        assert np.isfinite(ranking.features).all()

    def test_that_neither_search_finds_anything_for_are_ranked_empty(
        self, retriever: Retriever
    ) -> None:
        ranking = retriever.rank(Query("zzzz", "en", np.full(DIMENSION, np.nan, np.float32)))

        assert ranking.entries == ()

    @given(st.text(), st.sampled_from(["de", "en", "th", "und"]))
    def test_of_any_characters_rank_without_error(self, text: str, lang: str) -> None:
        ranking = plain_retriever().rank(Query(text, lang, embedded(text)[0]))

        assert sorted(found(ranking)) == ["0", "1", "2", "3"]
        assert np.isfinite(ranking.features).all()


class TestSmallContent:
    def test_that_is_empty_finds_nothing(self, tmp_path: Path) -> None:
        empty = sample_index(0, ())
        empty.retriever.write(tmp_path)

        for retriever in (empty.retriever, Retriever.read(tmp_path)):
            for filters in (Filters(), Filters(frozenset({"odd"}))):
                assert retriever.rank(question(0, "en", filters=filters)).entries == ()

    def test_of_one_entry_finds_it_without_a_lead_to_speak_of(self) -> None:
        ranking = sample_index(1, LANGUAGES).retriever.rank(question(0, "en"))

        assert found(ranking) == ["0"]
        assert np.isfinite(ranking.features).all()

    def test_of_one_passage_finds_it(self, tmp_path: Path) -> None:
        passage = Passage("only", "en", PassageKind.QUESTION, "Where is my parcel?")
        vectors = vector(0, "en", 0)[None]
        Retriever.build([passage], vectors, [EntryFacts("only")]).write(tmp_path)

        ranking = Retriever.read(tmp_path).rank(Query("parcel", "en", vectors[0]))

        assert found(ranking) == ["only"]

    def test_in_one_language_is_found_from_others(self) -> None:
        sample = sample_index(ENTRIES, ("en",))

        for number in range(ENTRIES):
            assert found(sample.retriever.rank(question(number, "en")))[0] == str(number)
        asked = Query("?", "de", vector(4, "en", "visitor"))
        assert found(sample.retriever.rank(asked))[0] == "4"

    def test_of_questions_without_words_is_found_by_meaning(self) -> None:
        passages = [Passage(str(n), "en", PassageKind.QUESTION, "👍") for n in range(3)]
        vectors = np.stack([vector(n, "en", 0) for n in range(3)])
        retriever = Retriever.build(passages, vectors, [EntryFacts(str(n)) for n in range(3)])

        assert found(retriever.rank(Query("👍", "en", vector(1, "en", "visitor"))))[0] == "1"

    def test_that_is_not_sorted_by_language_is_refused(self, sample: SampleIndex) -> None:
        passages = (*sample.passages, sample.passages[0])
        vectors = np.concatenate([sample.vectors, sample.vectors[:1]])

        with pytest.raises(ValueError, match="not sorted"):
            Retriever.build(passages, vectors, FACTS)


def test_entries_without_translations_are_preferred_in_the_language_of_the_question() -> None:
    missing = {
        (n, lang) for n in range(ENTRIES) for lang in LANGUAGES if (n % 2 == 0) != (lang == "de")
    }
    sample = sample_index(ENTRIES, LANGUAGES, missing=missing)
    between = vector(0, "de", 0) + vector(1, "de", 0)

    ranking = sample.retriever.rank(Query("?", "de", between / np.linalg.norm(between)))

    assert found(ranking)[0] == "0", "both are as near, one is written in German"


def test_reads_back_what_it_wrote(retriever: Retriever, tmp_path: Path) -> None:
    retriever.write(tmp_path)
    again = Retriever.read(tmp_path)

    assert again.description == retriever.description
    for number in range(ENTRIES):
        for filters in (Filters(), *TestFilters.FILTERS):
            asked = question(number, "th", filters=filters)
            assert same(again.rank(asked), retriever.rank(asked))


def test_threads_get_what_one_alone_gets(retriever: Retriever) -> None:
    asked = [
        question(number, "en", filters=filters)
        for number in range(ENTRIES)
        for filters in (Filters(), *TestFilters.FILTERS)
    ]
    alone = [retriever.rank(query) for query in asked]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(retriever.rank, asked * 2))

    assert all(same(*pair) for pair in zip(together, alone * 2, strict=True))


def test_features_are_as_many_as_they_have_names(retriever: Retriever) -> None:
    assert retriever.rank(question(0, "en")).features.shape == (len(FEATURES),)


def test_a_question_that_the_index_knows_has_more_of_every_evidence_than_a_strange_one(
    retriever: Retriever,
) -> None:
    known = retriever.rank(question(0, "en")).features
    strange = retriever.rank(Query("zzzz", "en", vector("weather", "en", 0))).features
    named = dict(zip(FEATURES, zip(known, strange, strict=True), strict=True))

    for name in (
        "log of its likelihood by its phrasings",
        "its lead in log likelihood",
        "its best cosine",
        "its share of words in a question",
        "its share of words in a record",
        "share of languages whose closest question is its",
    ):
        assert named[name][0] > named[name][1], name


def test_what_is_learnt_without_hidden_passages_knows_nothing_of_them() -> None:
    whole = sample_index(8, ("en",), alternates=4)
    kept = np.array([passage.entry_id != "3" for passage in whole.passages])
    passages = [passage for passage in whole.passages if passage.entry_id != "3"]
    facts = [fact for fact in whole.facts if fact.entry_id != "3"]
    smaller = whole.retriever.build(passages, whole.vectors[kept], facts)

    hidden = whole.retriever.without(~kept)

    asked = question(3, "en")
    found, its = whole.retriever.rank(asked, 3, hidden), smaller.rank(asked, 3)
    assert "3" not in {entry.entry_id for entry in found.entries}
    likelihood = FEATURES.index("log of its likelihood by its phrasings")
    assert found.features[likelihood] == pytest.approx(its.features[likelihood], abs=0.2)
