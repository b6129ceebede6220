"""Foreign words among the reader's own, and replies too short for their language to be told."""

import pytest

from app.grounding.fault import Fault, UngroundedError
from app.grounding.language import LanguageCheck
from app.grounding.sentence import Sentence

PASSAGES = [
    "Yes. You can pay by Visa or PayPal; we store no cookies and send an e-mail.",
    "네. 有。 Sim. Sie können die Rechnung unter Mein Konto ansehen.",
]


def check(text: str, reader: str) -> None:
    LanguageCheck(reader, lambda words: "es" if "espera" in words else "und", PASSAGES).sentence(
        Sentence.of(text)
    )


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        (" Yes.", "de"),
        ("Yes!", "ru"),
        ("Sim.", "pl"),
        ("**Nein.**", "fr"),
        ("Да.", "uk"),
        ("Вы can оплатить by картой or через send PayPal.", "ru"),
        ("आप können भुगतान die कर unter सकते ansehen हैं।", "hi"),
        ("Visa.", "ar"),
        ("- you can pay by **Visa**", "ar"),
        ("네.", "de"),
        ("Gut, 有。", "de"),
        ("Sentimos la espera.", "de"),
    ],
)
def test_another_language_among_the_readers_own_is_refused(text: str, reader: str) -> None:
    with pytest.raises(UngroundedError) as raised:
        check(text, reader)

    assert raised.value.fault is Fault.LANGUAGE
    assert reader in str(raised.value)


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("Ja.", "de"),
        ("No.", "es"),
        ("No.", "it"),
        ("Так.", "uk"),
        ("はい。", "ja"),
        ("Ya.", "id"),
        ("- PayPal", "ru"),
        ("1. **Visa**", "ar"),
        ("Можно оплатить через Visa, PayPal или Apple Pay.", "ru"),
        ("Мы не храним cookies и отправим e-mail.", "ru"),
        ("请看ScratchX网站（scratchx.org）的说明和其中的例子。", "zh"),
        ("Kestrelia Shop 由 Kestrelia 用户共同管理并维护。", "zh"),
        ("Visa、PayPal、銀行振込、請求書払い（14日以内のお支払い）をご利用いただけます。", "ja"),
    ],
)
def test_names_and_the_readers_own_replies_are_not(text: str, reader: str) -> None:
    check(text, reader)
