"""Questions on other topics, for every language that polyfaq speaks."""

import unicodedata
from collections import Counter

from app.notices.catalogue import available_languages
from indexer.far_questions import far_questions


def test_every_language_that_notices_speak_has_as_many() -> None:
    counts = Counter(question.language for question in far_questions())

    assert set(counts) == set(available_languages())
    assert len(counts) == 24
    assert set(counts.values()) == {3}


def test_none_is_asked_twice() -> None:
    texts = [question.text.casefold() for question in far_questions()]

    assert len(set(texts)) == len(texts)


def test_each_is_a_question_of_a_few_words_written_cleanly() -> None:
    for question in far_questions():
        assert question.text == unicodedata.normalize("NFC", question.text.strip())
        assert 5 <= len(question.text) <= 80


def test_their_order_is_that_of_their_file() -> None:
    languages = list(dict.fromkeys(question.language for question in far_questions()))

    assert languages == sorted(languages)
    assert far_questions() is far_questions()
