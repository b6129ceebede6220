"""Denials are told in the languages that polyfaq speaks."""

import re
import tomllib
from importlib.resources import files

import pytest

from app.grounding.polarity import denials, is_asking, is_known
from app.notices.catalogue import available_languages


@pytest.mark.parametrize(
    ("lang", "so", "not_so"),
    [
        ("en", "Not only cards, but also cash.", "You can't pay in cash."),
        ("de", "Rückgabe ohne Angabe von Gründen.", "Das geht leider nicht."),
        ("fr", "Livraison sans frais.", "Ce n'est pas possible."),
        ("es", "Envío sin gastos.", "No hay envíos."),
        ("pt", "Entrega sem custos.", "Nunca cobramos."),
        ("it", "Non solo carte.", "Non accettiamo carte."),
        ("pl", "Nie tylko karty.", "Nie przyjmujemy kart."),
        ("tr", "Kargoya verilmeden önce iptal edebilirsiniz.", "Karttan ödeyemezsiniz."),
        ("ru", "Доставка бесплатная.", "Доставки нет."),
        ("uk", "Доставка безкоштовна.", "Доставки немає."),
        ("ar", "يمكنك الدفع.", "لا يمكنك الدفع."),
        ("hi", "आप भुगतान कर सकते हैं।", "आप भुगतान नहीं कर सकते।"),
        ("zh", "免费且非常快。", "我们不接受现金。"),
        ("ja", "少なくとも必ず届きます。", "現金は使えません。"),
        ("ko", "카드로 결제할 수 있습니다.", "현금은 받지 않습니다."),
        ("th", "จ่ายด้วยบัตรได้", "จ่ายเงินสดไม่ได้"),
        ("vi", "Bạn có thể trả bằng thẻ.", "Bạn không thể trả bằng thẻ."),
        ("id", "Bayar sebelum Jumat.", "Kami tidak menerima tunai."),
        ("el", "Δεχόμαστε κάρτες.", "Δεν δεχόμαστε κάρτες."),
        ("he", "אפשר לשלם במזומן.", "אי אפשר לשלם, לא במזומן."),
    ],
)
def test_a_denial_is_told_from_what_looks_like_one(lang: str, so: str, not_so: str) -> None:
    assert denials(so, lang) == ()
    assert denials(not_so, lang) != ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "If you pay without an account, write to us."),
        ("de", "Wenn Sie ohne Konto bezahlen, schreiben Sie uns."),
        ("es", "Si paga sin cuenta, escríbanos."),
        ("fr", "Si vous payez sans compte, écrivez-nous."),
        ("pt", "Se pagar sem conta, escreva-nos."),
        ("it", "Se paga senza conto, ci scriva."),
        ("nl", "Als u zonder account betaalt, schrijf ons."),
        ("pl", "Jeśli płacisz bez konta, napisz."),
        ("ru", "Если вы платите без аккаунта, напишите нам."),
    ],
)
def test_what_stands_in_a_condition_denies_nothing(lang: str, text: str) -> None:
    assert denials(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ja", "お待たせして申し訳ございません。"),
        ("fr", "Cela ne pose aucun problème."),
        ("de", "Kein Problem!"),
        ("id", "Tidak masalah."),
        ("ar", "هذا لا زال ممكنًا."),
        ("en", "Please don't hesitate to write to us."),
        ("de", "Zögern Sie nicht, und vergessen Sie nicht das Etikett."),
        ("es", "No dude en llamar y no olvide el recibo."),
        ("fr", "N’hésitez pas à écrire et n'oubliez pas le reçu."),
        ("pt", "Não deixe de ligar e não se esqueça do recibo."),
        ("it", "Non esitare a chiamare e non dimenticate lo scontrino."),
        ("nl", "Aarzel niet en vergeet niet de bon."),
        ("sv", "Tveka inte att ringa."),
        ("pl", "Nie wahaj się zadzwonić i nie zapomnij paragonu."),
        ("tr", "Aramaktan çekinmeyin, fişi unutmayın."),
        ("ru", "Не стесняйтесь звонить и не забудьте чек."),
        ("uk", "Не соромтеся дзвонити."),
        ("ar", "لا تتردد في الاتصال بنا."),
        ("fa", "در تماس تردید نکنید."),
        ("hi", "संकोच न करें और रसीद मत भूलिए।"),
        ("bn", "দ্বিধা করবেন না।"),
        ("zh", "请不要忘记收据，别担心。"),
        ("ja", "レシートを忘れずに、ご遠慮なくお電話ください。"),
        ("ko", "주저하지 마세요. 영수증을 잊지 마세요."),
        ("th", "อย่าลืมใบเสร็จ"),
        ("vi", "Đừng ngần ngại gọi."),
        ("id", "Jangan ragu menelepon."),
        ("el", "Μη διστάσετε να καλέσετε."),
    ],
)
def test_set_phrases_deny_nothing(lang: str, text: str) -> None:
    assert denials(text, lang) == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Nein."),
        ("fr", "Non."),
        ("it", "No."),
        ("nl", "Nee."),
        ("sv", "Nej."),
        ("ja", "いいえ。"),
        ("tr", "Kutuyu açmayın."),
        ("tr", "Açılmamış kutular"),
        ("he", "מוצר שאינו פתוח"),
        ("ko", "상자를 열지 마세요."),
        ("ko", "그러면 안됩니다."),
        ("th", "อย่าเปิดกล่อง"),
        ("zh", "别打开盒子。"),
        ("fa", "جعبه باز نشده است."),
    ],
)
def test_a_word_a_prohibition_or_an_ending_may_deny(lang: str, text: str) -> None:
    assert denials(text, lang) != ()


def test_another_person_is_no_prohibition() -> None:
    assert denials("特别为别人挑选，分别包装。", "zh") == ()


def test_a_condition_ends_at_its_comma() -> None:
    assert denials("If you pay without an account, you cannot track it.", "en") == ("cannot",)
    assert denials("Vous ne pouvez pas payer si vous commandez sans compte.", "fr") != ()


def test_a_question_is_told_by_its_mark() -> None:
    assert is_asking('"Nothing came?"')
    assert is_asking("**何も届きませんか？**")
    assert is_asking("لم يصل؟")
    assert not is_asking("Nothing came.")


def test_all_languages_of_notices_are_known() -> None:
    text = (files("app.grounding") / "denials.toml").read_text(encoding="utf-8")

    assert {tag.partition("-")[0] for tag in available_languages()} <= set(tomllib.loads(text))
    assert is_known("pt-BR")


def test_of_other_languages_nothing_is_said() -> None:
    assert not is_known("ka")
    assert denials("არა", "ka") == ()


def test_long_texts_take_no_time() -> None:
    for lang, text in (("tr", "amadan" * 20_000), ("de", "bis " * 20_000), ("fr", "n'a " * 20_000)):
        denials(text, lang)


def test_every_pattern_is_a_regular_expression() -> None:
    text = (files("app.grounding") / "denials.toml").read_text(encoding="utf-8")

    for listed in tomllib.loads(text).values():
        for pattern in listed.get("neutral", []):
            assert re.compile(pattern).groups <= 1
