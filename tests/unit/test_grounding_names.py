"""What a sentence names must be named by the passages, in whatever language they are."""

import pytest

from app.answering.writing import Ground
from app.grounding.fault import Fault, UngroundedError
from app.grounding.known_names import KnownNames
from app.grounding.sentence import Sentence
from benchmarks.grounding_material import Case
from benchmarks.grounding_sayings import inventions, namings
from knowledge_base.entry import Record

SHOP = {
    "en": "We deliver to Germany and Turkey with Hermelin. Pay by Visa or PayPal, choose "
    "“Pay now”.",
    "de": "Wir liefern nach Deutschland und in die Türkei mit Hermelin. Zahlen Sie mit Visa oder "
    "PayPal, wählen Sie „Jetzt zahlen“.",
    "ja": "ドイツとトルコへHermelinでお届けします。お支払いはVisaかPayPal、"
    "「今すぐ支払う」を選びます。",
    "pl": "Dostarczamy do Niemiec i Turcji przez Hermelin. Płać Visą lub PayPal, wybierz „Zapłać”.",
    "ru": "Доставляем в Германию и Турцию через Гермелин. Платите Visa или PayPal, «Оплатить».",
}


def check(text: str, lang: str, passages: str, question: str = "") -> None:
    record = Record("shop", passages, "?", SHOP[passages])
    KnownNames([record], question).check(Sentence.of(text), lang)


@pytest.mark.parametrize(
    ("text", "lang", "passages"),
    [
        ("We ship to Germany.", "en", "en"),
        ("Wysyłamy do Turcji.", "pl", "en"),
        ("Отправляем в Германию.", "ru", "ja"),
        ("نوصل إلى تركيا وألمانيا.", "ar", "de"),
        ("Nous livrons en Allemagne.", "fr", "ru"),
        ("You can use Visa, and choose “Pay now”.", "en", "en"),
        ("Karty Visa i paczki Hermelinu.", "pl", "pl"),
        ("Visaで払えます。", "ja", "ja"),
        ("PayPalでも払えます。", "ja", "en"),
        ("Choose **whatever you like** and [go on](https://shop.example).", "en", "en"),
        ("The German post brings it on Monday, as I said.", "en", "en"),
        ("Zapraszamy Państwa w Niemczech.", "pl", "pl"),
        ("Mówimy też po niemiecku.", "pl", "en"),
        ("Barwnik nie szkodzi na włosy.", "pl", "en"),
        ("Der Versand kostet Geld.", "de", "en"),
        ("Wählen Sie „Bezahlen“.", "de", "en"),
        ("Selezioni Pagamento, come Lei desidera.", "it", "en"),
    ],
)
def test_what_the_passages_name_may_be_named(text: str, lang: str, passages: str) -> None:
    check(text, lang, passages)


@pytest.mark.parametrize(
    ("text", "lang", "passages"),
    [
        ("We ship to Norway.", "en", "en"),
        ("Wir liefern auch nach Norwegen.", "de", "de"),
        ("Wysyłamy do Norwegii.", "pl", "en"),
        ("Mówimy też po włosku.", "pl", "en"),
        ("Говорим на чешском и италианском.", "bg", "en"),
        ("Отправляем в Норвегию.", "ru", "ja"),
        ("نوصل إلى النرويج.", "ar", "de"),
        ("ノルウェーへお届けします。", "ja", "ru"),
        ("We also speak Italian.", "en", "en"),
        ("Parcels come with Falkner.", "en", "en"),
        ("Paczki dostarcza Falkner.", "pl", "pl"),
        ("You can use QuickPurse.", "en", "en"),
        ("Sie können mit QuickPurse zahlen.", "de", "en"),
        ("DHLでお届けします。", "ja", "ja"),
        ("Falknerでお届けします。", "ja", "en"),
        ("Choose “Delete all”.", "en", "en"),
        ("Wählen Sie »Alles löschen«.", "de", "de"),
        ("「すべて削除」を選びます。", "ja", "ja"),
        ("Wybierz ‚Usuń wszystko’.", "pl", "pl"),
    ],
)
def test_what_they_do_not_name_is_a_fault(text: str, lang: str, passages: str) -> None:
    with pytest.raises(UngroundedError, match=r"The name .* is not in the passages") as caught:
        check(text, lang, passages)

    assert caught.value.fault is Fault.FACTS


