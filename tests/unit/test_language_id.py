from collections.abc import Sequence

import pytest

from models.language_id import MAX_CHARACTERS, UNDETERMINED, IdentifiedLanguage, LanguageIdentifier
from models.language_priors import LanguageSource, Priors
from tests.fakes import FixedDetector
from tests.tiny_words import word_table

SURE = 0.9


def identify(
    text: str,
    served: list[str],
    detected: dict[str, float] | None = None,
    priors: Priors | None = None,
    beside: Sequence[str] = (),
) -> IdentifiedLanguage:
    detector = FixedDetector(detected or {})
    identifier = LanguageIdentifier(served, detector, beside=dict.fromkeys(beside, -3.0))
    return identifier.identify(text, priors or Priors())


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("배송은 얼마나 걸리나요?", "ko"),
        ("返品できますか", "ja"),
        ("カード", "ja"),
        ("สั่งซื้อแล้วยกเลิกได้ไหม", "th"),
        ("איפה החבילה שלי", "he"),
        ("আমার অর্ডার কোথায়?", "bn"),
        ("Πού είναι η παραγγελία μου;", "el"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
        ("我的包裹在哪里", "zh"),
        ("Где мой заказ?", "ru"),
        ("أين طلبي؟", "ar"),
        ("Where is my order?", "en"),
    ],
)
def test_a_script_of_one_served_language_decides_alone(text: str, tag: str) -> None:
    served = ["en", "ko", "ja", "th", "he", "bn", "el", "hi", "zh", "ru", "ar"]
    found = identify(text, served)
    assert found.tag == tag
    assert found.confidence >= SURE
    assert found.source is LanguageSource.DETECTED


def test_the_detector_decides_between_languages_of_one_script() -> None:
    found = identify("foo bar", ["en", "de", "ru"], {"de": 0.9, "en": 0.06, "ru": 0.04})
    assert found.tag == "de"
    assert found.confidence == pytest.approx(0.9 / 0.96)
    assert found.margin == pytest.approx(0.84 / 0.96)


def test_languages_of_other_scripts_are_no_candidates() -> None:
    found = identify("привет", ["en", "de", "ru", "uk"], {"en": 0.9, "ru": 0.08, "uk": 0.02})
    assert found.tag == "ru"


def test_a_lead_too_small_is_undetermined() -> None:
    found = identify("xyz", ["en", "de"], {"en": 0.51, "de": 0.49})
    assert found.tag == UNDETERMINED
    assert found.margin == pytest.approx(0.02)


def test_a_script_that_no_served_language_uses_is_undetermined_whatever_the_page() -> None:
    found = identify("สวัสดี", ["en", "de"], priors=Priors(page="en"))
    assert found == IdentifiedLanguage(UNDETERMINED, 0.0, LanguageSource.DETECTED, 0.0)


