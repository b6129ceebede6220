"""Countries and languages are recognised by their names, inflected as each language does."""

import pytest

from app.grounding.places import is_nearly_named, is_of, knows_places, places


def named(text: str, lang: str) -> set[str]:
    return {place.code for place in places(text, lang) if place.is_sure}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "We deliver to Norway's islands."),
        ("de", "Das gilt im Süden Norwegens."),
        ("es", "Enviamos a Noruega."),
        ("fr", "Nous livrons en Norvège."),
        ("pl", "Wysyłamy do Norwegii."),
        ("ru", "Доставляем в Норвегию."),
        ("uk", "Доставляємо до Норвегії."),
        ("tr", "Norveç'e de gönderiyoruz."),
        ("fi", "Toimitamme Norjaan."),
        ("el", "Αποστολές στη Νορβηγία."),
        ("ar", "نوصل للنرويج والسويد."),
        ("he", "אנחנו שולחים לנורווגיה."),
        ("hi", "हम नॉर्वे में पहुँचाते हैं।"),
        ("zh", "我们送货到挪威。"),
        ("zh-Hant", "我們送貨到挪威。"),
        ("ja", "ノルウェーへお届けします。"),
        ("ko", "노르웨이까지 배송합니다."),
        ("th", "เราจัดส่งไปนอร์เวย์"),
        ("vi", "Chúng tôi giao đến Na Uy."),
    ],
)
def test_a_country_is_found_in_the_language_s_own_custom(lang: str, text: str) -> None:
    assert "NO" in named(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "code"),
    [
        ("en", "We deliver to the UK, not to the U.S.", "GB"),
        ("en", "Turkey and China.", "TR"),
        ("da", "i U.S.A.s finansdepartement", "US"),
        ("ru", "в Объединённые Арабские Эмираты", "AE"),
        ("pl", "do Stanów Zjednoczonych", "US"),
        ("fr", "hors de l'UE", "EU"),
        ("ja", "EU域内", "EU"),
        ("zh", "阿联酋", "AE"),
    ],
)
def test_other_names_than_the_official_one_are_known(lang: str, text: str, code: str) -> None:
    assert code in named(text, lang)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Island hopping in Indiana, chad and chile."),
        ("da", "som U.S.-dollar eller yen"),
        ("es", "Los paquetes irán mañana."),
        ("pl", "Niemal wszystkie paczki."),
        ("de", "Ihr Trikot ist aus Jersey."),
        ("ja", "このタイプのタイトルとウインドウ。"),
        ("zh", "其中国内订单今日本店发货。"),
        ("ko", "상품 인도 후 환불 수단을 선택합니다."),
        ("ar", "تعويض مالي كامل."),
        ("en", "It costs 5 US dollars, or US$ 5."),
        ("hi", "एक चीनी का पैकेट।"),
    ],
)
def test_what_merely_looks_like_a_country_is_none(lang: str, text: str) -> None:
    assert named(text, lang) == set()


def test_languages_are_found_and_belong_to_their_countries() -> None:
    assert named("We also speak Italian.", "en") == {"it"}
    assert named("Wir sprechen auch Italienisch.", "de") == {"it"}
    assert named("говорим на корейском языке", "ru") == {"ko"}
    assert named("イタリア語", "ja") == {"it"}
    assert is_of("it", "IT")
    assert is_of("en", "GB")
    assert not is_of("it", "CH")


def test_a_variant_spelling_counts_unless_it_is_another_country() -> None:
    assert is_nearly_named("TH", "în Tailanda", "ro")
    assert not is_nearly_named("AU", "We deliver to Austria.", "en")
    assert not is_nearly_named("TH", "We deliver to Austria.", "en")


def test_a_language_without_names_finds_nothing() -> None:
    assert not knows_places("tlh")
    assert list(places("Norway", "tlh")) == []
