"""What visitors get when an entry exists in one language alone."""

from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest

from app.evaluation.parity import LanguagePair, Parity, measure_parity
from app.evaluation.parity_plan import PER_PAIR, ParityTrial, phrasing_queries, plan_parity
from indexer.confidence import ConfidenceModel
from indexer.decision import Confidence, Decision, Outcome
from indexer.entry_table import KINDS
from indexer.features import FEATURES
from indexer.hiding import Hidden
from indexer.passages import PassageKind
from indexer.query import Query
from indexer.ranking import Ranking
from tests.sample_index import SampleIndex, question, sample_index, vector

LANGUAGES = ("de", "en", "ja")
INDEX = sample_index(12, LANGUAGES)


def measured(index: SampleIndex, *, seconds: float = 1000.0) -> Parity:
    trials = plan_parity(index.retriever.table)
    queries = {
        trial.row: Query(index.passages[trial.row].text, trial.asked, index.vectors[trial.row])
        for trial in trials
    }
    ticks = count()
    return measure_parity(
        "g",
        index.retriever,
        ConfidenceModel.shipped(0).decide,
        trials,
        queries,
        seconds=seconds,
        clock=lambda: float(next(ticks)),
    )


def likelihood(ranking: Ranking) -> float:
    return float(ranking.features[FEATURES.index("log of its likelihood by its phrasings")])


class TestPlan:
    def test_every_pair_of_languages_is_tried_with_as_many_entries_as_there_are(self) -> None:
        trials = plan_parity(INDEX.retriever.table)

        for asked in LANGUAGES:
            for held in LANGUAGES:
                entries = [t.entry_id for t in trials if (t.asked, t.held) == (asked, held)]
                assert len(set(entries[:12])) == 12
                assert len(entries) == 36

    def test_answers_are_not_asked(self) -> None:
        kinds = {
            KINDS[INDEX.retriever.table.kind_of[trial.row]]
            for trial in plan_parity(INDEX.retriever.table)
        }

        assert kinds == {PassageKind.QUESTION, PassageKind.ALTERNATE}

    def test_the_same_questions_are_asked_of_each_language(self) -> None:
        trials = plan_parity(INDEX.retriever.table, questions=90)

        rows = {
            held: [t.row for t in trials if (t.asked, t.held) == ("de", held)] for held in LANGUAGES
        }

        assert rows["de"] == rows["en"] == rows["ja"]
        assert len(rows["de"]) == 10

    def test_many_languages_are_still_tried_with_a_few_questions_each(self) -> None:
        trials = plan_parity(INDEX.retriever.table, questions=1)

        assert len(trials) == 9 * PER_PAIR[0]

    def test_the_first_question_of_every_pair_comes_first(self) -> None:
        first = plan_parity(INDEX.retriever.table)[:9]

        assert len({(trial.asked, trial.held) for trial in first}) == 9

    def test_an_entry_without_a_text_in_a_language_cannot_exist_in_it_alone(self) -> None:
        index = sample_index(6, LANGUAGES, missing={(0, "ja"), (1, "ja"), (2, "de")})

        trials = plan_parity(index.retriever.table)

        held_in_japanese = {t.entry_id for t in trials if (t.asked, t.held) == ("de", "ja")}
        assert held_in_japanese == {"3", "4", "5"}

    def test_it_is_the_same_each_time(self) -> None:
        table = INDEX.retriever.table

        assert plan_parity(table) == plan_parity(table)
        assert plan_parity(table, seed=1, questions=90) != plan_parity(table, questions=90)

    def test_phrasings_are_numbered_from_the_question_on(self) -> None:
        for trial in plan_parity(INDEX.retriever.table):
            passage = INDEX.passages[trial.row - trial.phrasing]

            assert passage.kind is PassageKind.QUESTION
            assert (passage.entry_id, passage.lang) == (trial.entry_id, trial.asked)


