import pytest

from knowledge_base.languages import (
    Direction,
    LanguageTagError,
    base_language,
    canonical_tag,
    closest_tag,
    direction,
    english_name,
    fallback_chain,
    language_name,
    own_name,
    script,
)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("en", "en"),
        ("PT_br", "pt-BR"),
        (" de-at ", "de-AT"),
        ("zh-hant-hk", "zh-Hant-HK"),
        ("es-419", "es-419"),
        ("CA-Valencia", "ca-valencia"),
        ("de-CH-1901", "de-CH-1901"),
        ("en-u-ca-buddhist", "en-u-ca-buddhist"),
        ("sr-latn-x-Web", "sr-Latn-x-web"),
        ("iw", "he"),
        ("in", "id"),
        ("no", "nb"),
        ("deu", "de"),
        ("sh", "sr-Latn"),
        ("sh-Cyrl", "sr-Cyrl"),
        ("zh-yue", "yue"),
    ],
)
def test_a_tag_has_one_canonical_form(written: str, canonical: str) -> None:
    assert canonical_tag(written) == canonical
    assert canonical_tag(canonical) == canonical


@pytest.mark.parametrize(
    "text", ["", "-", "e", "english", "en--US", "en-", "de\nfr", "en-" + "a" * 200, "ém", "中文"]
)
def test_what_is_no_tag_is_refused_with_examples(text: str) -> None:
    with pytest.raises(LanguageTagError, match="is not a language tag; write a BCP 47 tag such as"):
        canonical_tag(text)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LanguageTagError, match="'xx' names no known language;"):
        canonical_tag("xx")


def test_a_country_code_is_answered_with_the_language_of_the_country() -> None:
    with pytest.raises(LanguageTagError, match=r"a country code\? its language may be ja\)"):
        canonical_tag("jp")


def test_a_refused_text_is_quoted_only_in_part() -> None:
    with pytest.raises(LanguageTagError) as refused:
        canonical_tag("x" * 100_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("tag", "chain"),
    [
        ("pt", ("pt",)),
        ("pt-BR", ("pt-BR", "pt")),
        ("zh-TW", ("zh-TW", "zh-Hant", "zh")),
        ("zh-CN", ("zh-CN", "zh-Hans", "zh")),
        ("zh-Hant-HK", ("zh-Hant-HK", "zh-Hant", "zh")),
        ("en-US-u-ca-buddhist", ("en-US-u-ca-buddhist", "en-US", "en")),
        ("en-x-shop", ("en-x-shop", "en")),
    ],
)
def test_fallback_goes_from_the_most_specific_tag_to_the_language(
    tag: str, chain: tuple[str, ...]
) -> None:
    assert fallback_chain(tag) == chain


@pytest.mark.parametrize(
    ("wanted", "available", "chosen"),
    [
        ("pt-BR", ["en", "pt", "pt-BR"], "pt-BR"),
        ("pt-BR", ["en", "pt"], "pt"),
        ("pt", ["en", "pt-BR"], "pt-BR"),
        ("pt-PT", ["pt-BR"], "pt-BR"),
        ("zh-TW", ["zh", "zh-Hant"], "zh-Hant"),
        ("zh-TW", ["zh-CN", "zh-HK"], "zh-HK"),
        ("zh-Hant", ["zh-CN"], "zh-CN"),
        ("fr", ["en", "de"], None),
        ("fr", [], None),
    ],
)
def test_the_closest_available_tag_serves_a_reader(
    wanted: str, available: list[str], chosen: str | None
) -> None:
    assert closest_tag(wanted, available) == chosen


@pytest.mark.parametrize(
    "tag", ["ar", "he", "fa", "ur", "ps", "sd", "ckb", "yi", "dv", "ug", "az-Arab", "pa-PK"]
)
def test_languages_of_right_to_left_scripts_are_written_so(tag: str) -> None:
    assert direction(tag) is Direction.RTL


@pytest.mark.parametrize("tag", ["en", "ja", "ku", "ar-Latn", "pa", "und", "en-x-arab"])
def test_all_other_languages_are_written_left_to_right(tag: str) -> None:
    assert direction(tag) is Direction.LTR


def test_the_script_is_the_tags_own_or_the_usual_one() -> None:
    assert script("sr-Latn-RS") == "Latn"
    assert script("sr") == "Cyrl"
    assert script("zh-HK") == "Hant"
    assert script("de-1901") == "Latn"


def test_the_base_language_is_the_first_subtag() -> None:
    assert base_language("zh-Hant-TW") == "zh"
    assert base_language("en") == "en"


def test_languages_have_names_in_each_other() -> None:
    assert language_name("de", "fr") == "allemand"
    assert language_name("zh-Hant", "de") == "Chinesisch (Traditionell)"
    assert english_name("pt-BR") == "Portuguese (Brazil)"
    assert own_name("el") == "Ελληνικά"
    assert own_name("ckb") == "کوردیی ناوەندی"


def test_a_language_without_a_locale_is_named_in_english() -> None:
    assert own_name("tlh") == english_name("tlh") == "Klingon"


def test_a_name_is_in_english_where_the_reader_has_no_locale() -> None:
    assert language_name("de", "tlh") == "German"
