"""`polyfaq translate` with a chat model, on a server of our own that also misbehaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.chat_server import Answer, ChatRequest, ChatServer, chat_server, saying, sending
from tests.unit.cli_run import Home, Ran

CONTENT = """\
- id: gift
  lang: en
  question: Do you wrap gifts for me?
  answer: Yes, for **4.90 €** when you [pay](https://shop.example/pay).
- id: refund
  lang: en
  question: How do I get my money back?
  answer: Send the parcel back to us.
"""
PRICE = '<span translate="no" id="2">4.90 €</span>'
PHRASES = {
    "Do you wrap gifts for me?": "Pouvez-vous emballer les cadeaux pour moi ?",
    f'Yes, for <b id="1">{PRICE}</b> when you <b id="3">pay</b>.': (
        f'Oui, pour <b id="1">{PRICE}</b>, au moment de <b id="3">payer</b>.'
    ),
    "How do I get my money back?": "Comment puis-je récupérer mon argent ?",
    "Send the parcel back to us.": "Renvoyez-nous le colis par la poste.",
}
Translate = Callable[..., Ran]


def text_of(request: ChatRequest) -> str:
    prompt: str = request.asked["messages"][-1]["content"]
    return prompt.rpartition("<text>")[2].removesuffix("</text>")


def by_heart(request: ChatRequest) -> None:
    saying(PHRASES.get(text_of(request), "?"))(request)


@pytest.fixture
def server(home: Home) -> Iterator[ChatServer]:
    home.write("en.yaml", CONTENT)
    with chat_server(by_heart) as server:
        yield server


@pytest.fixture
def translate(home: Home, server: ChatServer) -> Translate:
    def translate(*more: str, **settings: str) -> Ran:
        environment = {
            "POLYFAQ_TRANSLATOR": "generator",
            "POLYFAQ_GENERATOR": "openai",
            "POLYFAQ_GENERATOR_MODEL": "small",
            "POLYFAQ_GENERATOR_URL": server.url,
            **settings,
        }
        return home.run("translate", "--to", "fr", *more, **environment)

    return translate


def test_a_chat_model_writes_drafts(home: Home, server: ChatServer, translate: Translate) -> None:
    ran = translate("--json")

    assert ran.code == 0, ran.err
    drafts = (home.content / "fr.yaml").read_text(encoding="utf-8")
    assert drafts.count("status: draft") == 2
    assert "Oui, pour **4.90 €**, au moment de [payer](https://shop.example/pay)." in drafts
    assert {asked["model"] for asked in server.asked} == {"small"}
    assert "from English into French" in server.asked[0]["messages"][-1]["content"]
    assert home.run("check").code == 0


def test_a_second_run_asks_for_nothing(server: ChatServer, translate: Translate) -> None:
    translate()
    asked = len(server.asked)

    assert translate().code == 0
    assert len(server.asked) == asked


def test_several_texts_can_be_asked_for_at_once(home: Home, translate: Translate) -> None:
    ran = translate(POLYFAQ_GENERATOR_AT_ONCE="3")

    assert ran.code == 0, ran.err
    assert (home.content / "fr.yaml").read_text(encoding="utf-8").count("status: draft") == 2


GIFT_ANSWER = next(text for text in PHRASES if text.startswith("Yes"))
QUESTION = "Do you wrap gifts for me?"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ((GIFT_ANSWER, PHRASES[GIFT_ANSWER].replace(PRICE, "")), "pieces"),
        ((GIFT_ANSWER, PHRASES[GIFT_ANSWER].replace(PRICE, PRICE * 2)), "pieces"),
        ((GIFT_ANSWER, "Oui, pour 9,90 € au moment de payer."), "pieces"),
        ((GIFT_ANSWER, PHRASES[GIFT_ANSWER].replace('<b id="3">payer</b>', "payer")), "structure"),
        ((QUESTION, QUESTION), "untranslated"),
        ((QUESTION, "<p>Bonjour</p>"), "empty"),
        ((QUESTION, "Können Sie mir bitte Geschenke einpacken?"), "language"),
        ((QUESTION, f"{PHRASES[QUESTION]} {PHRASES[QUESTION] * 5}"), "length"),
        ((QUESTION, "Voici la traduction : voir https://evil.example/"), "pieces"),
    ],
)
def test_what_it_writes_passes_the_same_checks(
    home: Home, server: ChatServer, translate: Translate, written: tuple[str, str], code: str
) -> None:
    def answer(request: ChatRequest) -> None:
        saying({**PHRASES, written[0]: written[1]}[text_of(request)])(request)

    server.answer = answer
    home.write("de.yaml", "- {id: refund, lang: de, question: Wie?, answer: So geht das.}\n")

    ran = translate("--json")

    assert ran.code == 0, ran.err
    refused = [(each["entry_id"], each["reason"]) for each in ran.json["refused"]]
    assert refused == [("gift", code)]
    drafts = (home.content / "fr.yaml").read_text(encoding="utf-8")
    assert (drafts.count("id: gift"), drafts.count("id: refund")) == (0, 1)


def test_one_text_that_fails_does_not_keep_the_others(
    home: Home, server: ChatServer, translate: Translate
) -> None:
    def answer(request: ChatRequest) -> None:
        (sending(b"", 500) if text_of(request) == GIFT_ANSWER else by_heart)(request)

    server.answer = answer

    ran = translate("--json")

    assert ran.code == 0, ran.err
    assert [(each["entry_id"], each["reason"]) for each in ran.json["refused"]] == [
        ("gift", "failed")
    ]
    assert "id: refund" in (home.content / "fr.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (sending(b'{"error": {"message": "bad key"}}', 401), "POLYFAQ_GENERATOR_KEY"),
        (sending(b"<html>", 200, "text/html"), "the reply is text/html"),
    ],
)
def test_a_server_that_cannot_be_used_ends_the_run(
    home: Home, server: ChatServer, translate: Translate, answer: Answer, message: str
) -> None:
    home.write("en.yaml", CONTENT + CONTENT.replace("id: ", "id: more/"))
    server.answer = answer

    ran = translate(POLYFAQ_GENERATOR_KEY="sk-very-secret")

    assert ran.code == 3
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert "sk-very-secret" not in ran.out + ran.err
    assert not (home.content / "fr.yaml").exists()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"POLYFAQ_GENERATOR": "none"}, "set POLYFAQ_GENERATOR"),
        ({"POLYFAQ_GENERATOR_MODEL": ""}, "generator_model"),
        ({"POLYFAQ_GENERATOR_KEY": "two words"}, "ASCII"),
        ({"POLYFAQ_GENERATOR_URL": "http://me:secret@x.example"}, "POLYFAQ_GENERATOR_KEY"),
        ({"POLYFAQ_GENERATOR": "gpt"}, "'openai' or 'transformers'"),
    ],
)
def test_settings_that_cannot_be_used_are_told(
    translate: Translate, settings: dict[str, str], message: str
) -> None:
    ran = translate(**settings)

    assert ran.code == 2
    assert message in ran.err
    assert "secret" not in ran.err


def test_a_server_that_is_not_there_is_a_failure_of_the_system(translate: Translate) -> None:
    ran = translate(POLYFAQ_GENERATOR_URL="http://127.0.0.1:1/v1")

    assert ran.code == 3
    assert "http://127.0.0.1:1/v1/chat/completions was not reached" in ran.err


def test_a_model_must_be_named(home: Home) -> None:
    home.write("en.yaml", CONTENT)

    ran = home.run(
        "translate",
        "--to",
        "fr",
        POLYFAQ_TRANSLATOR="generator",
        POLYFAQ_GENERATOR="transformers",
    )

    assert ran.code == 2
    assert "POLYFAQ_GENERATOR_MODEL" in ran.err


def test_each_entry_is_written_when_it_is_made(
    home: Home, server: ChatServer, translate: Translate
) -> None:
    drafts = home.content / "fr.yaml"
    there: list[bool] = []

    def answer(request: ChatRequest) -> None:
        there.append(drafts.exists())
        by_heart(request)

    server.answer = answer
    translate()

    assert there == [False, False, True, True]


def test_a_text_without_an_end_is_refused_and_the_others_go_on(
    home: Home, server: ChatServer, translate: Translate
) -> None:
    def answer(request: ChatRequest) -> None:
        (saying("Oui, oui", reason="length") if text_of(request) == QUESTION else by_heart)(request)

    server.answer = answer

    ran = translate("--json")

    assert ran.code == 0, ran.err
    assert [(each["entry_id"], each["reason"]) for each in ran.json["refused"]] == [
        ("gift", "empty")
    ]
    assert "id: refund" in (home.content / "fr.yaml").read_text(encoding="utf-8")
