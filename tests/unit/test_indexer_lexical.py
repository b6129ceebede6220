"""Lexical search over documents of many scripts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import lexical
from indexer.lexical import Field, LexicalIndex
from indexer.query import FloatArray
from indexer.segmentation import terms

DOCUMENTS = (
    "How do I get my money back?",
    "Where is my parcel?",
    "How do I change my password?",
    "วิธีคืนสินค้า",
    "如何申请退款",
    "मैं वापसी कैसे करूँ",
    "👍",
)


def index_of(documents: Sequence[str]) -> LexicalIndex:
    """One field, a document an entry."""
    field = Field(documents, np.arange(len(documents), dtype=np.int32))
    return LexicalIndex.build([field], len(documents))


@pytest.fixture(scope="module")
def index() -> LexicalIndex:
    return index_of(DOCUMENTS)


def score(index: LexicalIndex, text: str) -> FloatArray:
    shares: FloatArray = index.shares(frozenset(terms(text)))[0]
    return shares


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("money", 0),
        ("parcle, where", 1),
        ("PASSWORD", 2),
        ("คืนสินคา", 3),
        ("退款", 4),
        ("वापसी", 5),
    ],
)
def test_the_document_with_the_words_scores_best(
    index: LexicalIndex, text: str, document: int
) -> None:
    assert score(index, text).argmax() == document


def test_scores_are_a_share_of_what_could_be_reached(index: LexicalIndex) -> None:
    for text in (*DOCUMENTS, "money parcel password", "my my my"):
        scores = score(index, text)
        assert scores.shape == (len(DOCUMENTS),)
        assert scores.min() >= 0.0
        assert scores.max() <= 1.0


def test_a_word_that_only_one_document_has_reaches_nearly_all(index: LexicalIndex) -> None:
    assert score(index, "parcel")[1] > 0.9


def test_rare_words_count_more_than_common_ones(index: LexicalIndex) -> None:
    scores = score(index, "my parcel")

    assert scores[1] > 2 * scores[0] > 0.0


def test_unknown_words_lower_the_share_of_the_known_ones(index: LexicalIndex) -> None:
    known, diluted = score(index, "parcel"), score(index, "parcel zebra quixotic")

    assert 0.0 < diluted[1] < known[1] / 2


@pytest.mark.parametrize("text", ["", "👍", "zzz", "?!"])
def test_nothing_known_scores_nothing(index: LexicalIndex, text: str) -> None:
    assert not score(index, text).any()


@pytest.mark.parametrize("documents", [(), ("",), ("👍", "?!")])
def test_documents_without_words_score_nothing(documents: tuple[str, ...], tmp_path: Path) -> None:
    index_of(documents).write(tmp_path)

    for index in (index_of(documents), LexicalIndex.read(tmp_path)):
        assert score(index, "money").tolist() == [0.0] * len(documents)


def test_what_is_added_up_is_bounded_and_rare_words_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = index_of(["the common words of every text"] * 200 + ["the gift voucher"])
    monkeypatch.setattr(lexical, "MOST_POSTINGS", 60)

    scores = score(index, "the common words of a gift voucher")

    assert scores.argmax() == 200
    assert not scores[:200].any(), "their words are in too many texts to be added up"
    assert score(index, "common").any(), "one word at least is looked at"


def test_one_document_is_found() -> None:
    assert score(index_of(["Where is my parcel?"]), "parcel")[0] > 0.5


def test_reads_back_what_it_wrote(index: LexicalIndex, tmp_path: Path) -> None:
    index.write(tmp_path)
    again = LexicalIndex.read(tmp_path)

    for text in (*DOCUMENTS, "parcel zebra"):
        np.testing.assert_array_equal(score(again, text), score(index, text))


@given(st.lists(st.text(max_size=20), max_size=6), st.text(max_size=30))
def test_any_texts_can_be_indexed_and_asked(documents: list[str], text: str) -> None:
    scores = score(index_of(documents), text)

    assert scores.shape == (len(documents),)
    assert ((scores >= 0.0) & (scores <= 1.0 + 1e-6)).all()
    for document, share in zip(documents, scores, strict=True):
        assert (share > 0.0) == (not set(terms(text)).isdisjoint(terms(document)))


def test_a_question_is_compared_by_its_rarest_terms_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = index_of([*["how is it"] * 50, "how is a parcel"])
    monkeypatch.setattr("indexer.lexical.MOST_POSTINGS", 40)
    scores = score(index, "how is the parcel")
    assert np.flatnonzero(scores).tolist() == [50]


def test_the_rarest_term_counts_however_often_it_occurs(monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_of(["x"] * 3)
    monkeypatch.setattr("indexer.lexical.MOST_POSTINGS", 2)
    assert score(index, "x").min() > 0.0


class TestFields:
    PHRASES = Field(
        ["Where is my parcel?", "A voucher, please", "Track a parcel"],
        np.array([1, 0, 1], np.int32),
    )
    RECORDS = Field(["Vouchers come by mail"], np.array([0], np.int32))

    @pytest.fixture
    def both(self) -> LexicalIndex:
        return LexicalIndex.build([self.PHRASES, self.RECORDS], 3)

    def ask(
        self, index: LexicalIndex, text: str, hidden: Sequence[bool] | None = None
    ) -> FloatArray:
        mask = None if hidden is None else np.array(hidden, np.bool_)
        return index.shares(frozenset(terms(text)), mask)

    def test_each_entry_has_the_share_of_its_best_document_in_each_field(
        self, both: LexicalIndex
    ) -> None:
        found = self.ask(both, "track")

        assert found.shape == (2, 3)
        assert found[0].argmax() == 1
        assert found[0, 1] > 0.9
        assert found[:, 2].tolist() == [0.0, 0.0], "an entry without documents has no share"

    def test_each_field_is_weighed_by_itself(self, both: LexicalIndex) -> None:
        alone = LexicalIndex.build([self.PHRASES], 3)

        for text in ("voucher", "track a parcel", "by mail"):
            np.testing.assert_allclose(self.ask(both, text)[0], self.ask(alone, text)[0])

    def test_a_document_that_is_hidden_counts_for_nothing(self, both: LexicalIndex) -> None:
        seen = self.ask(both, "track a parcel", [False, False, False, False])
        hidden = self.ask(both, "track a parcel", [False, False, True, False])

        np.testing.assert_array_equal(seen, self.ask(both, "track a parcel"))
        assert 0.0 < hidden[0, 1] < seen[0, 1]
        assert not self.ask(both, "mail", [False, False, False, True])[1].any()