def test_brands_are_looked_up_where_a_passage_in_another_script_writes_one_as_it_is() -> None:
    for text, lang in (("QuickPurseで払えます。", "ja"), ("Pay with QuickPurse.", "en")):
        with pytest.raises(UngroundedError, match="QuickPurse"):
            check(text, lang, "ru")
    check("Pay with PayPal.", "en", "ru")
    check("Parcels come with Hermelin.", "en", "ru")
    own_letters = Record("shop", "ru", "?", "Платите через ПэйПал или по PDF-счёту.")
    KnownNames([own_letters], "").check(Sentence.of("Pay with PayPal."), "en")


CARRIER = "Крупные посылки доставляет Zugvogel."


def replaced(text: str, lang: str, passage: str = CARRIER, question: str = "") -> None:
    record = Record("shop", "ru", "?", passage)
    names = KnownNames([record], question)
    names.check_replaced(Sentence.of(text), lang, Ground(record, passage))


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Large parcels are brought by Kestrelia.", "en"),
        ("As encomendas grandes são transportadas pela Kestrelia.", "pt"),
        ("大きな荷物はKestreliaがお届けします。", "ja"),
    ],
)
def test_another_name_in_the_place_of_one_that_the_passage_leaves_is_a_fault(
    text: str, lang: str
) -> None:
    with pytest.raises(UngroundedError, match='The name "Kestrelia" is not in the passages'):
        replaced(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Large parcels are brought by Zugvogel.", "en"),
        ("Duże paczki dostarcza Zugvogla, w poniedziałek.", "pl"),
        ("As Kestrelia does, Zugvogel brings them.", "en"),
        ("We bring large parcels.", "en"),
        ("Large parcels come by Zugvögel to Germany.", "en"),
        ("Large parcels are brought by Zuggvogel.", "en"),
        ("大きな荷物はツークフォーゲルがお届けします。", "ja"),
    ],
)
def test_the_same_name_however_it_is_spelt_is_none(text: str, lang: str) -> None:
    replaced(text, lang)


def test_buttons_and_what_the_visitor_named_are_replaced_by_nothing() -> None:
    replaced("Choose the Close button.", "en", "Нажмите «Stop now».")
    replaced("Kestrelia brings parcels, as does Kestrelia.", "en", question="Is it Kestrelia?")
    replaced("It is brought by Kestrelia.", "en", "Доставляем по SMS и DHL.")


def has_fault(case: Case) -> bool:
    names = KnownNames(case.records, "?")
    try:
        for text in case.sentences:
            names.check(Sentence.of(text), case.reader)
    except UngroundedError:
        return True
    return False


def test_names_put_in_others_places_are_found_and_translated_ones_pass() -> None:
    found = [has_fault(case) for case in inventions(seed=11, count=80) if not case.is_across]

    assert sum(found) >= 0.9 * len(found)
    assert [case for case in namings(seed=11, count=80) if has_fault(case)] == []


def test_what_the_question_names_may_be_denied_and_no_more() -> None:
    asked = "Do you ship to Norway with Falkner?"

    check("No, we do not ship to Norway with Falkner.", "en", "en", asked)
    for text in ("Yes, we ship to Norway.", "Yes, parcels come with Falkner."):
        with pytest.raises(UngroundedError):
            check(text, "en", "en", asked)
    with pytest.raises(UngroundedError):
        check("No, we do not ship to Iceland.", "en", "en", asked)


def test_words_of_the_question_may_be_quoted() -> None:
    check("“Card refused” tells that the limit is reached.", "en", "en", "It says Card refused?")


def test_an_endless_sentence_takes_no_time() -> None:
    for text in ("Ab " * 20_000, "“" * 20_000, "‘a" * 20_000, "»a" * 20_000, "aB" * 20_000):
        with pytest.raises(UngroundedError):
            check(f"We ship to Norway. {text}", "en", "en")
