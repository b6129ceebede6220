import pytest

from models.catalogue import catalogue_words
from models.languages_beside import languages_beside

SPOKEN = ["de", "en", "nl", "pt", "uk", "zh", "id"]


def test_visitors_are_heard_in_the_languages_that_they_are_spoken_to_in() -> None:
    beside = languages_beside(["en", "de"], SPOKEN)

    assert {"nl", "pt", "uk", "zh", "id"} <= beside.keys()
    assert not {"en", "de"} & beside.keys()


def test_a_served_language_is_likelier_than_one_that_is_spoken_and_that_than_any_other() -> None:
    beside = languages_beside(["en"], SPOKEN)

    assert 0.0 > beside["nl"] > beside["da"]


def test_a_language_of_which_a_variant_is_served_is_served() -> None:
    assert not {"pt", "zh", "nb"} & languages_beside(["pt-BR", "zh-Hant", "nb-NO"], SPOKEN).keys()


@pytest.mark.parametrize(
    ("served", "alike"), [("ms", "id"), ("sr-Latn", "hr"), ("bs", "hr"), ("nn", "nb")]
)
def test_content_is_read_by_those_who_write_nearly_the_same(served: str, alike: str) -> None:
    assert alike in languages_beside(["en"], SPOKEN)
    assert alike not in languages_beside(["en", served], SPOKEN)


def test_near_languages_are_told_by_their_usual_words() -> None:
    near = languages_beside([], []).keys() - {"hr"}

    assert near < set(catalogue_words().lists)