class TestLanguagesWithoutContent:
    @pytest.mark.parametrize(
        ("text", "tag"),
        [
            ("Waar is mijn bestelling?", "nl"),
            ("Where is my order?", "en"),
            ("Де моє замовлення?", "uk"),
            ("สวัสดี", "th"),
        ],
    )
    def test_are_heard(self, text: str, tag: str) -> None:
        assert identify(text, ["en", "ru"], beside=["nl", "uk", "th"]).tag == tag

    def test_must_be_the_more_clearly_spoken(self) -> None:
        for sure, tag in ((0.9, "en"), (0.99, "nl")):
            detected = {"nl": sure, "en": 1 - sure}
            assert identify("hotel xyz", ["en"], detected, beside=["nl"]).tag == tag
            assert identify("hotel xyz", ["en", "nl"], detected).tag == "nl"

    def test_are_no_rivals_of_a_served_one_that_is_likely_enough(self) -> None:
        detected = {"en": 0.2, "nl": 0.6, "sv": 0.2}
        found = identify("hotel xyz", ["en"], detected, beside=["nl", "sv"])
        assert (found.tag, found.margin) == ("en", 1.0)
        assert found.confidence < SURE

    def test_must_be_the_more_certain_for_a_single_word(self) -> None:
        for text, tag in (("hotel xyz", "nl"), ("hotel", "en")):
            assert identify(text, ["en"], {"en": 0.005, "nl": 0.995}, beside=["nl"]).tag == tag

    def test_leave_it_open_between_two_of_them(self) -> None:
        detected = {"en": 0.001, "nb": 0.5, "da": 0.499}
        assert identify("hotel xyz", ["en"], detected, beside=["nb", "da"]).tag == UNDETERMINED

    def test_are_no_less_likely_than_each_other(self) -> None:
        found = identify("эээ", ["en"], {"ru": 0.9, "uk": 0.1}, beside=["ru", "uk"])
        assert found.tag == "ru"
        assert found.confidence == pytest.approx(0.9)

    @pytest.mark.parametrize(
        ("priors", "tag"),
        [
            (Priors(), "en"),
            (Priors(page="nl"), "nl"),
            (Priors(conversation="nl"), "nl"),
            (Priors(page="en", accept=(("nl", 1.0),)), "en"),
            (Priors(page="sv"), "en"),
        ],
    )
    def test_are_likelier_where_something_suggests_them(self, priors: Priors, tag: str) -> None:
        detected = {"en": 0.4, "nl": 0.6}
        assert identify("hotel xyz", ["en"], detected, priors, ["nl", "sv"]).tag == tag

    def test_are_rivals_of_a_served_one_where_the_page_is_in_them(self) -> None:
        detected = {"en": 0.7, "nl": 0.3}
        found = identify("hotel", ["en"], detected, Priors(page="nl"), ["nl"])
        assert (found.tag, found.source) == ("nl", LanguageSource.PAGE)

    def test_take_no_doubtful_hint_from_a_text_without_letters(self) -> None:
        priors = Priors(accept=(("de", 0.2),))
        alone = identify("12345", ["en", "de"], priors=priors)
        beside = identify("12345", ["en", "de"], priors=priors, beside=["nl", "sv", "it", "fr"])
        assert beside == alone
        assert alone.tag == "de"

    def test_do_not_speak_for_themselves_where_another_was_suggested(self) -> None:
        detected = {"en": 0.4, "de": 0.1, "nl": 0.5}
        priors = Priors(accept=(("de", 0.1), ("nl", 0.1)))
        found = identify("hotel xyz", ["en", "de"], detected, priors, ["nl"])
        assert (found.tag, found.source) == ("en", LanguageSource.DETECTED)

    def test_do_not_gain_from_words_where_a_served_one_has_no_list(self) -> None:
        beside = {"en": -3.0, "de": -3.0}
        for sure, tag in ((0.9, "et"), (1e-9, "en")):
            detector = FixedDetector({"et": sure, "en": 1 - sure})
            identifier = LanguageIdentifier(["et"], detector, TABLE, beside=beside)
            assert identifier.identify("blue cup").tag == tag

    def test_include_hindi_in_latin_letters(self) -> None:
        detector = FixedDetector({"en": 0.6, "de": 0.4})
        identifier = LanguageIdentifier(["en", "de"], detector, TABLE, beside={"hi": -3.0})
        assert identifier.identify("mujhe parcel kab milega").tag == "hi"
        assert identifier.identify("where is my parcel").tag == "en"


def test_known_words_outweigh_a_vague_detector() -> None:
    found = identify("ist bitcoin legal", ["en", "de", "nl"], {"en": 0.5, "de": 0.3, "nl": 0.2})
    assert found.tag == "de"


@pytest.mark.parametrize("served", [["en", "hi"], ["en", "de", "hi"]])
def test_hindi_in_latin_letters_is_known_by_its_words(served: list[str]) -> None:
    assert identify("mujhe parcel kab milega", served, {"en": 0.6, "de": 0.4}).tag == "hi"
    assert identify("where is my parcel", served, {"en": 0.6, "de": 0.4}).tag == "en"


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Scratch 3.0 কি?", "bn"),
        ("什么是chatterbot", "zh"),
        ("誰創造了 Bitcoin？", "zh"),
        ("iPhone 15 の返品", "ja"),
        ("What does 你好 mean in English?", "en"),
        ("Is «привет» a greeting in your language?", "en"),
        ("כולם הופיעו ב-Journal of Biological Chemistry", "he"),
    ],
)
def test_names_in_latin_letters_do_not_decide_a_mixed_text(text: str, tag: str) -> None:
    assert identify(text, ["en", "bn", "zh", "ja", "he", "ru"]).tag == tag


def test_the_detector_reads_only_the_words_in_the_deciding_script() -> None:
    detector = FixedDetector({"ru": 0.9, "uk": 0.1})
    LanguageIdentifier(["en", "ru", "uk"], detector).identify("Что такое Bitcoin?")
    assert detector.texts == ["Что такое"]


@pytest.mark.parametrize(
    "noise",
    [
        "https://example.org/wo/ist/mein/paket?a=b",
        "www.example.org/der-die-das",
        "jane.doe+shop@mail.example.org",
        "`for item in order: print(item)`",
        "<p class='der die das'>",
        "order_id AB1234CD 12:30 99,90",
        "🎉👍🏽 ❤️",
    ],
)
def test_addresses_code_numbers_and_emoji_are_no_evidence(noise: str) -> None:
    detector = FixedDetector({"fr": 0.95, "de": 0.05})
    found = LanguageIdentifier(["fr", "de", "ru"], detector).identify(f"{noise} chouette")
    assert found.tag == "fr"
    assert detector.texts[0].replace("order", "").strip(" :,🎉👍🏽❤️") == "chouette"


