import json

import pytest
from werkzeug.test import TestResponse

from app.api.responses import ProblemOut
from tests.api.conftest import MakeSite, Site

JSON = {"Content-Type": "application/json"}


def problem(response: TestResponse, status: int) -> ProblemOut:
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    told = ProblemOut.model_validate_json(response.data)
    assert told.status == status
    assert told.request_id == response.headers["X-Request-Id"]
    assert "Traceback" not in response.text
    return told


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": "   \n\t "}, "question"),
        ({"question": "\u200b\u200f \u2060\ufeff\ufe0f"}, "question"),
        ({"question": "\u00ad\u202e\u3164\u115f"}, "question"),
        ({"question": None}, "question"),
        ({"question": 5}, "question"),
        ({"question": ["a"]}, "question"),
        ({"question": "x" * 1001}, "question"),
        ({"question": "nul \x00 inside"}, "question"),
        ({"question": "bell \x07"}, "question"),
        ({"question": "half \ud83d"}, "question"),
        ({"question": "a", "language": "klingonese-x"}, "language"),
        ({"question": "a", "language": "xx"}, "language"),
        ({"question": "a", "language": ""}, "language"),
        ({"question": "a", "page_language": "../../etc"}, "page_language"),
        ({"question": "a", "conversation_id": "a b"}, "conversation_id"),
        ({"question": "a", "conversation_id": "x" * 101}, "conversation_id"),
        ({"question": "a", "mode": "generate"}, "mode"),
        ({"question": "a", "stream": "yes"}, "stream"),
        ({"question": "a", "filters": []}, "filters"),
        ({"question": "a", "filters": {"tags": "orders"}}, "filters.tags"),
        ({"question": "a", "filters": {"tags": [1]}}, "filters.tags.0"),
        ({"question": "a", "filters": {"product": {"deep": 1}}}, "filters.product"),
        ({"question": "a", "user": "me"}, "user"),
        ({"question": "a", "user": {"deep": {"er": 1}}}, "user.deep"),
        ({"question": "a", "user": {str(n): n for n in range(21)}}, "user"),
        ({"question": "a", "colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named(site: Site, body: dict[str, object], field: str) -> None:
    told = problem(site.client.post("/v1/ask", data=json.dumps(body), headers=JSON), 422)
    assert told.code == "invalid_request"
    assert [fault.field for fault in told.errors] == [field]
    assert told.errors[0].message


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_named(site: Site, number: str) -> None:
    body = f'{{"question": "a", "user": {{"age": {number}}}}}'
    told = problem(site.client.post("/v1/ask", data=body, headers=JSON), 422)
    assert [fault.field for fault in told.errors] == ["user.age"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'question': 'a'}",
        b'{"question": "a"} trailing',
        b"\xff\xfe{\x00}\x00",
        b'{"question": "\xff"}',
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
    ],
)
def test_what_is_no_json_is_malformed(site: Site, body: bytes) -> None:
    told = problem(site.client.post("/v1/ask", data=body, headers=JSON), 400)
    assert told.code == "malformed_json"


@pytest.mark.parametrize("body", [b"[]", b'"question"', b"5", b"null", b"true"])
def test_json_that_is_no_object_is_not_a_request(site: Site, body: bytes) -> None:
    problem(site.client.post("/v1/ask", data=body, headers=JSON), 422)


@pytest.mark.parametrize(
    "mimetype", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml", "🎉"]
)
def test_another_media_type_is_refused(site: Site, mimetype: str) -> None:
    headers = {"Content-Type": mimetype.encode().decode("latin-1")}
    told = problem(site.client.post("/v1/ask", data=b'{"question": "a"}', headers=headers), 415)
    assert told.errors[0].field == "Content-Type"


@pytest.mark.parametrize("charset", ["; charset=utf-8", "; charset=UTF-8", ";x=y"])
def test_parameters_of_the_media_type_do_not_matter(site: Site, charset: str) -> None:
    headers = {"Content-Type": f"application/json{charset}"}
    response = site.client.post("/v1/ask", data=b'{"question": "a"}', headers=headers)
    assert response.status_code == 200


def test_a_body_that_is_too_large_is_not_read(make_site: MakeSite) -> None:
    site = make_site(body_limit=2048)
    body = json.dumps({"question": "x" * 100_000})
    assert problem(site.client.post("/v1/ask", data=body, headers=JSON), 413).code == (
        "payload_too_large"
    )


@pytest.mark.parametrize(
    "question",
    [
        "🎉",
        "👩‍👩‍👧‍👦",
        "\u200f\u202eabc\u202c",
        "\u200b?\u200b",
        "Where ist mon 注文?",
        "a" * 1000,
        "\U0001f600" * 1000,
        "﷽" * 500,
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
        "'; DROP TABLE answers; --",
        "{{7*7}} ${7*7} %s %n",
        "\ufeffWhere is my order?",
        "line\none\ttwo\r\n",
        "\uffff\ufffe",
    ],
)
def test_odd_but_valid_text_gets_a_sensible_reply(site: Site, question: str) -> None:
    response = site.client.post("/v1/ask", json={"question": question})
    assert response.status_code == 200
    assert response.json is not None
    assert response.json["outcome"] in {"answered", "clarify", "handoff"}


@pytest.mark.parametrize("path", ["/nope", "/v1/", "/v1/ask/", "/static/../app", "/%00", "/é"])
def test_an_unknown_address_is_not_found(site: Site, path: str) -> None:
    assert problem(site.client.get(path), 404).code == "not_found"


def test_an_instance_is_named_even_if_it_is_no_text(site: Site) -> None:
    told = problem(site.client.get("/%FF%00" + "x" * 900), 404)
    assert len(told.instance) <= 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/ask", "POST"), ("DELETE", "/v1/search", "POST"), ("POST", "/healthz", "GET")],
)
def test_another_method_is_told_those_that_are_taken(
    site: Site, method: str, path: str, allowed: str
) -> None:
    response = site.client.open(path, method=method)
    assert problem(response, 405).code == "method_not_allowed"
    assert allowed in response.headers["Allow"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1e3", "limit=x", "status=lost", "cursor=%00", "colour=red"]
)
def test_a_wrong_query_parameter_is_named(site: Site, query: str) -> None:
    headers = {"Authorization": "Bearer a-key-made-up-for-tests"}
    told = problem(site.client.get(f"/v1/handoffs?{query}", headers=headers), 422)
    assert [fault.field for fault in told.errors] == [query.partition("=")[0]]


def test_an_unexpected_fault_is_a_problem_that_tells_nothing_of_its_cause(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(site.index, "rank", fail)
    response = site.client.post("/v1/ask", json={"question": "Where is my order?"})
    assert problem(response, 500).code == "internal_error"
    assert "secret" not in response.text
    assert "the secret is 42" in caplog.text
