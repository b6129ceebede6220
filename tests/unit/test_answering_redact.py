import pytest

from app.answering.redact import redact


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("write to jo.doe+shop@mail.example please", "write to [email] please"),
        ("Пишите на иван@почта.рф", "Пишите на [email]"),
        ("DE89 3704 0044 0532 0130 00 is my account", "[iban] is my account"),
        ("konto de89370400440532013000", "konto [iban]"),
        ("my card 4111 1111 1111 1111 was charged", "my card [card] was charged"),
        ("card 5500-0000-0000-0004?", "card [card]?"),
        ("call +49 30 901820 today", "call [phone] today"),
        ("ring me on 0044 20 7946 0958", "ring me on [phone]"),
        ("(020) 7946 0958 after six", "[phone] after six"),
        ("tel 06 12 34 56 78", "tel [phone]"),
        ("my number is 415-555-2671", "my number is [phone]"),
        ("(415)555-2671 or 0 (532) 123 45 67", "[phone] or [phone]"),
        ("звоните 8 (912) 345-67-89", "звоните [phone]"),
        ("请打 13812345678", "请打 [phone]"),
        ("a@b.example and +33 6 12 34 56 78", "[email] and [phone]"),
    ],
)
def test_personal_data_becomes_a_placeholder(text: str, redacted: str) -> None:
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "Where is order 10023945?",
        "Where is order 0012345678?",
        "Bestellung Nr. 0301234567 fehlt",
        "注文 09012345678 はどこですか",
        "order #13812345678",
        "It cost 1.234.567,89 euro and now 4.90",
        "ordered on 01.02.2026 12:30, not on 2026-02-03",
        "4111 1111 1111 1112 is no card",
        "0000 0000 0000 0000",
        "DE89 3704 0044 0532 0130 01 fails its check digits",
        "XY89 3704 0044 0532 0130 00 is of no country",
        "My device is 0012.3456.789A, number 000-123-456",
        "article 4006381333931",
        "free from 59 euro, 14 days, 24 hours",
        "me @ home",
        "",
    ],
)
def test_what_visitors_need_to_name_stays(text: str) -> None:
    assert redact(text) == text


def test_words_after_an_iban_stay_words() -> None:
    assert redact("GB82 WEST 1234 5698 7654 32 thanks a lot") == "[iban] thanks a lot"


@pytest.mark.parametrize("part", ["1", "1 ", "a.", "@", "a@", "+1", "0 ", "DE12 ", "4-"])
def test_a_thousand_repeated_characters_are_read_to_the_end(part: str) -> None:
    text = (part * 1000)[:1000]
    assert redact(f"{text} Zürich").endswith("Zürich")