@pytest.mark.parametrize(
    "text", ["", "   ", "12345", "?!", "🎉", "\u200f\u202e", "https://a.example"]
)
def test_a_text_without_letters_is_undetermined(text: str) -> None:
    assert identify(text, ["en", "de"]).tag == UNDETERMINED


@pytest.mark.parametrize("text", ["", "12345", "🎉"])
def test_a_text_without_letters_follows_what_is_known_of_the_visitor(text: str) -> None:
    found = identify(text, ["en", "de"], priors=Priors(page="de"))
    assert (found.tag, found.source) == ("de", LanguageSource.PAGE)


@pytest.mark.parametrize(
    ("priors", "tag", "source"),
    [
        (Priors(page="nl"), "nl", LanguageSource.PAGE),
        (Priors(conversation="nl", page="en"), "nl", LanguageSource.CONVERSATION),
        (Priors(accept=(("nl", 1.0), ("en", 0.3))), "nl", LanguageSource.ACCEPT),
        (Priors(accept=(("nl-BE", 1.0),)), "nl", LanguageSource.ACCEPT),
        (Priors(page="ja"), "en", LanguageSource.DETECTED),
        (Priors(page="xx-unknown"), "en", LanguageSource.DETECTED),
        (Priors(page="en"), "en", LanguageSource.DETECTED),
    ],
)
def test_a_weak_text_follows_the_priors(priors: Priors, tag: str, source: LanguageSource) -> None:
    found = identify("hotel", ["en", "nl", "ja"], {"en": 0.7, "nl": 0.3}, priors)
    assert (found.tag, found.source) == (tag, source)


def test_one_language_asked_for_twice_by_the_browser_counts_once() -> None:
    detected = {"en": 0.97, "nl": 0.03}
    once = Priors(accept=(("nl", 1.0),))
    twice = Priors(accept=(("nl-BE", 1.0), ("nl", 0.9)))
    assert identify("x", ["en", "nl"], detected, once) == identify(
        "x", ["en", "nl"], detected, twice
    )


def test_strong_evidence_overrules_all_priors_together() -> None:
    priors = Priors(page="nl", conversation="nl", accept=(("nl", 1.0), ("nl-BE", 0.9)))
    found = identify("zzz", ["en", "nl"], {"en": 0.99999, "nl": 0.00001}, priors)
    assert (found.tag, found.source) == ("en", LanguageSource.DETECTED)


@pytest.mark.parametrize(
    ("served", "priors", "tag"),
    [
        (["pt", "pt-BR"], Priors(page="pt-BR"), "pt-BR"),
        (["pt-BR", "pt"], Priors(), "pt"),
        (["pt-BR", "pt"], Priors(page="pt-PT"), "pt"),
        (["pt-BR", "pt-PT"], Priors(), "pt-BR"),
        (["pt-BR", "pt-PT"], Priors(accept=(("pt-PT", 0.8), ("pt-BR", 0.4))), "pt-PT"),
    ],
)
def test_priors_choose_among_regional_variants(served: list[str], priors: Priors, tag: str) -> None:
    assert identify("onde está", [*served, "en"], {"pt": 0.99, "en": 0.01}, priors).tag == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("我的订单什么时候发货？", "zh"),
        ("我的訂單什麼時候發貨？", "zh-Hant"),
        ("中文", "zh"),
    ],
)
def test_characters_choose_between_simplified_and_traditional(text: str, tag: str) -> None:
    assert identify(text, ["zh", "zh-Hant"]).tag == tag
    assert identify(text, ["zh-TW"]).tag == "zh-TW"


def test_characters_written_alike_leave_the_choice_to_the_page() -> None:
    assert identify("中文", ["zh", "zh-TW"], priors=Priors(page="zh-TW")).tag == "zh-TW"


@pytest.mark.parametrize(("text", "tag"), [("Где мой заказ", "sr"), ("gde je paket", "sr-Latn")])
def test_the_script_chooses_between_variants_of_a_language(text: str, tag: str) -> None:
    assert identify(text, ["sr", "sr-Latn", "ko"]).tag == tag


@pytest.mark.parametrize(
    ("text", "priors", "tag"),
    [
        ("您好，请问怎么退货", Priors(), "zh"),
        ("配送料無料検索済", Priors(), "ja"),
        ("返品", Priors(page="ja"), "ja"),
        ("返品", Priors(page="zh"), "zh"),
        ("优の良品这个牌子的包裹现在到哪里了", Priors(), "zh"),
    ],
)
def test_han_without_kana_is_weighed_between_chinese_and_japanese(
    text: str, priors: Priors, tag: str
) -> None:
    assert identify(text, ["zh", "ja"], {"zh": 0.5, "ja": 0.5}, priors).tag == tag


