import tomllib
from importlib.resources import files
from math import log, sqrt

import pytest

from models.language_words import LanguageWords
from models.scripts import Script, letter_runs, scripts_of
from tests.tiny_words import word_table

# Weights are kept in sixteenths.
NEARLY = 0.05

TABLE = word_table(
    {
        "de": {"paket": 1e-4, "zzz": 1e-5, "der": 1e-2},
        "nb": {"pakke": 1e-4},
        "nl": {"paket": 1e-6, "der": 1e-4},
    }
)


def test_a_word_of_one_language_counts_for_it() -> None:
    found = LanguageWords(["de", "en", "nl"]).evidence(["bestelling"])
    assert set(found) == {"nl"}
    assert found["nl"] > 3


def test_a_word_of_several_languages_counts_less_for_each() -> None:
    words = LanguageWords(["de", "nl", "fr"])
    alone = words.evidence(["bestelling"])["nl"]
    each = pytest.approx(alone / sqrt(2), abs=NEARLY)
    assert words.evidence(["was"]) == {"de": each, "nl": each}


def test_unlisted_words_thin_the_evidence_out() -> None:
    words = LanguageWords(["de", "nl"])
    alone = words.evidence(["bestelling"])["nl"]
    thinned = words.evidence(["bestelling", "xyz"])["nl"]
    assert thinned == pytest.approx(alone * sqrt(2 / 3))


def test_languages_not_served_get_no_evidence() -> None:
    assert LanguageWords(["de"]).evidence(["bestelling", "où", "xyz"]) == {}


def test_no_words_are_no_evidence() -> None:
    assert LanguageWords(["de"]).evidence([]) == {}


def test_a_usual_word_counts_by_its_frequency_over_that_of_an_unknown_one() -> None:
    found = LanguageWords(["de", "nl"], TABLE, ["de", "nl"]).evidence(["zzz"])
    assert set(found) == {"de"}
    assert found["de"] / log(11) == pytest.approx(1.4 / sqrt(2), abs=NEARLY)


def test_a_word_usual_in_two_languages_tells_by_how_much_more_it_is_in_one() -> None:
    found = LanguageWords(["de", "nl"], TABLE, ["de", "nl"]).evidence(["zzz", "paket"])
    assert found["de"] > found["nl"] > 0


def test_one_usual_word_does_not_outweigh_all_others() -> None:
    words = LanguageWords(["nl", "de"], TABLE, ["nl", "de"])
    listed = LanguageWords(["nl", "de"], TABLE, ["nl"]).evidence(["der"]).get("de", 0.0)
    assert words.evidence(["der"])["de"] - listed == pytest.approx(1.4 * 6 / sqrt(2), abs=NEARLY)


def test_words_of_the_list_and_of_the_table_add_up() -> None:
    listed = LanguageWords(["de", "nl"]).evidence(["paket"])["de"]
    both = LanguageWords(["de", "nl"], TABLE, ["de", "nl"]).evidence(["paket"])["de"]
    assert both > listed


def test_languages_that_share_a_list_get_the_same() -> None:
    found = LanguageWords(["no", "de", "nb"], TABLE, ["no", "de", "nb"]).evidence(["pakke", "zzz"])
    plain = LanguageWords(["no", "de", "nb"]).evidence(["pakke", "zzz"])
    assert found["no"] > plain.get("no", 0.0)
    assert found["no"] - plain.get("no", 0.0) == pytest.approx(
        found["nb"] - 3.5 / 5.1 * plain["nb"], abs=NEARLY
    )


def test_the_order_of_the_languages_does_not_matter() -> None:
    one = LanguageWords(["de", "nl", "tr"], TABLE, ["de", "nl"])
    other = LanguageWords(["tr", "nl", "de"], TABLE, ["nl", "de"])
    for text in (["paket", "nerede"], ["der", "zzz"], ["bestelling"]):
        assert one.evidence(text) == pytest.approx(other.evidence(text))


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
