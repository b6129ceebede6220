import pytest

from models.han import han_evidence
from models.scripts import (
    LetterRun,
    Script,
    dominant_script,
    letter_runs,
    lower,
    plain_latin_words,
    scripts_of,
)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Straße", Script.LATIN),
        ("Tiếng Việt", Script.LATIN),
        ("їжак", Script.CYRILLIC),
        ("ξυλό", Script.GREEK),
        ("می‌خواهم", Script.ARABIC),
        ("שָׁלוֹם", Script.HEBREW),
        ("नमस्ते", Script.DEVANAGARI),
        ("বাংলা", Script.BENGALI),
        ("ਪੰਜਾਬੀ", Script.GURMUKHI),
        ("ગુજરાતી", Script.GUJARATI),
        ("தமிழ்", Script.TAMIL),
        ("తెలుగు", Script.TELUGU),
        ("ಕನ್ನಡ", Script.KANNADA),
        ("മലയാളം", Script.MALAYALAM),
        ("සිංහල", Script.SINHALA),
        ("ภาษาไทย", Script.THAI),
        ("ລາວ", Script.LAO),
        ("ខ្មែរ", Script.KHMER),
        ("မြန်မာ", Script.MYANMAR),
        ("ქართული", Script.GEORGIAN),
        ("հայերեն", Script.ARMENIAN),
        ("አማርኛ", Script.ETHIOPIC),
        ("한국어", Script.HANGUL),
        ("ひらがなカタカナー", Script.KANA),
        ("𠮷野家々", Script.HAN),
        ("ދިވެހި", Script.OTHER),
    ],
)
def test_words_are_in_one_script_marks_included(text: str, script: Script) -> None:
    assert {run.script for run in letter_runs(text)} == {script}
    assert dominant_script(letter_runs(text)) is script


def test_runs_keep_the_order_and_leave_out_all_but_letters() -> None:
    assert letter_runs("Hallo, мир! 42 🎉") == [
        LetterRun(Script.LATIN, "Hallo"),
        LetterRun(Script.CYRILLIC, "мир"),
    ]


def test_a_text_without_letters_has_no_dominant_script() -> None:
    assert dominant_script(letter_runs("42 🎉 ?!")) is None


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("誰創造了 Bitcoin", Script.HAN),
        ("Bitcoin привет", Script.CYRILLIC),
        ("this is what привет means to us", Script.LATIN),
        ("注文商品の配送状況", Script.KANA),
        ("优の良品这个牌子的包裹现在到哪里了", Script.HAN),
    ],
)
def test_latin_weighs_least_and_kana_makes_a_text_japanese(text: str, script: Script) -> None:
    assert dominant_script(letter_runs(text)) is script


@pytest.mark.parametrize(
    ("tag", "scripts"),
    [
        ("de", {Script.LATIN}),
        ("ru", {Script.CYRILLIC}),
        ("ja", {Script.HAN, Script.KANA}),
        ("ja-Jpan", {Script.HAN, Script.KANA}),
        ("zh-Hant", {Script.HAN}),
        ("zh-TW", {Script.HAN}),
        ("ko-Kore", {Script.HANGUL, Script.HAN}),
        ("sr", {Script.CYRILLIC, Script.LATIN}),
        ("sr-Latn", {Script.LATIN}),
        ("az-Arab", {Script.ARABIC}),
        ("dv", {Script.OTHER}),
        ("en-Shaw", {Script.OTHER}),
    ],
)
def test_a_language_is_written_in_its_usual_scripts_or_the_tags_own(
    tag: str, scripts: set[Script]
) -> None:
    assert scripts_of(tag) == scripts


def test_han_characters_tell_how_they_are_written() -> None:
    assert han_evidence("发货").simplified == 2
    assert han_evidence("發貨").traditional == 2
    assert han_evidence("円込").japanese == 2
    assert han_evidence("你吗").chinese == 2
    neutral = han_evidence("中文 abc の")
    assert (neutral.simplified, neutral.traditional, neutral.chinese, neutral.japanese) == (0,) * 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Où est mon colis ?", ["où", "est", "mon", "colis"]),
        ("Don't – “really”…", ["don", "t", "really"]),
        ("SİPARİŞ nerede", ["sipariş", "nerede"]),
        ("Tiếng Việt", ["tiếng", "việt"]),
        ("?!", []),
        ("", []),
    ],
)
def test_plain_latin_text_is_split_into_words_in_lower_case(text: str, words: list[str]) -> None:
    assert plain_latin_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        *(
            "order 12",
            "a_b",
            "jane@example.org",
            "https://a.example",
            "www.a.example",
            "<b>a",
            "`a`",
        ),
        *("заказ Bitcoin", "e\u0301te\u0301", "5 µm", "µm", "a 👍", "\ud800"),
    ],
)
def test_anything_else_in_a_text_is_left_to_a_closer_look(text: str) -> None:
    assert plain_latin_words(text) is None


@pytest.mark.parametrize("text", ["Où est-il ? Don't «ça»", "Straße, İstanbul; żółć", "ǅ ɐ ª º"])
def test_plain_words_are_the_runs_of_letters(text: str) -> None:
    assert plain_latin_words(text) == [lower(run.text) for run in letter_runs(text)]
