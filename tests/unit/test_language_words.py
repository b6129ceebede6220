import tomllib
from importlib.resources import files
from math import sqrt

import pytest

from models.language_words import LanguageWords
from models.scripts import Script, letter_runs, scripts_of


def test_a_word_of_one_language_counts_fully_for_it() -> None:
    assert LanguageWords(["de", "en", "nl"]).evidence(["bestelling"]) == {"nl": 1.0}


def test_a_word_of_several_languages_counts_less_for_each() -> None:
    found = LanguageWords(["de", "nl", "fr"]).evidence(["was"])
    assert found == pytest.approx({"de": 1 / sqrt(2), "nl": 1 / sqrt(2)})


def test_unlisted_words_thin_the_evidence_out() -> None:
    words = LanguageWords(["de", "nl"])
    assert words.evidence(["bestelling", "xyz"])["nl"] == pytest.approx(1 / sqrt(2))


def test_languages_not_served_get_no_evidence() -> None:
    assert LanguageWords(["de"]).evidence(["bestelling", "où", "xyz"]) == {}


def test_no_words_are_no_evidence() -> None:
    assert LanguageWords(["de"]).evidence([]) == {}


def test_listed_words_are_lower_case_and_in_their_languages_script_or_transliterated() -> None:
    listed = tomllib.loads((files("models") / "language_words.toml").read_text(encoding="utf-8"))
    latin = {
        word
        for language, words in listed.items()
        if Script.LATIN in scripts_of(language)
        for word in words.split()
    }
    for language, words in listed.items():
        for word in words.split():
            assert word == word.lower(), (language, word)
            scripts: set[Script] = {run.script for run in letter_runs(word)}
            if not scripts <= scripts_of(language):
                assert scripts == {Script.LATIN}, (language, word)
                assert word not in latin, (language, word)
