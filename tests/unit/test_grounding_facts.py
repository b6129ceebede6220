"""What a sentence states is looked up in the passages."""

import pytest

from app.grounding.facts import KnownFacts
from app.grounding.fault import Fault, UngroundedError
from app.grounding.sentence import Sentence
from knowledge_base.entry import Record

SHIPPING = Record(
    "shipping/cost",
    "en",
    "What does shipping cost?",
    "Shipping costs **4.90 euro**, free from 59 euro. Order before 14:00, Monday to Friday, see "
    "[delivery](https://shop.example/delivery) or write to help@shop.example. Returns take 30 days "
    "from 22 November. Model KX-200, code WELCOME10, telephone +49 30 1234567.",
    url="https://shop.example/faq",
)


def check(text: str, lang: str = "en", question: str = "", record: Record = SHIPPING) -> None:
    KnownFacts([record], question).check(Sentence.of(text), lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Shipping is 4.90 €.", "en"),
        ("Der Versand kostet 4,90 Euro, ab 59 € nichts.", "de"),
        ("La livraison coûte 4,90 euros avant 14 h.", "fr"),
        ("الشحن ٤٫٩٠ يورو.", "ar"),
        ("送料は4.90ユーロ、返品は30日以内です。", "ja"),
        ("You have thirty days.", "en"),
        ("Do 30 dni od 22 listopada.", "pl"),
        ("Pazartesi gününden cumaya kadar.", "tr"),
        ("See [Lieferung](https://shop.example/delivery/).", "de"),
        ("See shop.example or https://www.shop.example/faq.", "en"),
        ("Write to HELP@shop.example.", "en"),
        ("Use welcome10 for the KX-200.", "en"),
        ("Call +49 30 1234567.", "en"),
        ("1. Open the page.", "en"),
    ],
)
def test_what_the_passages_state_passes_however_it_is_written(text: str, lang: str) -> None:
    check(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Shipping is 4.80 €.", "en"),
        ("Der Versand kostet 49,0 Euro.", "de"),
        ("الشحن ٥٫٩٠ يورو.", "ar"),
        ("You have 30 weeks.", "en"),
        ("You have 30 €.", "en"),
        ("Within 59 %.", "en"),
        ("You have twelve days.", "en"),
        ("三天以内。", "zh"),
        ("Do 30 dni od 22 grudnia.", "pl"),
        ("Also on Sunday.", "en"),
        ("Cumartesi de açığız.", "tr"),
        ("See [here](https://shop.example/other).", "en"),
        ("See [here](https://evil.example/delivery).", "en"),
        ("See https://shop.example.evil.example/delivery.", "en"),
        ("See evil.com.", "en"),
        ("Write to refund@shop.example.", "en"),
        ("Use SUMMER20.", "en"),
        ("Use the KX-300.", "en"),
        ("Use FREESHIP.", "en"),
        ("Call +49 30 7654321.", "en"),
    ],
)
def test_what_they_do_not_state_is_a_fault(text: str, lang: str) -> None:
    with pytest.raises(UngroundedError, match=r"passages") as caught:
        check(text, lang)

    assert caught.value.fault is Fault.FACTS


def test_the_message_names_what_was_not_found() -> None:
    with pytest.raises(UngroundedError, match=r'The number "4\.80" is not in the passages\.'):
        check("It is 4.80 euro.")


def test_a_number_of_the_question_becomes_no_truth() -> None:
    with pytest.raises(UngroundedError):
        check("Yes, 90 days.", question="Can I return it within 90 days?")


def test_an_order_may_be_called_by_the_number_that_the_visitor_gave() -> None:
    check("Your order 10-2231 is on its way.", question="Where is 10-2231?")
    check("Your order 4471923 is on its way.", question="Where is order 4471923?")

    with pytest.raises(UngroundedError):
        check("That is 4471923 euro.", question="Where is order 4471923?")


def test_one_of_something_needs_no_number_in_another_language() -> None:
    record = Record("points", "ar", "النقاط؟", "تُضاف النقاط كل يوم.")

    check("ポイントは1日ごとに付きます。", "ja", record=record)
    with pytest.raises(UngroundedError):
        check("ポイントは2日ごとに付きます。", "ja", record=record)


PRESS = Record("press", "pl", "Od kiedy?", "Od 7 sierpnia; wartość to 40 milionów euro.")


def test_months_that_are_named_by_their_number_are_months() -> None:
    for text, lang in (("8월 7일부터입니다.", "ko"), ("8月7日から。", "ja"), ("Từ tháng 8.", "vi")):
        check(text, lang, record=PRESS)
    for text, lang in (("9월 7일부터입니다.", "ko"), ("9月7日から。", "ja"), ("Từ tháng 9.", "vi")):
        with pytest.raises(UngroundedError):
            check(text, lang, record=PRESS)


def test_a_month_that_a_page_keeps_in_english_is_known() -> None:
    record = Record("start", "hi", "कब से?", "यह March 7 को शुरू हुआ।")

    check("Es begann am 7. März.", "de", record=record)
    with pytest.raises(UngroundedError):
        check("Es begann am 7. Mai.", "de", record=record)


def test_a_word_that_begins_like_a_month_is_none() -> None:
    record = Record("version", "en", "Which version?", "Version 4.0 is new, yet it works alike.")

    check("C'est la version 4.0 mais elle est pareille.", "fr", record=record)
    with pytest.raises(UngroundedError):
        check("C'est la version du 4 mai.", "fr", record=record)


def test_multiples_of_numbers_compare_across_customs() -> None:
    check("価値は4000万ユーロです。", "ja", record=PRESS)
    with pytest.raises(UngroundedError):
        check("価値は6000万ユーロです。", "ja", record=PRESS)


def test_an_endless_sentence_takes_no_time() -> None:
    for text in ("1 " * 20_000, "a." * 20_000, "a1-" * 20_000, "+1 (" * 20_000, "http://" * 9_000):
        with pytest.raises(UngroundedError):
            check(text + " 77")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("https://shop.example/faq에서 확인하세요.", "ko"),
        ("https://shop.example/faqをご覧ください。", "ja"),
        ("详见https://shop.example/faq页面。", "zh"),
    ],
)
def test_words_written_on_behind_an_address_are_none_of_it(text: str, lang: str) -> None:
    check(text, lang)


@pytest.mark.parametrize(("text", "lang"), [("این رایگان نیست، نه.", "fa"), ("রঙিন নয়।", "bn")])
def test_not_is_no_number_where_it_is_written_like_nine(text: str, lang: str) -> None:
    check(text, lang)
