"""`polyfaq index`, `polyfaq eval` and `polyfaq ask`, with a model that the tests make up."""

from dataclasses import replace

import pytest

from indexer.build_report import BuildOutcome, BuildReport, GoldenReport
from indexer.decision import Outcome
from indexer.golden import AnswerChange, GoldenAnswer, summarise
from tests.fakes import FakeEmbedder
from tests.unit.cli_run import Home

QUESTIONS = {
    "shipping/time": "How long does shipping take?",
    "returns/how": "How do I send an article back?",
    "payment/cards": "Which credit cards can I pay with?",
    "account/password": "What if I forgot my password?",
    "warranty/length": "Is there a guarantee on lamps?",
    "loyalty/points": "Where do I see my bonus points?",
}


BEFORE = GoldenAnswer(
    "Wo ist es?", "de", "orders/track", Outcome.ANSWERED, "orders/track", "orders/track", 0.9
)
AFTER = replace(BEFORE, entry_id="returns/how", top_entry_id="returns/how")
GOLDEN = GoldenReport(
    (AFTER,), (AnswerChange(BEFORE, AFTER),), ("1 of 1 answers are wrong",), summarise([BEFORE])
)


@pytest.fixture
def home(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose settings name the made-up model."""
    embedder = FakeEmbedder()
    for place in ("app.cli.index", "app.cli.evaluate", "app.composition"):
        monkeypatch.setattr(f"{place}.load_embedder_for", lambda *_, **__: embedder)
    return replace(home, environment={**home.environment, "POLYFAQ_EMBEDDING_MODEL": "made-up"})


@pytest.fixture
def shop(home: Home) -> Home:
    """A home with content."""
    write_content(home, QUESTIONS)
    return home


@pytest.fixture
def published(shop: Home) -> Home:
    """A home with content and a generation of it."""
    assert shop.run("index").code == 0
    return shop


def write_content(home: Home, questions: dict[str, str]) -> None:
    rows = (f'{key},en,"{text}",Answer to {key}.' for key, text in questions.items())
    home.write("faq.csv", "\n".join(["id,lang,question,answer", *rows, ""]))


def test_the_first_index_is_published(shop: Home) -> None:
    ran = shop.run("index")

    assert ran.code == 0
    assert "published 20" in ran.out
    assert "LANGUAGE" in ran.out
    assert "12 texts embedded" in ran.out
    assert "Embedding 12 texts" in ran.err


def test_programs_get_the_report_as_json_alone(shop: Home) -> None:
    ran = shop.run("index", "--json")

    assert ran.code == 0
    assert ran.json["outcome"] == "published"
    assert ran.json["diff"]["en"]["added"] == sorted(QUESTIONS)
    assert ran.json["languages"][0]["entries"] == len(QUESTIONS)
    assert ran.err == ""


def test_what_was_learnt_of_how_sure_answers_are_is_told(shop: Home) -> None:
    told = "the model shipped with polyfaq, since this content teaches too little"

    assert f"confidence: {told}" in " ".join(shop.run("index").err.split())
    assert told in shop.run("index", "--full", "--json").json["confidence"]


def test_unchanged_content_is_left_alone(published: Home) -> None:
    ran = published.run("index")

    assert ran.code == 0
    assert "nothing changed" in ran.out


def test_a_full_index_embeds_everything_anew(published: Home) -> None:
    assert published.run("index", "--full", "--json").json["embedded"] == 2 * len(QUESTIONS)


def test_a_dry_run_shows_what_would_change_and_publishes_nothing(published: Home) -> None:
    serving = published.run("index", "list", "--json").json
    changed = {**QUESTIONS, "returns/how": "How may I return it?", "gifts/wrap": "Is it wrapped?"}
    del changed["loyalty/points"]
    write_content(published, changed)

    ran = published.run("index", "--dry-run")

    assert ran.code == 0
    assert "en  + gifts/wrap" in ran.out
    assert "en  ~ returns/how" in ran.out
    assert "en  - loyalty/points" in ran.out
    assert "nothing was published" in ran.out
    assert published.run("index", "list", "--json").json == serving


def test_golden_questions_that_would_be_answered_otherwise_are_shown_before_and_after(
    shop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = BuildReport(BuildOutcome.DRY_RUN, None, None, golden=GOLDEN)
    monkeypatch.setattr("app.cli.index.build", lambda *_: report)

    ran = shop.run("index", "--dry-run")

    assert ran.code == 0
    assert "golden questions: 0 of 1 right, 1 wrong, 0 not answered" in ran.out
    assert "before: 1 of 1 right" in ran.out
    assert "[de] Wo ist es?" in ran.out
    assert "1 golden questions broke:" in ran.out
    assert "expected orders/track: orders/track (right) -> returns/how (wrong)" in ran.out
    document = shop.run("index", "--dry-run", "--json").json["golden"]
    assert document["changes"][0]["after"]["entry_id"] == "returns/how"
    assert document["broken"] == document["changes"]
    assert document["wrong"][0]["entry_id"] == "returns/how"


def test_content_with_errors_is_not_published(shop: Home) -> None:
    file = shop.write("more.csv", "id,lang,question,answer\nx,en,,No question.\n")

    ran = shop.run("index")
    as_json = shop.run("index", "--json")

    assert (ran.code, as_json.code) == (1, 1)
    assert f"{file}:2: error:" in ran.out
    assert "nothing was published" in ran.err
    assert as_json.json["outcome"] == "invalid"
    assert shop.run("index", "list", "--json").json == []


def test_golden_questions_that_object_are_wrong_input(
    shop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = BuildReport(BuildOutcome.REFUSED, None, None, golden=GOLDEN)
    monkeypatch.setattr("app.cli.index.build", lambda *_: report)

    ran = shop.run("index")

    assert ran.code == 1
    assert "1 of 1 answers are wrong" in ran.err
    assert "--force" in ran.err


def test_a_first_index_that_is_refused_says_which_answers_are_wrong(
    shop: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = GoldenReport((AFTER,), (), ("1 of 1 answers are wrong",), None)
    report = BuildReport(BuildOutcome.REFUSED, None, None, golden=golden)
    monkeypatch.setattr("app.cli.index.build", lambda *_: report)

    ran = shop.run("index")

    assert "1 golden questions are answered wrongly:" in ran.out
    assert "[de] Wo ist es?" in ran.out
    assert "expected orders/track: returns/how (wrong)" in ran.out


def test_content_can_be_named(shop: Home) -> None:
    other = shop.folder / "other.csv"
    other.write_text('id,lang,question,answer\na/b,en,"What?",That.\n')

    assert shop.run("index", other, "--json").json["diff"]["en"]["added"] == ["a/b"]


def test_named_content_is_asked_the_golden_questions_beside_it_alone(shop: Home) -> None:
    shop.write("golden.jsonl", '{"question": "Way?", "lang": "en", "expect": "shipping/time"}\n')
    apart = shop.folder / "apart"
    apart.mkdir()
    (apart / "other.csv").write_text('id,lang,question,answer\na/b,en,"What?",That.\n')

    assert shop.run("index", apart, "--json").json["golden"] is None

    (apart / "golden.jsonl").write_text('{"question": "Eh?", "lang": "en", "expect": "a/b"}\n')
    asked = shop.run("index", apart, "--full", "--json").json["golden"]
    assert asked["summary"]["asked"] == 1


def test_of_many_problems_the_worst_are_shown(shop: Home) -> None:
    rows = "".join(f'e/{number},de,"Frage {number}?",Antwort.\n' for number in range(40))
    shop.write("faq.csv", f"id,lang,question,answer\n{rows}bad id,de,Was?,Das.\n")

    ran = shop.run("index")

    shown = [line for line in (ran.out + ran.err).splitlines() if "faq.csv:" in line]
    assert len(shown) == 20
    assert "error" in shown[0]
    assert "1 error, 40 warnings" in ran.err


def test_missing_content_is_wrong_input(home: Home) -> None:
    ran = home.run("index")

    assert ran.code == 1
    assert str(home.content) in ran.err


def test_a_missing_model_is_a_failure_of_the_system(shop: Home) -> None:
    ran = shop.run("index", POLYFAQ_EMBEDDING_MODEL="multilingual-e5-small")

    assert ran.code == 3
    assert "polyfaq models install" in ran.err


def test_generations_are_listed_shown_compared_and_gone_back_to(published: Home) -> None:
    write_content(published, {**QUESTIONS, "gifts/wrap": "Do you wrap gifts?"})
    published.run("index")
    new, old = published.run("index", "list", "--json").json
    assert (new["current"], old["current"]) == (True, False)

    assert new["id"] in published.run("index", "list").out
    shown = published.run("index", "show", new["id"])
    assert f"{len(QUESTIONS) + 1} entries" in shown.out
    document = published.run("index", "show", new["id"], "--json").json
    assert document["entries"] == 7
    assert (document["threshold"], document["coverage"]) == (0.95, None)
    assert [language["threshold"] for language in document["languages"]] == [0.95]
    assert "any other" in shown.out
    assert "0.950" in shown.out
    assert "en  + gifts/wrap" in published.run("index", "diff", old["id"], new["id"]).out
    assert published.run("index", "diff", new["id"], new["id"], "--json").json == {}

    assert published.run("index", "show").out == shown.out
    for ids in ([], [old["id"]]):
        assert published.run("index", "diff", *ids).out == "en  + gifts/wrap\n"

    assert published.run("index", "rollback").out == f"{old['id']} serves now\n"
    assert published.run("index", "rollback", new["id"], "--json").json == {"generation": new["id"]}
    assert published.run("index", "prune", "--keep", "1", "--json").json["generations"] == [
        old["id"]
    ]


@pytest.mark.parametrize(
    "command",
    [["show", "2026-01-01T00-00-00Z-0000"], ["show", "../x"], ["rollback"], ["diff"]],
)
def test_a_generation_that_does_not_exist_is_wrong_input(
    published: Home, command: list[str]
) -> None:
    ran = published.run("index", *command)

    assert ran.code == 1
    assert "polyfaq index list" in ran.err


def test_a_damaged_generation_is_listed_with_its_fault(published: Home) -> None:
    (listed,) = published.run("index", "list", "--json").json
    (published.folder / "var" / "generations" / listed["id"] / "manifest.json").write_text("{")

    ran = published.run("index", "list")

    assert ran.code == 0
    assert "manifest.json" in ran.err
    assert published.run("index", "show", listed["id"]).code == 3


@pytest.mark.parametrize("command", ["show", "diff", "rollback"])
def test_without_generations_the_way_out_is_to_index(home: Home, command: str) -> None:
    ran = home.run("index", command)

    assert ran.code == 3
    assert "No index was published" in ran.err
    assert "Run `polyfaq index FOLDER`" in ran.err


def test_without_generations_the_list_says_what_to_run(home: Home) -> None:
    ran = home.run("index", "list")

    assert ran.code == 0
    assert "Run `polyfaq index`" in ran.err


def test_help_on_indexing_lists_options_and_subcommands(home: Home) -> None:
    ran = home.run("index", "--help")

    assert ran.code == 0
    for word in ("--dry-run", "[PATH]...", "rollback", "prune"):
        assert word in ran.out


def test_golden_questions_measure_the_index(published: Home) -> None:
    lines = [
        f'{{"question": "{text}", "lang": "en", "expect": "{key}"}}\n'
        for key, text in QUESTIONS.items()
    ]
    file = published.write("questions.jsonl", "".join(lines))

    ran = published.run("eval", file)
    measured = published.run("eval", file, "--json").json

    assert ran.code == 0
    assert "R@5" in ran.out
    assert measured["total"]["asked"] == len(QUESTIONS)
    assert measured["total"]["recall"]["1"] == 1.0
    assert measured["languages"]["en"]["mrr"] == 1.0
    assert measured["generation"] == published.run("index", "list", "--json").json[0]["id"]


def test_faulty_golden_questions_measure_nothing(published: Home) -> None:
    file = published.write("questions.jsonl", '{"question": "What?"}\n')

    ran = published.run("eval", file)

    assert ran.code == 1
    assert f"{file}:1: error:" in ran.out
    assert published.run("eval", file, "--json").json["problems"][0]["line"] == 1


def test_nothing_published_cannot_be_measured(shop: Home) -> None:
    file = shop.write("q.jsonl", '{"question": "What?", "lang": "en", "expect": null}\n')

    ran = shop.run("eval", file)

    assert ran.code == 3
    assert "polyfaq index" in ran.err


def test_a_question_is_answered_for_people(published: Home) -> None:
    ran = published.run("ask", "How long does shipping take?", "--mode", "retrieve")

    assert ran.code == 0
    assert "confidence" in ran.out
    assert "shipping/time" in ran.out
    assert "language en" in ran.out


def test_a_question_needs_no_quotation_marks(published: Home) -> None:
    ran = published.run("ask", "How", "long", "does", "shipping", "take?", "--json")

    assert ran.json["citations"][0]["entry_id"] == "shipping/time"


def test_a_question_is_answered_for_programs_as_over_http(published: Home) -> None:
    ran = published.run("ask", "How long does shipping take?", "--language", "en", "--json")

    assert ran.code == 0
    assert ran.json["query_language"] == {"tag": "en", "confidence": 1.0, "source": "declared"}
    assert ran.json["generation"] == published.run("index", "list", "--json").json[0]["id"]
    assert set(ran.json) == {
        "answer_id",
        "conversation_id",
        "outcome",
        "reason",
        "answer",
        "query_language",
        "confidence",
        "citations",
        "alternatives",
        "handoff",
        "disclosure",
        "generation",
        "timings_ms",
    }


def test_what_is_handed_over_leaves_a_ticket(published: Home) -> None:
    ran = published.run("ask", "I want to talk to a person", "--language", "en", "--json")

    assert ran.json["outcome"] == "handoff"
    (ticket,) = published.run("tickets", "--json").json
    assert ticket["ticket_id"] == ran.json["handoff"]["ticket_id"]
    assert ticket["questions"][0]["text"] == "I want to talk to a person"


@pytest.fixture
def damaged(published: Home) -> Home:
    """A home whose database is none."""
    (published.folder / "var" / "polyfaq.db").write_text("no database " * 100)
    return published


def test_a_store_that_fails_does_not_keep_a_question_from_its_answer(
    damaged: Home, caplog: pytest.LogCaptureFixture
) -> None:
    ran = damaged.run("ask", "How long does shipping take?", "--mode", "retrieve")

    assert ran.code == 0
    assert "confidence" in ran.out
    assert (ran.err + caplog.text).count("polyfaq.db cannot be used") == 1
    assert "the answer was not stored" in ran.err


def test_a_question_that_cannot_be_handed_over_is_a_failure_of_the_system(
    damaged: Home, caplog: pytest.LogCaptureFixture
) -> None:
    ran = damaged.run("ask", "I want to talk to a person", "--json")

    assert ran.code == 3
    assert ran.json["outcome"] == "handoff"
    assert ran.json["handoff"] is None
    assert (ran.err + caplog.text).count("polyfaq.db cannot be used") == 1
    assert "the question could not be handed over" in ran.err


@pytest.mark.parametrize("question", ["", " ", "x" * 1001, "a\0b", "a\ud800b"])
def test_a_question_that_is_none_is_wrong_input(published: Home, question: str) -> None:
    ran = published.run("ask", question)

    assert ran.code == 1
    assert "question" in ran.err


def test_a_language_that_is_none_is_wrong_input(published: Home) -> None:
    ran = published.run("ask", "What?", "--language", "???")

    assert ran.code == 1
    assert "BCP 47" in ran.err


def test_without_an_index_the_answer_is_what_to_run(shop: Home) -> None:
    ran = shop.run("ask", "What?")

    assert ran.code == 3
    assert "Run `polyfaq index FOLDER`" in ran.err
