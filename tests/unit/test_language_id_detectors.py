from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as LangidModel

from models.langdetect_detector import LangdetectDetector
from models.language_id import Detector, LanguageIdentifier
from models.language_priors import Priors
from models.py3langid_detector import Py3langidDetector

SERVED = ["en", "de", "es", "fr", "pt", "pl", "tr", "ru", "uk", "ar", "fa", "hi", "zh", "ja", "nb"]
QUESTIONS = {
    "en": "Where is my order and when will it arrive?",
    "de": "Wo ist meine Bestellung und wann kommt sie an?",
    "es": "¿Dónde está mi pedido y cuándo llegará?",
    "fr": "Où est ma commande et quand arrivera-t-elle ?",
    "pt": "Onde está o meu pedido e quando vai chegar?",
    "pl": "Gdzie jest moje zamówienie i kiedy dotrze?",
    "tr": "Siparişim nerede ve ne zaman gelecek?",
    "ru": "Где мой заказ и когда он придёт?",
    "uk": "Де моє замовлення і коли воно прийде?",
    "ar": "أين طلبي ومتى سيصل؟",
    "fa": "سفارش من کجاست و کی می‌رسد؟",
    "hi": "मेरा ऑर्डर कहाँ है और कब आएगा?",
    "zh": "我的订单在哪里，什么时候到？",
    "ja": "注文した商品はどこですか。いつ届きますか。",
    "nb": "Hvor er bestillingen min, og når kommer den fram?",
}

MakeDetector = Callable[[Sequence[str]], Detector]


@pytest.fixture(scope="module", params=[Py3langidDetector, LangdetectDetector])
def make(request: pytest.FixtureRequest) -> MakeDetector:
    made: MakeDetector = request.param
    return made


@pytest.fixture(scope="module")
def detector(make: MakeDetector) -> Detector:
    return make(SERVED)


@pytest.mark.parametrize("tag", SERVED)
def test_a_plain_question_is_recognised(detector: Detector, tag: str) -> None:
    found = LanguageIdentifier(SERVED, detector).identify(QUESTIONS[tag])
    assert found.tag == tag
    assert found.confidence > 0.5


def test_probabilities_sum_to_one_over_the_asked_languages(detector: Detector) -> None:
    for question in QUESTIONS.values():
        found = detector.probabilities(question)
        assert set(found) <= set(SERVED)
        assert sum(found.values()) == pytest.approx(1, abs=1e-3)


def test_the_same_text_gets_the_same_answer_in_every_thread(detector: Detector) -> None:
    texts = list(QUESTIONS.values()) * 4
    alone = [detector.probabilities(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detector.probabilities, texts)) == alone


@pytest.mark.parametrize("text", ["", "   ", "123", "ᚠᚢᚦ", "\ud800", "\x00"])
def test_text_without_known_letters_makes_no_language_likely(detector: Detector, text: str) -> None:
    assert max(detector.probabilities(text).values(), default=0) < 0.5


@pytest.mark.parametrize("languages", [["tlh"], ["en", "tlh"]])
def test_languages_the_library_does_not_know_are_left_out(
    make: MakeDetector, languages: list[str]
) -> None:
    assert set(make(languages).probabilities(QUESTIONS["en"])) == set(languages) - {"tlh"}


def test_a_short_question_follows_the_page(detector: Detector) -> None:
    identifier = LanguageIdentifier(SERVED, detector)
    for page in ("en", "de", "es", "fr", "pt"):
        assert identifier.identify("hotel", Priors(page=page)).tag == page


def test_a_clear_question_does_not_follow_the_page(detector: Detector) -> None:
    identifier = LanguageIdentifier(SERVED, detector)
    priors = Priors(page="en", accept=(("en", 1.0),))
    for tag in ("de", "es", "fr", "pl", "tr"):
        assert identifier.identify(QUESTIONS[tag], priors).tag == tag


@pytest.mark.parametrize("served", [SERVED, ["en", "de"], ["sr", "hr", "ru"]])
def test_py3langid_finds_what_the_library_itself_finds(served: list[str]) -> None:
    library = LangidModel.from_model_file(MODEL_FILE, norm_probs=True)
    labels = {"no" if tag == "nb" else tag: tag for tag in served}
    library.set_languages(list(labels))
    detector = Py3langidDetector(served)
    texts = [*QUESTIONS.values(), "HVOR ER PAKKEN", "e\u0301te\u0301", "a a a a a", "где је"]
    for text in texts:
        sharp = {labels[label]: given**1.6 for label, given in library.rank(f" {text} ")}
        expected = {tag: given / sum(sharp.values()) for tag, given in sharp.items()}
        assert detector.probabilities(text) == pytest.approx(expected, abs=1e-4)
