"""Small talk, wishes for a person, and explanations over HTTP."""

import pytest

from app.api.answer_responses import AnswerOut
from app.notices import Notice
from indexer.decision import Reason
from tests.api.conftest import OPERATOR_KEY, MakeSite, Site

OPERATOR = {"Authorization": f"Bearer {OPERATOR_KEY}"}


def ask(site: Site, question: str, **fields: object) -> AnswerOut:
    response = site.client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    assert response.json is not None
    assert ("explanation" in response.json) == bool(fields.get("explain"))
    return AnswerOut.model_validate_json(response.data)


def said(site: Site, notice: Notice, language: str) -> str:
    return site.services.notices.text(notice, language).text


def test_a_wish_for_a_person_opens_a_ticket(site: Site) -> None:
    answer = ask(site, "I want to talk to a person")
    assert (answer.outcome, answer.reason) == ("handoff", "requested")
    assert answer.answer.text == said(site, Notice.HANDOFF_REQUESTED, "en")
    assert answer.citations == []
    assert answer.handoff is not None
    ticket = site.services.tickets.find(answer.handoff.ticket_id)
    assert ticket is not None
    assert ticket.reason is Reason.REQUESTED


def test_a_wish_is_heard_in_a_language_without_content(site: Site) -> None:
    answer = ask(site, "Jag vill prata med en människa")
    assert (answer.outcome, answer.reason) == ("handoff", "requested")
    assert answer.query_language.tag == "sv"
    assert answer.answer.language == "sv"


def test_small_talk_gets_a_reply_and_no_ticket(site: Site) -> None:
    answer = ask(site, "Merci beaucoup !")
    assert (answer.outcome, answer.reason) == ("small_talk", None)
    assert answer.answer.text == said(site, Notice.SMALL_TALK_THANKS, "fr")
    assert (answer.answer.kind, answer.answer.language) == ("notice", "fr")
    assert (answer.handoff, answer.citations, answer.alternatives) == (None, [], [])
    assert site.services.tickets.page(None, 10, None).tickets == ()


def test_whoever_asks_is_told_that_a_machine_speaks(site: Site) -> None:
    answer = ask(site, "Are you a robot?")
    assert answer.outcome == "small_talk"
    assert "automated assistant, not a person" in answer.answer.text


def test_a_greeting_that_many_languages_share_is_returned_in_that_of_the_page(site: Site) -> None:
    assert ask(site, "Hallo", page_language="nl").answer.language == "nl"


def test_without_a_page_it_is_returned_in_the_default_language(site: Site) -> None:
    answer = ask(site, "OK")
    assert (answer.query_language.tag, answer.answer.language) == ("und", "en")


def test_a_declared_language_is_the_language_of_the_reply(site: Site) -> None:
    assert ask(site, "Hello", language="ja").answer.language == "ja"


@pytest.mark.parametrize("greeting", ["", "Hi, ", "Good morning! "])
def test_a_question_after_a_greeting_is_answered(site: Site, greeting: str) -> None:
    answer = ask(site, f"{greeting}Where is my order?")
    assert answer.outcome == "answered"
    assert answer.citations[0].entry_id == "orders/track"


def test_operators_are_told_why(site: Site) -> None:
    response = site.client.post(
        "/v1/ask", json={"question": "Where is my order?", "explain": True}, headers=OPERATOR
    )
    explanation = AnswerOut.model_validate_json(response.data).explanation
    assert explanation is not None
    assert explanation.act is None
    assert [feature.name for feature in explanation.features] == ["words shared"]
    assert (explanation.intercept, explanation.threshold) == (-1.0, 0.5)
    assert explanation.candidates[0].entry_id == "orders/track"


def test_the_act_is_explained_too(site: Site) -> None:
    response = site.client.post(
        "/v1/ask", json={"question": "Thank you!", "explain": True}, headers=OPERATOR
    )
    assert response.json is not None
    assert response.json["explanation"]["act"] == "thanks"


def test_an_answer_that_was_remembered_without_an_explanation_gets_one(site: Site) -> None:
    ask(site, "Where is my order?")
    response = site.client.post(
        "/v1/ask", json={"question": "Where is my order?", "explain": True}, headers=OPERATOR
    )
    assert response.json is not None
    assert response.json["explanation"]["candidates"]


def test_nobody_else_is_told_why(site: Site) -> None:
    response = site.client.post("/v1/ask", json={"question": "Hi", "explain": True})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_nobody_is_told_why_where_there_are_no_operators(make_site: MakeSite) -> None:
    site = make_site(operator_key=None)
    response = site.client.post(
        "/v1/ask", json={"question": "Hi", "explain": True}, headers=OPERATOR
    )
    assert response.status_code == 404
