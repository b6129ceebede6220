"""Numbers by their value, in the customs of many languages."""

import pytest

from app.grounding.numbers import Number, numbers, western


def found(text: str, lang: str) -> list[Number]:
    return list(numbers(western(text), lang))


def only(text: str, lang: str) -> Number:
    (number,) = found(text, lang)
    return number


@pytest.mark.parametrize(
    ("text", "lang", "value", "unit"),
    [
        ("4.90 euro", "en", 4.9, "EUR"),
        ("4,90 €", "de", 4.9, "EUR"),
        ("٤٫٩٠ يورو", "ar", 4.9, "EUR"),
        ("४.९० यूरो", "hi", 4.9, "EUR"),
        ("4.90ユーロ", "ja", 4.9, "EUR"),
        ("$5", "en", 5.0, "USD"),
        ("€ 12,50", "nl", 12.5, "EUR"),
        ("1 000 zł", "pl", 1000.0, "PLN"),
        ("12 500 ₽", "ru", 12500.0, "RUB"),
        ("1'250 Franken", "de", 1250.0, "CHF"),
        ("₹ 1,00,000", "hi", 100000.0, "INR"),
        ("20 %", "fr", 20.0, "percent"),
        ("%20", "tr", 20.0, "percent"),
        ("**30 days**", "en", 30.0, "day"),
        ("30 Tagen", "de", 30.0, "day"),
        ("30 дней", "ru", 30.0, "day"),
        ("３０天", "zh", 30.0, "day"),
        ("2時間", "ja", 2.0, "hour"),
        ("14 h", "fr", 14.0, None),
        ("14:00", "de", 14.0, None),
        ("14.30", "it", 14.3, None),
        ("14h30", "pt", 14.3, None),
        ("2 pm", "en", 14.0, None),
        ("12 a.m.", "en", 0.0, None),
        ("0,000 000 01", "id", 0.00000001, None),
        ("0.000 5 BTC", "en", 0.0005, None),
    ],
)
def test_a_number_has_the_same_value_in_every_custom(
    text: str, lang: str, value: float, unit: str | None
) -> None:
    number = only(text, lang)

    assert value in number.values
    assert number.unit == unit


def test_a_mark_that_may_group_or_part_gives_both_values() -> None:
    assert only("1.000", "de").values == {1000.0, 1.0}
    assert only("1,000.50", "en").values == {1000.5}


def test_a_date_counts_by_its_parts_since_their_order_differs() -> None:
    assert only("22.11.2026", "de").values == only("11/22/2026", "en").values
    assert only("2026-11-22", "en").values == {2026.0, 11.0, 22.0}


@pytest.mark.parametrize(
    ("text", "lang", "value"),
    [
        ("within fourteen days", "en", 14),
        ("innerhalb von vierzehn Tagen", "de", 14),
        ("trzydziestu dni", "pl", 30),
        ("خلال ثلاثة أيام", "ar", 3),
        ("三日以内", "ja", 3),
        ("十二小时", "zh", 12),
        ("สองชั่วโมง", "th", 2),
    ],
)
def test_small_numbers_are_read_in_words(text: str, lang: str, value: int) -> None:
    number = only(text, lang)

    assert number.in_words
    assert number.values == {float(value)}


@pytest.mark.parametrize(
    ("text", "lang", "value", "unit"),
    [
        ("2.5 billion euros", "en", 2.5e9, "EUR"),
        ("25億ユーロ", "ja", 2.5e9, "EUR"),
        ("25억 유로", "ko", 2.5e9, "EUR"),
        ("2,5 Milliarden Euro", "de", 2.5e9, "EUR"),
        ("€ 2,5 milyar", "tr", 2.5e9, "EUR"),
        ("3万円", "ja", 30_000.0, "JPY"),
        ("4 लाख रुपये", "hi", 400_000.0, "INR"),
        ("5 тысяч рублей", "ru", 5_000.0, "RUB"),
        ("5 mil pessoas", "pt", 5_000.0, None),
    ],
)
def test_a_word_behind_a_number_may_multiply_it(
    text: str, lang: str, value: float, unit: str | None
) -> None:
    number = only(text, lang)

    assert value in number.values
    assert number.unit == unit


@pytest.mark.parametrize(
    ("text", "lang"), [("5 military bases", "en"), ("5 minuten", "de"), ("5 binalar", "tr")]
)
def test_the_beginning_of_a_word_multiplies_nothing(text: str, lang: str) -> None:
    assert only(text, lang).values == {5.0}


@pytest.mark.parametrize(("text", "lang"), [("電池は十分に持ちます。", "ja"), ("十分方便。", "zh")])
def test_enough_and_very_are_no_ten_minutes(text: str, lang: str) -> None:
    assert found(text, lang) == []
    assert only("十分钟以内", "zh").values == {10.0}


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("未来几十年", "zh"),
        ("幾十年", "zh-Hant"),
        ("十几天", "zh"),
        ("数十日", "ja"),
        ("何百円", "ja"),
    ],
)
def test_some_tens_are_no_ten(text: str, lang: str) -> None:
    assert found(text, lang) == []


def test_a_number_character_within_another_word_is_none() -> None:
    assert found("一三五七九五金店", "zh") == []


def test_a_text_of_digits_alone_takes_no_time() -> None:
    assert len(found("1" * 100_000, "en")) == 1
    assert found("1," * 50_000, "en")
