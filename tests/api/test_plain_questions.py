"""Plain questions, which are answered before the web framework, are answered as it would."""

import io
import logging
from typing import Any

import pytest
from flask import Flask

from app.answering.answer import Answer
from app.answering.question import Question
from app.logs import configure_logs
from app.settings import LogFormat, LogLevel
from tests.api.conftest import MakeSite, Site
from tests.fakes import FakeIndex

PLAIN = "application/json"
BY_THE_FRAMEWORK = "application/json; charset=utf-8"
DIFFERENT = {"answer_id", "conversation_id", "timings_ms"}


def ask(site: Site, kind: str, body: str, **headers: str) -> Any:  # noqa: ANN401 - as Flask has it
    return site.client.post("/v1/ask", data=body.encode(), content_type=kind, headers=headers)


def told(response: Any) -> tuple[object, ...]:  # noqa: ANN401 - as Flask has it
    document = response.get_json()
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return (
        response.status_code,
        {name: value for name, value in document.items() if name not in DIFFERENT},
        headers,
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"question": "Where is my order?"}',
        '{"question": "Où est ma commande ?", "mode": "curated"}',
        '{"question": "Can I cancel it?", "language": "ar"}',
        '{"question": "zebra", "mode": "retrieve"}',
        '{"question": "Where is my order?", "filters": {"tags": ["orders"]}}',
        '{"question": ""}',
        '{"question": 7}',
        '{"question": "a", "colour": "red"}',
        '{"question": "a", "explain": true}',
        "not JSON",
        "",
    ],
)
def test_a_question_is_answered_the_same_either_way(make_site: MakeSite, body: str) -> None:
    site = make_site(cors_origins="https://shop.example")
    sent = {"X-Request-Id": "r-1", "Origin": "https://shop.example", "Accept-Language": "fr"}
    assert told(ask(site, PLAIN, body, **sent)) == told(ask(site, BY_THE_FRAMEWORK, body, **sent))


def test_the_framework_is_not_asked(make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site()
    monkeypatch.setattr(Flask, "full_dispatch_request", None)
    assert ask(site, PLAIN, '{"question": "Where is my order?"}').status_code == 200


def test_nothing_to_answer_from_is_the_frameworks_to_tell(make_site: MakeSite) -> None:
    response = ask(make_site(is_published=False), PLAIN, '{"question": "Where is my order?"}')
    assert (response.status_code, response.get_json()["code"]) == (503, "not_ready")


def test_an_unforeseen_failure_is_logged_once_with_its_request_and_not_tried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask_ever_after, tried = site.services.answering.ask, []

    def fail_once(question: Question) -> Answer:
        tried.append(question)
        if len(tried) == 1:
            raise RuntimeError("out of order")
        return ask_ever_after(question)

    monkeypatch.setattr(site.services.answering, "ask", fail_once)
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log = io.StringIO()
    configure_logs(LogLevel.ERROR, LogFormat.TEXT, log)
    response = ask(site, PLAIN, '{"question": "Where is my order?"}')

    assert (response.status_code, response.get_json()["code"]) == (500, "internal_error")
    assert len(tried) == 1
    assert log.getvalue().count("RuntimeError: out of order") == 1
    assert f"request_id={response.headers['X-Request-Id']}" in log.getvalue()


def test_a_client_that_asks_too_often_is_told_so(make_site: MakeSite) -> None:
    site = make_site(rate_limit=2)
    statuses = [ask(site, PLAIN, '{"question": "Hello"}').status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("length", ["", "-1", "x", "99999999999"])
def test_a_body_of_no_known_length_is_the_frameworks_to_read(site: Site, length: str) -> None:
    response = site.client.post(
        "/v1/ask",
        data=b'{"question": "Where is my order?"}',
        content_type=PLAIN,
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert 400 <= response.status_code < 500


def test_requests_are_counted(site: Site) -> None:
    ask(site, PLAIN, '{"question": "Where is my order?"}')
    counted = 'polyfaq_requests_total{endpoint="asking.ask",status="200"} 1.0'
    assert counted in site.services.metrics.render().decode()


def test_all_of_an_answer_comes_from_one_generation(site: Site) -> None:
    newer = FakeIndex([], id="2026-11-23T00-00-00Z-0000")
    first = ask(site, PLAIN, '{"question": "Where is my order?"}').get_json()
    site.publish(newer)
    second = ask(site, PLAIN, '{"question": "Where is my order?"}').get_json()
    assert (first["generation"], second["generation"]) == (site.index.id, newer.id)
