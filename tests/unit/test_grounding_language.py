"""A text is in the reader's language, sentence by sentence."""

import pytest

from app.grounding.fault import Fault, UngroundedError
from app.grounding.language import LanguageCheck
from app.grounding.rival_languages import rival_languages
from app.grounding.sentence import Sentence
from models.language_id import LanguageIdentifier
from models.py3langid_detector import Py3langidDetector

TAGS = rival_languages(["en", "de", "es", "pt", "ru", "uk", "ja", "zh", "zh-Hant", "ar"])
BASES = tuple(dict.fromkeys(tag.partition("-")[0] for tag in TAGS))
IDENTIFIER = LanguageIdentifier(TAGS, Py3langidDetector(BASES))


def identify(text: str) -> str:
    return IDENTIFIER.identify(text).tag


def check(reader: str, *sentences: str, allowed: str = "") -> None:
    judge = LanguageCheck(reader, identify, [allowed])
    taken_apart = [Sentence.of(sentence) for sentence in sentences]
    for sentence in taken_apart:
        judge.sentence(sentence)
    judge.whole(taken_apart)


def test_what_a_passage_in_the_readers_language_says_word_for_word_is_in_it() -> None:
    names = "Wir liefern nach Oslo: Vennligst kontakt oss via butikken på nettet."
    own = LanguageCheck("de", identify, own=[f"Fragen Sie uns! {names} Bis bald."])

    own.sentence(Sentence.of(names))
    own.whole([Sentence.of(names)])
    with pytest.raises(UngroundedError):
        own.sentence(Sentence.of("Vennligst kontakt oss via butikken på nettet i dag."))


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("de", "Sie können die Ware innerhalb von 30 Tagen zurückgeben."),
        ("pt", "Pode devolver o artigo no prazo de 30 dias após a entrega."),
        ("es", "Puede devolver el artículo en un plazo de 30 días tras la entrega."),
        ("uk", "Ви можете повернути товар протягом 30 днів після отримання."),
        ("ja", "Visaカードでお支払いいただけます。"),
        ("ar", "يمكنك الدفع عبر PayPal أو Apple Pay."),
        ("ru", "Откройте [Мои заказы](https://shop.example/orders) и нажмите **Order again**."),
        ("en", "Yes."),
        ("hr", "Da!"),
        ("fy", "Ja."),
        ("de", "OK!"),
        ("sr", "Možete vratiti robu u roku od trideset dana."),
        ("zh-Hant", "您可以在三十天內退貨。"),
    ],
)
def test_the_readers_language_passes(reader: str, text: str) -> None:
    check(reader, text)


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("de", "You can return the goods within 30 days of delivery."),
        ("pt", "Puede devolver el artículo en un plazo de 30 días tras la entrega."),
        ("es", "Pode devolver o artigo no prazo de 30 dias após a entrega da encomenda."),
        ("uk", "Вы можете вернуть товар в течение 30 дней после получения посылки."),
        ("ru", "Ви можете повернути товар протягом 30 днів після отримання посилки."),
        ("cs", "Tovar môžete vrátiť do tridsiatich dní, ak ešte nie je rozbalený a používaný."),
        ("ja", "您可以在三十天内退货，请联系客服办理退款手续。"),
        ("zh", "30日以内であれば返品できますのでご連絡ください。"),
        ("ar", "You can pay by card."),
        ("en", "Да."),
        ("en", "はい"),
        ("zh-Hant", "您可以在三十天内退货，请联系我们的客户服务。"),
    ],
)
def test_another_language_or_script_is_a_fault(reader: str, text: str) -> None:
    with pytest.raises(UngroundedError) as caught:
        check(reader, text)

    assert caught.value.fault is Fault.LANGUAGE


def test_a_sentence_that_changes_its_language_half_way_is_a_fault() -> None:
    with pytest.raises(UngroundedError, match="looks like en"):
        check(
            "de",
            "Sie können die Ware innerhalb von dreißig Tagen zurückgeben, but only if the "
            "original packaging is still there and it was never used.",
        )


def test_short_sentences_of_a_relative_are_told_by_the_whole() -> None:
    sentences = ("Puede pagar aquí.", "Es muy fácil.", "Haga clic abajo.", "Gracias por su compra.")

    with pytest.raises(UngroundedError):
        check("pt", *sentences)


def test_foreign_names_of_the_passages_may_be_repeated() -> None:
    with pytest.raises(UngroundedError, match="is not written in the script of en"):
        check("en", "The button is called “Оплатить”.")

    check("en", "The button is called “Оплатить”.", allowed="Нажмите «Оплатить».")


def test_the_rivals_of_served_languages_come_behind_them_once() -> None:
    tags = rival_languages(["pt-BR", "en"])

    assert tags[:2] == ("pt-BR", "en")
    assert "pt" not in tags
    assert "es" in tags
    assert len(set(tags)) == len(tags)


def test_a_sign_like_an_apostrophe_within_a_word_is_of_no_other_script() -> None:
    LanguageCheck("uz", lambda _: "uz").sentence(Sentence.of("Murakkab boʻlsa, bizga yozing."))
