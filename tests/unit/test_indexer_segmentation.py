"""The terms that lexical search matches, in every script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segmentation import normalize, terms


def shared(one: str, other: str) -> float:
    """Share of the terms of a text that another has too."""
    mine = set(terms(one))
    return len(mine & set(terms(other))) / len(mine)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rückgabe", "ruckgabe"),
        ("STRASSE", "straße"),
        ("numéro", "NUMERO"),
        ("ŁÓDŹ", "lodz"),
        ("İade ve Iade ve ıade", "iade ve iade ve iade"),
        ("đơn hàng", "don hang"),
        ("Ελλάδος", "ελλαδοσ"),
        ("ёлка", "ЕЛКА"),
        ("أهلًا", "اهلا"),
        ("שָׁלוֹם", "שלום"),
        ("ＡＢＣ１２３", "abc123"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
    ],
)
def test_case_width_and_diacritics_do_not_matter(one: str, other: str) -> None:
    assert list(terms(one)) == list(terms(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("कम", "काम"), ("দিন", "দান"), ("มา", "มี"), ("はす", "ばす"), ("한", "하")],
)
def test_marks_that_spell_words_do_matter(one: str, other: str) -> None:
    assert list(terms(one)) != list(terms(other))


@pytest.mark.parametrize("text", ["é", "가격", "が", "कि", "ạ"])
def test_how_a_letter_is_encoded_does_not_matter(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))

    assert list(terms(composed)) == list(terms(decomposed))


def test_a_spaced_word_gives_itself_and_its_four_grams() -> None:
    assert list(terms("Refund")) == ["#refund", " ref", "refu", "efun", "fund", "und "]


def test_a_short_word_is_a_term_of_its_own() -> None:
    assert list(terms("a to")) == ["#a", " a ", "#to", " to "]


def test_a_dense_run_gives_its_characters_and_bigrams() -> None:
    assert list(terms("退款吗")) == ["退", "款", "吗", "退款", "款吗"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ฉันจะคืนสินค้าได้อย่างไร", "คืนสินค้า"),
        ("如何申请退款", "退款"),
        ("返品の方法を教えてください", "返品方法"),
        ("환불은 어떻게 받나요", "환불 받기"),
        ("वापसी कैसे करें", "वापसी"),
        ("كيف أسترجع المبلغ", "استرجع مبلغ"),
        ("siparişimi nasıl iade ederim", "siparis iadesi"),
    ],
)
def test_a_question_shares_most_of_its_terms_with_the_text_it_is_about(
    text: str, asked: str
) -> None:
    assert shared(asked, text) >= 0.5


@pytest.mark.parametrize(
    ("misspelt", "word"),
    [
        ("passwort vergesen", "Passwort vergessen"),
        ("recieve my parcel", "receive my parcel"),
        ("возрат денег", "возврат денег"),
        ("ödemme", "ödeme"),
        ("भुगतन", "भुगतान"),
        ("คืนสินคา", "คืนสินค้า"),
        ("환볼", "환불"),
    ],
)
def test_what_is_misspelt_still_shares_terms(misspelt: str, word: str) -> None:
    assert shared(misspelt, word) >= 0.25


def test_scripts_that_are_mixed_are_cut_apart() -> None:
    found = list(terms("iPhone的保修 iPhone15"))

    assert {"#iphone", "保修", "#iphone15"} <= set(found)


@pytest.mark.parametrize("text", ["", "  ", "?!… ।", "👍🏽 🎉", "—«»", "\ud800"])
def test_what_has_no_letters_has_no_terms(text: str) -> None:
    assert list(terms(text)) == []


def test_terms_come_as_often_as_they_occur() -> None:
    assert list(terms("to to")).count("#to") == 2


@given(st.text())
def test_no_term_is_empty(text: str) -> None:
    assert all(term.strip() for term in terms(text))


@given(st.text())
def test_a_text_that_is_already_folded_has_the_same_terms(text: str) -> None:
    assert list(terms(normalize(text))) == list(terms(text))
