"""Which implementation the settings choose."""

import logging
from pathlib import Path

import pytest

from app.answering.writing import Assignment, Purpose
from app.choices import grounded_writer_for, installed_words, language_identifier
from app.generating.grounded import WritingMeters
from app.notices.catalogue import available_languages
from app.settings import Settings, SettingsError
from knowledge_base.entry import Record
from models import word_install
from models.word_install import install_words
from models.word_table import POSTINGS, WORD_TABLE
from tests.fake_store import MemorySpending
from tests.fake_writing import FakeChecks
from tests.tiny_words import HEADER, write_words_wheel

GERMAN = [HEADER, ["spiegelei"]]
DUTCH = [HEADER, ["paardebloem"]]


@pytest.fixture
def models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    words = write_words_wheel(tmp_path / "wheels", {"de": GERMAN, "nl": DUTCH})
    monkeypatch.setattr(word_install, "catalogue_words", lambda: words)
    (wheel,) = (tmp_path / "wheels").iterdir()
    install_words(tmp_path / "models", source=wheel)
    return tmp_path / "models"


def test_an_installed_table_of_words_is_used(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYFAQ_MODELS", str(models_folder))

    identify = language_identifier(Settings.load(), ["de", "nl"]).identify

    assert (identify("spiegelei").tag, identify("paardebloem").tag) == ("de", "nl")


def test_visitors_may_ask_in_all_languages_of_the_notices() -> None:
    identifier = language_identifier(Settings.load(), ["en", "de"])

    assert identifier.languages[:2] == ("en", "de")
    assert available_languages() < set(identifier.languages)
    assert identifier.identify("Var är min beställning?").tag == "sv"


def test_a_language_near_to_one_of_these_is_not_taken_for_it() -> None:
    identify = language_identifier(Settings.load(), ["en", "pl"]).identify

    assert identify("Kde je moje objednávka a kdy dorazí?").tag == "cs"
    assert identify("Gdzie jest moje zamówienie?").tag == "pl"


def test_a_variant_with_content_is_its_language_for_all_visitors() -> None:
    identifier = language_identifier(Settings.load(), ["en", "pt-BR", "zh-Hant"])

    assert not {"pt", "zh"} & set(identifier.languages)
    assert identifier.identify("Onde está a minha encomenda?").tag == "pt-BR"


@pytest.mark.parametrize("detector", ["py3langid", "langdetect"])
def test_languages_that_are_named_are_told_apart_and_no_others(detector: str) -> None:
    settings = Settings.load(languages="en,fi", language_detector=detector)

    identifier = language_identifier(settings, ["en", "de"])

    assert identifier.languages == ("en", "fi")
    assert identifier.identify("Var är min beställning?").tag in ("en", "fi")


def test_without_one_a_line_says_what_is_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert installed_words(tmp_path) is None

    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert f"polyfaq models install {WORD_TABLE}" in record.getMessage()


def test_a_damaged_one_is_not_used_and_named_in_a_warning(
    models_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = models_folder / WORD_TABLE / POSTINGS
    path.write_bytes(path.read_bytes()[::-1])

    with caplog.at_level(logging.INFO):
        assert installed_words(models_folder) is None

    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert str(path) in record.getMessage()


def taken(**settings: object) -> set[Purpose] | None:
    writer = grounded_writer_for(
        Settings.model_validate(settings), FakeChecks(), MemorySpending(), WritingMeters()
    )
    if writer is None:
        return None
    record = Record("cost", "en", "What does it cost?", "4.90 euro.")
    return {
        purpose
        for purpose in Purpose
        if writer.takes(Assignment(purpose, "How much?", "en", (record,), "c-1"))
    }


SERVER = {"generator": "openai", "generator_model": "gemma3:4b"}


@pytest.mark.parametrize(
    ("settings", "purposes"),
    [
        ({}, None),
        (SERVER, None),
        ({**SERVER, "generation": "never"}, None),
        ({**SERVER, "generation": "languages"}, {Purpose.LANGUAGE}),
        ({**SERVER, "generation": "entries"}, {Purpose.LANGUAGE, Purpose.ENTRIES}),
    ],
)
def test_a_generator_writes_to_visitors_where_it_is_told_to(
    settings: dict[str, object], purposes: set[Purpose] | None
) -> None:
    assert taken(**settings) == purposes


def test_writing_without_a_generator_is_refused_with_the_way_out() -> None:
    with pytest.raises(SettingsError, match=r"generation is languages.*set POLYFAQ_GENERATOR"):
        taken(generation="languages")
    with pytest.raises(SettingsError, match="set POLYFAQ_GENERATOR_MODEL"):
        taken(generation="languages", generator="openai")
