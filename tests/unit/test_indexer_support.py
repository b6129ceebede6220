"""What supports a sentence is learnt from the knowledge base's own sentences."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from indexer.query import FloatArray
from indexer.support import ENOUGH_ENTRIES, SupportModel
from indexer.support_fitting import fit_support
from indexer.support_texts import (
    MOST_ALONE,
    MOST_OF_A_RECORD,
    SAMPLE,
    SupportText,
    sentences_of,
    support_texts,
)
from knowledge_base.entry import Record

LANGUAGES = ("de", "en", "fr")
CHANCE = np.random.default_rng(7)
SENTENCES = ("This is sentence one.", "This is sentence two.", "This is sentence three.")


def records(entries: int, languages: tuple[str, ...] = LANGUAGES) -> list[Record]:
    return [
        Record(f"e{number}", lang, f"Question {number}?", " ".join(SENTENCES))
        for number in range(entries)
        for lang in languages
    ]


def vectors(texts: tuple[SupportText, ...]) -> FloatArray:
    """What a sentence says, by its entry and place, and a little of its language."""
    rows = np.zeros((len(texts), 96), np.float32)
    for row, text in enumerate(texts):
        place = SENTENCES.index(text.text) if text.text in SENTENCES else 3
        chance = np.random.default_rng((int(text.entry_id[1:]), place))
        rows[row] = chance.normal(size=96)
        rows[row, LANGUAGES.index(text.lang)] += 12.0
    normalised: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return normalised


def fitted(entries: int = 30) -> tuple[tuple[SupportText, ...], SupportModel]:
    texts = support_texts(records(entries), seed=1)
    return texts, fit_support(texts, vectors(texts), seed=1)


def test_translations_pass_and_other_entries_do_not() -> None:
    texts, model = fitted()
    placed = model.place(vectors(texts), [text.lang for text in texts])
    first = [row for row, text in enumerate(texts) if text.entry_id == texts[0].entry_id]
    german = [row for row in first if texts[row].lang == "de"]
    french = [row for row in first if texts[row].lang == "fr"]
    others = [row for row, text in enumerate(texts) if text.entry_id != texts[0].entry_id]

    own = model.nearness(placed[german], placed[french], {texts[0].entry_id})
    foreign = model.nearness(placed[german], placed[others], {texts[0].entry_id})

    assert np.all(own.max(axis=1) >= model.across)
    assert np.mean(foreign < model.across) > 0.95
    assert model.within >= model.across
    assert "learnt from" in model.description


def test_the_same_sentences_teach_the_same() -> None:
    _, model = fitted()
    _, again = fitted()

    assert (again.across, again.within) == (model.across, model.within)


def test_a_model_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    texts, model = fitted()
    model.write(tmp_path)

    read = SupportModel.read(tmp_path)

    assert (read.across, read.within, read.entries) == (model.across, model.within, model.entries)
    assert read.description == model.description
    placed = model.place(vectors(texts), [text.lang for text in texts])
    assert np.allclose(read.place(vectors(texts), [text.lang for text in texts]), placed)
    assert np.allclose(read.crowding(placed, {"e0"}), model.crowding(placed, {"e0"}))


@pytest.mark.parametrize(
    "content", [records(ENOUGH_ENTRIES - 1), records(1), records(40, ("en",)), []]
)
def test_content_that_teaches_too_little_gets_the_shipped_bounds(content: list[Record]) -> None:
    texts = support_texts(content, seed=1)

    model = fit_support(texts, vectors(texts), seed=1)

    assert "shipped with polyfaq" in model.description
    assert model.across < model.within < 1.0
    assert np.all(model.crowding(np.ones((2, 96), np.float32), ()) == 0.0)


def test_entries_that_share_no_language_get_the_shipped_bounds() -> None:
    said = [f"This is sentence {number} of many." for number in range(6)]
    texts = tuple(
        SupportText(f"e{entry}", f"l{entry}-{place}", text)
        for entry in range(ENOUGH_ENTRIES)
        for place in range(2)
        for text in said
    )

    model = fit_support(texts, CHANCE.normal(size=(len(texts), 16)).astype(np.float32), seed=1)

    assert "shipped with polyfaq" in model.description


def test_a_sample_is_bounded_and_covers_languages_in_turn() -> None:
    languages = tuple(f"l{number}" for number in range(12))
    texts = support_texts(records(400, languages), seed=0)

    assert SAMPLE - 12 <= len(texts) <= SAMPLE
    assert {text.lang for text in texts} == set(languages)
    by_entry = {
        text.entry_id: {t.lang for t in texts if t.entry_id == text.entry_id} for text in texts
    }
    assert all(len(found) <= 3 for found in by_entry.values())


def test_languages_with_few_sentences_yet_come_first() -> None:
    everywhere = records(100, ("de", "en", "es", "fr", "it", "pl", "pt"))
    content = [each for each in everywhere if each.lang != "pl" or each.id < "e2"]

    count = Counter(text.lang for text in support_texts(content, seed=0)[:600])

    assert count["pl"] >= 10 * len(SENTENCES), "of twelve entries that are in Polish"


def test_all_languages_are_picked_where_there_are_few_entries() -> None:
    languages = tuple(f"l{number}" for number in range(12))

    texts = support_texts(records(4, languages), seed=0)

    assert len(texts) == len(set(texts)) == 4 * len(languages) * len(SENTENCES)


def test_content_that_nobody_translated_costs_little() -> None:
    texts = support_texts(records(300, ("en",)), seed=1)
    assert MOST_ALONE <= len(texts) < MOST_ALONE + MOST_OF_A_RECORD


def test_entries_that_nobody_translated_leave_room_for_others() -> None:
    alone = [
        Record(f"e{number}", "en", f"Question {number}?", " ".join(SENTENCES))
        for number in range(1000, 2000)
    ]
    texts = support_texts([*records(100), *alone], seed=1)
    translated = [text for text in texts if int(text.entry_id[1:]) < 1000]
    assert len(translated) == 100 * len(LANGUAGES) * len(SENTENCES)


def test_what_is_said_in_a_word_or_two_teaches_nothing() -> None:
    long = " ".join(f"Sentence number {number} is this one." for number in range(20))
    content = [Record("a", "en", "Do you?", "Yes. Of course! We wrap every present.")]
    content += [Record("b", "ja", "ありますか？", "はい。ギフト包装をご利用いただけます。")]
    content += [Record("c", "en", "How?", long)]

    texts = support_texts(content, seed=0)

    assert {text.text for text in texts if text.entry_id == "a"} == {"We wrap every present."}
    assert [text.text for text in texts if text.lang == "ja"] == [
        "ギフト包装をご利用いただけます。"
    ]
    assert sum(text.entry_id == "c" for text in texts) == MOST_OF_A_RECORD


def test_a_record_says_its_question_and_then_its_answers_sentences() -> None:
    record = Record("a", "en", "May I?", "**Yes.** See [this](https://shop.example).\n\n- Or not.")

    assert list(sentences_of(record)) == ["May I?", "Yes.", "See this.", "Or not."]
