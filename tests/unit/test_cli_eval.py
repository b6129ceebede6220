"""`polyfaq eval`, with a model that the tests make up."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes import FakeEmbedder
from tests.unit.cli_run import Home

TEXTS = {
    "en": {
        "shipping/time": ("How long does shipping take?", "When does it come?"),
        "returns/how": ("How do I send an article back?", "I want to return it"),
        "payment/cards": ("Which credit cards can I pay with?", "Do you take cards?"),
    },
    "de": {
        "shipping/time": ("Wie lange dauert der Versand?", "Wann kommt es?"),
        "returns/how": ("Wie schicke ich etwas zurück?", "Ich will es zurückgeben"),
        "payment/cards": ("Mit welchen Karten kann ich zahlen?", "Nehmen Sie Karten?"),
    },
}


@pytest.fixture
def published(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with an index in two languages, made with the made-up model."""
    embedder = FakeEmbedder()
    for place in ("app.cli.index", "app.cli.evaluate"):
        monkeypatch.setattr(f"{place}.load_embedder_for", lambda *_, **__: embedder)
    made = replace(home, environment={**home.environment, "POLYFAQ_EMBEDDING_MODEL": "made-up"})
    write_content(made, *TEXTS)
    assert made.run("index").code == 0
    return made


def write_content(home: Home, *languages: str) -> None:
    rows = (
        f'{entry_id},{lang},"{question}",Answer to {entry_id}.,"{alternate}"'
        for lang in languages
        for entry_id, (question, alternate) in TEXTS[lang].items()
    )
    home.write("faq.csv", "\n".join(["id,lang,question,answer,alternates", *rows, ""]))


def questions(home: Home, *lines: str) -> Path:
    return home.write("questions.jsonl", "".join(f"{line}\n" for line in lines))


RIGHT = '{"question": "How long does shipping take?", "lang": "en", "expect": "shipping/time"}'
NONE = '{"question": "qqq zzz", "lang": "en", "expect": null}'


def test_figures_come_with_their_intervals(published: Home) -> None:
    file = questions(published, RIGHT, NONE, NONE, NONE)

    ran = published.run("eval", file)
    total = published.run("eval", file, "--json").json["total"]

    assert ran.code == 0
    assert "95 % INTERVAL" in ran.out
    assert "wrong if the surest were answered" in ran.out
    assert total["right"] == 1
    assert total["withheld"] == 3
    assert total["handled"] == 1.0
    assert total["intervals"]["handled"] == pytest.approx([0.3976, 1.0], abs=1e-3)
    assert total["intervals"]["recall"]["1"] == pytest.approx([0.025, 1.0])


def test_one_question_is_enough(published: Home) -> None:
    ran = published.run("eval", questions(published, RIGHT))

    assert ran.code == 0
    assert "1 question is too few for a calibration error: 50 are needed" in ran.err


def test_an_empty_file_measures_nothing(published: Home) -> None:
    file = questions(published)

    ran = published.run("eval", file)

    assert ran.code == 1
    assert "it holds no question; write one a line" in ran.err
    assert published.run("eval", file, "--json").json == {"problems": []}


def test_a_missing_file_is_wrong_input(published: Home) -> None:
    ran = published.run("eval", published.folder / "none.jsonl")

    assert ran.code == 1
    assert "none.jsonl does not exist; name a file of golden questions" in ran.err


def test_a_warning_does_not_keep_questions_from_being_asked(published: Home) -> None:
    odd = '{"question": "What?", "lang": "en", "expect": null, "by": "me"}'

    ran = published.run("eval", questions(published, odd))

    assert ran.code == 0
    assert "'by' is not used here" in ran.out


def test_entries_and_languages_that_the_index_does_not_have_are_remarked(published: Home) -> None:
    unknown = '{"question": "How long?", "lang": "tr", "expect": "shiping/time"}'
    file = questions(published, unknown)

    ran = published.run("eval", file)
    document = published.run("eval", file, "--json").json

    assert ran.code == 0
    assert "no entry shiping/time" in ran.err
    assert "no text in tr" in ran.err
    assert document["unknown_entries"] == ["shiping/time"]
    assert document["unserved_languages"] == ["tr"]


def test_a_page_can_be_written(published: Home) -> None:
    page = published.folder / "report.html"

    ran = published.run("eval", questions(published, RIGHT), "--parity", "--html", page)

    assert ran.code == 0
    assert f"wrote {page}" in ran.err
    written = page.read_text(encoding="utf-8")
    assert "How well polyfaq answers" in written
    assert "Pairs of languages" in written


def test_a_page_that_cannot_be_written_is_a_failure_of_the_system(published: Home) -> None:
    page = published.folder / ("long" * 100)

    ran = published.run("eval", questions(published, RIGHT), "--html", page)

    assert ran.code == 3
    assert str(page) in ran.err


def test_a_page_into_no_folder_is_told_before_questions_are_asked(published: Home) -> None:
    folder = published.folder / "none"

    ran = published.run("eval", questions(published, RIGHT), "--html", folder / "report.html")

    assert ran.code == 2
    assert f"no folder {folder}; make it" in ran.err
    assert "Asking" not in ran.err


def test_parity_needs_no_questions(published: Home) -> None:
    ran = published.run("eval", "--parity")
    document = published.run("eval", "--parity", "--json").json

    assert ran.code == 0
    assert "Worst pairs" in ran.out
    assert "6 questions a pair" in ran.out
    assert document["parity"]["languages"] == ["de", "en"]
    assert [
        (pair["asked"], pair["held"], pair["questions"]) for pair in document["parity"]["pairs"]
    ] == [("de", "de", 6), ("de", "en", 6), ("en", "de", 6), ("en", "en", 6)]
    assert "total" not in document


def test_parity_of_one_language_is_told_to_be_none(published: Home) -> None:
    write_content(published, "en")
    assert published.run("index", "--force").code == 0

    ran = published.run("eval", "--parity")

    assert ran.code == 0
    assert "one language only" in ran.err


def test_without_a_name_the_questions_beside_the_content_are_asked(published: Home) -> None:
    published.write("golden.jsonl", f"{RIGHT}\n")

    assert published.run("eval", "--json").json["total"]["asked"] == 1


def test_without_questions_or_parity_the_usage_is_told(published: Home) -> None:
    ran = published.run("eval")

    assert ran.code == 2
    assert "--parity" in ran.err
