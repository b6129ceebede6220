"""Which implementation the settings choose."""

import logging
from pathlib import Path

import pytest

from app.choices import installed_words, language_identifier
from app.settings import Settings
from models import word_install
from models.word_install import install_words
from models.word_table import POSTINGS, WORD_TABLE
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