class TestHiding:
    def test_an_entry_is_judged_by_the_texts_that_are_left_of_it(self) -> None:
        table = INDEX.retriever.table
        hidden = Hidden((table.entry_of == 3) & (table.language_of != 1))
        smaller = sample_index(12, LANGUAGES, missing={(3, "de"), (3, "ja")})

        for lang in LANGUAGES:
            asked = question(3, lang)
            found = INDEX.retriever.rank(asked, 1, hidden)
            built_without = smaller.retriever.rank(asked, 1)
            assert found.entries[0].entry_id == built_without.entries[0].entry_id == "3"
            score, its_score = found.entries[0].score, built_without.entries[0].score
            assert score == pytest.approx(its_score, rel=0.05)
            assert likelihood(found) == pytest.approx(likelihood(built_without), abs=0.1)

    def test_what_is_found_is_found_in_the_language_that_is_left(self) -> None:
        table = INDEX.retriever.table
        hidden = Hidden((table.entry_of == 3) & (table.language_of != 1))

        found = INDEX.retriever.rank(question(3, "de"), 1, hidden).entries[0]

        assert found.language == "en"


class TestMeasuring:
    def test_where_languages_agree_every_pair_finds_its_entries(self) -> None:
        parity = measured(INDEX)

        assert parity.is_complete
        assert parity.languages == LANGUAGES
        assert len(parity.pairs) == 9
        assert parity.total.questions == 6 * 36
        assert min(pair.recall or 0.0 for pair in parity.pairs) > 0.9

    def test_a_language_that_agrees_with_no_other_is_among_the_worst_pairs(self) -> None:
        vectors = INDEX.vectors.copy()
        for row, passage in enumerate(INDEX.passages):
            if passage.lang == "ja":
                vectors[row] = vector(("elsewhere", passage.entry_id), "ja", row)
        retriever = type(INDEX.retriever).build(INDEX.passages, vectors, INDEX.facts)
        strange = SampleIndex(INDEX.passages, vectors, INDEX.facts, retriever)

        parity = measured(strange)

        assert {(pair.asked, pair.held) for pair in parity.worst(4)} == {
            ("ja", "de"),
            ("ja", "en"),
            ("de", "ja"),
            ("en", "ja"),
        }
        assert (parity.pair("de", "en").recall or 0.0) > 0.9

    def test_an_answer_with_another_entry_is_a_false_one(self) -> None:
        def sure(ranking: Ranking) -> Decision:
            return Decision(Outcome.ANSWERED, None, Confidence(1.0, 0.5), ranking.entries[:1])

        trials = (ParityTrial(0, "0", 0, "de", "en"),)
        elsewhere = {0: question(7, "de")}

        parity = measure_parity("g", INDEX.retriever, sure, trials, elsewhere)

        assert parity.pair("de", "en") == LanguagePair("de", "en", 1, 0, 1, 1)
        assert parity.pair("de", "en").false_answers == 1.0
        assert parity.pair("en", "de").false_answers is None

    def test_when_time_runs_out_what_was_asked_is_told(self) -> None:
        parity = measured(INDEX, seconds=10.0)

        assert not parity.is_complete
        assert sum(pair.questions for pair in parity.pairs) == 9

    def test_one_language_has_no_pairs_to_compare(self) -> None:
        parity = measured(sample_index(4, ["en"]))

        assert parity.total.questions == 0
        assert parity.worst() == ()
        assert parity.pair("en", "en").questions > 0

    def test_a_text_without_any_other_of_its_language_is_not_asked_of_itself(self) -> None:
        index = sample_index(4, ["en"], alternates=0)
        assert measured(index).pair("en", "en").questions == 4, "their answers are left"

    def test_an_empty_plan_asks_nothing(self) -> None:
        parity = measure_parity("g", INDEX.retriever, ConfidenceModel.shipped(0).decide, (), {})

        assert parity.is_complete
        assert parity.total.recall is None


def test_each_phrasing_is_embedded_once() -> None:
    trials = plan_parity(INDEX.retriever.table)
    embedded: list[str] = []

    def embed(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        embedded.extend(texts)
        return np.zeros((len(texts), 3), np.float32)

    queries = phrasing_queries(trials, lambda *of: repr(of), embed)

    assert len(embedded) == len({trial.row for trial in trials}) == len(queries)
    some = trials[5]
    assert queries[some.row].text == repr((some.entry_id, some.asked, some.phrasing))
    assert queries[some.row].language == some.asked


def test_nothing_to_ask_is_nothing_to_embed() -> None:
    assert phrasing_queries((), lambda *_: "", lambda _: np.zeros((1, 1), np.float32)) == {}
