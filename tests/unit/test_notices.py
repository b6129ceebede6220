import re
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.notices import Notice, Notices, catalogue
from knowledge_base.languages import Direction, direction, language_name

LANGUAGES = sorted(
    {"ar", "bn", "de", "el", "en", "es", "fa", "fr", "he", "hi", "id", "it"}
    | {"ja", "ko", "nl", "pl", "pt", "ru", "sv", "th", "tr", "uk", "vi", "zh"}
)


def read(language: str) -> Catalog:
    folder = files("app.notices") / "locale" / language / "LC_MESSAGES"
    return read_po(BytesIO((folder / "notices.po").read_bytes()), abort_invalid=True)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.fixture
def notices() -> Notices:
    return Notices()


@pytest.fixture
def locale_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(catalogue, "_LOCALE", tmp_path)
    catalogue.catalogue.cache_clear()
    catalogue.available_languages.cache_clear()
    yield tmp_path
    catalogue.catalogue.cache_clear()
    catalogue.available_languages.cache_clear()


def write_catalogue(folder: Path, language: str, content: str) -> None:
    messages = folder / language / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (messages / "notices.po").write_text(content, encoding="utf-8")


def test_the_24_languages_have_a_catalogue() -> None:
    assert catalogue.available_languages() == set(LANGUAGES)
    assert len(LANGUAGES) == 24


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_exactly_the_notices_all_of_them_approved(language: str) -> None:
    messages = [message for message in read(language) if message.id]
    assert {message.id for message in messages} == set(Notice)
    assert [message.id for message in messages if message.fuzzy] == []
    assert [message.id for message in messages if not str(message.string).strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_which_language_it_is_in(language: str) -> None:
    assert str(read(language).locale) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str, notices: Notices) -> None:
    for notice in Notice:
        translated = notices.text(notice, language).text
        assert placeholders(translated) == placeholders(notice), notice.name


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_sentences_are_translated(language: str, notices: Notices) -> None:
    left = [
        notice.name
        for notice in Notice
        if " " in notice and notices.text(notice, language).text == notice
    ]
    assert left == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_tidy(language: str, notices: Notices) -> None:
    for notice in Notice:
        text = notices.text(notice, language).text
        assert text == text.strip()
        assert not re.search(r"  |<|&\w+;|[\u202a-\u202e]", text), notice.name


def test_right_to_left_languages_are_known_as_such(notices: Notices) -> None:
    spoken = [notices.text(Notice.DISCLOSURE, language).language for language in LANGUAGES]
    assert {tag for tag in spoken if direction(tag) is Direction.RTL} == {"ar", "fa", "he"}


def test_english_says_what_the_ids_say(notices: Notices) -> None:
    assert {notice: notices.text(notice, "en").text for notice in Notice} == {
        notice: notice.value for notice in Notice
    }


def test_a_visitor_is_told_of_the_original_in_their_language(notices: Notices) -> None:
    said = notices.text(
        Notice.ORIGINAL_LANGUAGE,
        "de",
        language=language_name("de", "de"),
        original=language_name("en", "de"),
    )
    assert said.language == "de"
    assert "auf Deutsch" in said.text
    assert "auf Englisch" in said.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_is_told_what_a_machine_translated_from(language: str, notices: Notices) -> None:
    original = language_name("de", language)
    assert original in notices.text(Notice.TRANSLATED, language, original=original).text


def test_placeholders_stay_for_the_page_to_fill(notices: Notices) -> None:
    assert "{ticket}" in notices.text(Notice.TICKET_NUMBER, "fr").text
    assert "{ticket}" not in notices.text(Notice.TICKET_NUMBER, "fr", ticket="T-1").text


@pytest.mark.parametrize(
    ("wanted", "default", "spoken"),
    [
        ("pt-BR", "en", "pt"),
        ("zh-Hant-TW", "en", "zh"),
        ("ro", "fr-CA", "fr"),
        ("ro", "hu", "en"),
        ("und", "de", "de"),
    ],
)
def test_what_has_no_catalogue_falls_back(wanted: str, default: str, spoken: str) -> None:
    notices = Notices(default_language=default)
    assert notices.language(wanted) == spoken
    assert notices.text(Notice.YES, wanted).language == spoken


def test_a_page_gets_every_text_by_name(notices: Notices) -> None:
    texts = notices.ui_texts("es-MX")
    assert set(texts) == {notice.name.lower() for notice in Notice}
    assert texts["ask"] == notices.text(Notice.ASK, "es").text


def test_a_catalogue_without_a_notice_is_refused_by_name(locale_folder: Path) -> None:
    write_catalogue(locale_folder, "fr", 'msgid ""\nmsgstr "Language: fr\\n"\n')
    with pytest.raises(catalogue.CatalogueError, match=r"fr/LC_MESSAGES.*: DISCLOSURE has no"):
        Notices().text(Notice.YES, "fr")


def test_a_fuzzy_translation_is_not_spoken(locale_folder: Path) -> None:
    entries = "".join(
        f'\n{"#, fuzzy" if notice is Notice.CLARIFY else "#"}\nmsgid "{notice}"\nmsgstr "x"\n'
        for notice in Notice
    )
    write_catalogue(locale_folder, "fr", f'msgid ""\nmsgstr "Language: fr\\n"\n{entries}')
    with pytest.raises(catalogue.CatalogueError, match="CLARIFY has no approved translation"):
        Notices().text(Notice.YES, "fr")


def test_a_broken_catalogue_is_refused_with_its_path(locale_folder: Path) -> None:
    write_catalogue(locale_folder, "fr", "")
    (locale_folder / "fr" / "LC_MESSAGES" / "notices.po").write_bytes(b'msgid "\xff"')
    with pytest.raises(catalogue.CatalogueError, match=r"locale/fr/.*not a gettext catalogue"):
        Notices().text(Notice.YES, "fr")