def test_japanese_without_a_served_japanese_is_not_taken_for_chinese() -> None:
    assert identify("返品できますか", ["zh", "en"]).tag == UNDETERMINED


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "@" * 100_000,
        "_" * 100_000,
        "`" * 99_999,
        "<a" * 50_000,
        "\ud800 lone",
        "nul\x00byte",
        "e\u0301" * 5000,
    ],
)
def test_hostile_texts_are_read_in_bounds(text: str) -> None:
    detector = FixedDetector({"en": 0.9, "de": 0.1})
    LanguageIdentifier(["en", "de"], detector).identify(text)
    assert all(len(read) <= MAX_CHARACTERS for read in detector.texts)


def test_a_detector_without_an_opinion_leaves_the_choice_to_the_priors() -> None:
    assert identify("qwrt", ["en", "de"]).tag == UNDETERMINED
    assert identify("qwrt", ["en", "de"], priors=Priors(page="de")).tag == "de"


@pytest.mark.parametrize("text", ["bonjour, merci", "où est mon colis ?", "42 colis, où ?"])
def test_clear_words_decide_without_the_detector(text: str) -> None:
    detector = FixedDetector({"de": 0.9, "fr": 0.1})
    found = LanguageIdentifier(["fr", "de"], detector).identify(text)
    assert found.tag == "fr"
    assert found.confidence > SURE
    assert detector.texts == []


def test_words_against_what_is_known_of_the_visitor_are_not_clear() -> None:
    detector = FixedDetector({"fr": 0.999999, "de": 0.000001})
    identifier = LanguageIdentifier(["fr", "de"], detector)
    assert identifier.identify("bonjour, merci", Priors(page="de")).tag == "fr"
    assert detector.texts == ["bonjour, merci"]


def test_what_is_known_of_the_visitor_makes_no_words_clear() -> None:
    detector = FixedDetector({"fr": 0.01, "de": 0.99})
    LanguageIdentifier(["fr", "de"], detector).identify("chouette", Priors(page="fr"))
    assert detector.texts == ["chouette"]


def test_capital_letters_hide_no_word() -> None:
    detector = FixedDetector({"tr": 0.5, "de": 0.5})
    identifier = LanguageIdentifier(["tr", "de"], detector)
    assert identifier.identify("SİPARİŞİM NEREDE").tag == "tr"
    assert identifier.identify("WO IST MEIN PAKET").tag == "de"


TABLE = word_table(
    {
        "de": {"blaue": 1e-4, "tasse": 1e-5, "die": 1e-2},
        "en": {"blue": 1e-4, "cup": 1e-4, "die": 1e-4},
        "ru": {"чашка": 1e-4},
        "uk": {"чашка": 1e-5, "синя": 1e-4},
        "ar": {"ازرق": 1e-4},
    }
)


@pytest.mark.parametrize(
    ("text", "tag"),
    [("blaue Tasse", "de"), ("blue cup", "en"), ("синя чашка", "uk"), ("Blaue Tasse!", "de")],
)
def test_usual_words_tell_languages_of_one_script_apart(text: str, tag: str) -> None:
    detector = FixedDetector({})
    found = LanguageIdentifier(["de", "en", "ru", "uk"], detector, TABLE).identify(text)
    assert found.tag == tag
    assert LanguageIdentifier(["de", "en", "ru", "uk"], FixedDetector({})).identify(text).tag != tag


def test_usual_words_and_the_detector_are_weighed_together() -> None:
    served = ["de", "en"]
    for sure, tag in ((0.6, "en"), (1 - 1e-9, "de")):
        detector = FixedDetector({"de": sure, "en": 1 - sure})
        assert LanguageIdentifier(served, detector, TABLE).identify("cup xyz").tag == tag


def test_usual_words_of_others_do_not_outvote_a_language_without_a_list() -> None:
    detector = FixedDetector({"et": 0.9, "en": 0.05, "de": 0.05})
    found = LanguageIdentifier(["et", "en", "de"], detector, TABLE).identify("blue cup")
    assert found.tag == "et"
    assert detector.texts == ["blue cup"]


def test_a_language_alone_in_its_script_needs_no_table() -> None:
    with_table = LanguageIdentifier(["ar", "en"], FixedDetector({}), TABLE)
    without = LanguageIdentifier(["ar", "en"], FixedDetector({}))
    for text in ("ازرق", "blue cup"):
        assert with_table.identify(text) == without.identify(text)
