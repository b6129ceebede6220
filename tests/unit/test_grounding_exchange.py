"""Numbers of one kind stay with what they are said of."""

from collections.abc import Sequence

import pytest

from app.grounding.exchange import ExchangeCheck
from app.grounding.fault import Fault, UngroundedError
from app.grounding.passages import Passages
from app.grounding.sentence import Sentence
from indexer.query import FloatArray
from knowledge_base.entry import Record
from models.embedding import Role
from tests.fakes import FakeEmbedder, no_support_learnt

SHIPPING = Record(
    "shipping",
    "en",
    "How long?",
    "Standard delivery takes 2 to 4 days, delivery abroad takes 6 to 12 days. Exchanges are taken "
    "for 14 weeks. Complaints are heard for 30 weeks, or 30 percent is lost.",
)
POINTS = Record("points", "en", "What for?", "Vouchers are worth 5 euro from a basket of 40 euro.")

EMBEDDER = FakeEmbedder()


def embed(texts: Sequence[str]) -> FloatArray:
    return EMBEDDER.embed(texts, Role.PASSAGE).vectors


def check(text: str, *records: Record) -> None:
    passages = Passages.of(records or (SHIPPING, POINTS), no_support_learnt(), embed)
    ExchangeCheck(passages, "en", embed).check(Sentence.of(text))


@pytest.mark.parametrize(
    "text",
    [
        "Standard delivery takes 2 to 4 days, delivery abroad takes 6 to 12 days.",
        "Delivery abroad takes 6 to 12 days, standard delivery takes 2 to 4 days.",
        "Complaints are heard for 30 weeks, exchanges are taken for 14 weeks.",
        "Vouchers are worth 5 euro from a basket of 40 euro.",
        "Delivery takes 12 days.",
        "Wait 40 euro, 5 weeks.",
        "Nothing is counted here.",
    ],
)
def test_numbers_in_their_places_pass_in_whatever_order(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "Standard delivery takes 6 to 12 days, delivery abroad takes 2 to 4 days.",
        "Exchanges are taken for 30 weeks, complaints are heard for 14 weeks.",
        "Vouchers are worth 40 euro from a basket of 5 euro.",
    ],
)
def test_numbers_in_each_other_s_places_are_a_fault(text: str) -> None:
    with pytest.raises(UngroundedError, match="and the other way round") as caught:
        check(text)

    assert caught.value.fault is Fault.FACTS


def test_numbers_of_two_entries_have_no_order() -> None:
    other = Record("gifts", "en", "How much?", "Gift cards begin at 3 euro.")

    check("Gift cards begin at 3 euro, vouchers are worth 5 euro.", POINTS, other)


def test_a_number_that_stands_in_several_places_tells_nothing() -> None:
    twice = Record("twice", "en", "?", "It takes 14 days, then 30 days, then 14 days again.")

    check("It takes 30 days, then 14 days.", twice)


def test_a_sentence_of_numbers_alone_takes_no_time() -> None:
    check(" ".join(f"{number} days" for number in range(40_000)))
