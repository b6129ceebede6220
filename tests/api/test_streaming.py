"""`POST /v1/ask` with `stream`: the answer as events, while it comes about."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.answering.writing import Unwritten
from app.api.answer_responses import AnswerOut, CitationOut, DeltaOut, MetaOut
from app.api.responses import ProblemOut
from app.idempotency import Reply
from app.notices import Notice
from tests.api.conftest import OPERATOR_KEY, MakeSite, Site
from tests.fake_writing import FakeWriter, HeldUpWriter

ORDER = {"question": "Where is my order?"}
WEATHER = {"question": "weather tomorrow", "language": "en"}
CANCEL = {"question": "Can I cancel it?", "language": "fr"}


@dataclass(frozen=True)
class Told:
    """One event."""

    name: str
    data: Any


def stream(
    site: Site, body: Mapping[str, object], headers: dict[str, str] | None = None
) -> TestResponse:
    """Ask for a stream, of which nothing is read yet but what begins it."""
    return site.client.post("/v1/ask", json={**body, "stream": True}, headers=headers)


def events(response: TestResponse) -> Iterator[Told]:
    assert response.status_code == 200, response.text
    assert response.mimetype == "text/event-stream"
    for chunk in response.iter_encoded():
        name, data, *end = chunk.decode().split("\n")
        assert end == ["", ""]
        yield Told(name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))


def asked(site: Site, body: Mapping[str, object], **headers: str) -> list[Told]:
    with closing(stream(site, body, headers)) as response:
        return list(events(response))


def names(told: list[Told]) -> list[str]:
    return [event.name for event in told]


def test_an_answer_is_told_event_by_event(site: Site) -> None:
    meta, delta, citation, final = asked(site, ORDER)
    assert [meta.name, delta.name, citation.name, final.name] == [
        "meta",
        "delta",
        "citation",
        "final",
    ]
    whole = AnswerOut.model_validate(final.data)
    begun = MetaOut.model_validate(meta.data)
    assert (begun.answer_id, begun.conversation_id) == (whole.answer_id, whole.conversation_id)
    assert begun.disclosure == whole.disclosure
    assert (begun.answer.kind, begun.answer.language) == ("curated", "en")
    piece = DeltaOut.model_validate(delta.data)
    assert (piece.text, piece.html) == (whole.answer.text, whole.answer.html)
    assert piece.entry_id == "orders/track"
    assert CitationOut.model_validate(citation.data) == whole.citations[0]


def test_what_is_known_first_has_the_fields_of_the_whole(site: Site) -> None:
    meta, *_, final = asked(site, CANCEL)
    assert meta.data["answer"]["notice"]["language"] == "fr"
    assert meta.data["answer"].items() <= final.data["answer"].items()
    rest = {name: value for name, value in meta.data.items() if name != "answer"}
    assert rest.items() <= final.data.items()


def test_the_whole_is_what_is_answered_without_a_stream(site: Site) -> None:
    final = asked(site, ORDER)[-1].data
    plain = site.client.post("/v1/ask", json=ORDER).json
    assert plain is not None
    changing = {"answer_id", "conversation_id", "timings_ms"}
    assert {k: v for k, v in final.items() if k not in changing} == {
        k: v for k, v in plain.items() if k not in changing
    }


def test_a_notice_is_told_as_the_plain_text_that_it_is(site: Site) -> None:
    told = asked(site, WEATHER)
    assert names(told) == ["meta", "delta", "final"]
    assert told[1].data["entry_id"] is None
    assert told[1].data["html"] == told[2].data["answer"]["html"]
    assert told[2].data["handoff"]["ticket_id"]


def test_a_right_to_left_answer_says_so_before_its_first_word(site: Site) -> None:
    meta = asked(site, {"question": "أين طلبي؟"})[0]
    assert (meta.data["answer"]["language"], meta.data["answer"]["direction"]) == ("ar", "rtl")


def test_a_text_is_told_while_it_is_written(make_site: MakeSite) -> None:
    writer = HeldUpWriter("Oui, **jusqu'à", " l'emballage**.")
    writer.let()
    with closing(stream(make_site(writers=[writer]), CANCEL)) as response:
        told = events(response)
        begun = [next(told) for _ in range(3)]
        assert names(begun) == ["meta", "delta", "citation"]
        assert begun[0].data["answer"]["ai_generated"] is True
        assert begun[1].data["text"] == "Oui, **jusqu'à"
        writer.let()
        piece, final = told
    assert (piece.name, final.name) == ("delta", "final")
    assert piece.data["html"] == "<p>Oui, <strong>jusqu'à l'emballage</strong>.</p>"
    assert final.data["answer"]["text"] == "Oui, **jusqu'à l'emballage**."


def test_a_text_that_breaks_off_ends_with_what_passed(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Oui.", failure=Unwritten.REFUSED)])
    told = asked(site, CANCEL)
    assert names(told) == ["meta", "delta", "citation", "final"]
    final = told[-1].data["answer"]
    assert final["text"] == "Oui."
    assert final["notice"]["text"] == site.services.notices.text(Notice.PARTIAL, "fr").text


def test_silence_is_bridged(make_site: MakeSite) -> None:
    writer = HeldUpWriter("Oui.")
    with closing(stream(make_site(writers=[writer], ping_seconds=0.05), CANCEL)) as response:
        told = events(response)
        assert [next(told), next(told)] == [Told("ping", {}), Told("ping", {})]
        writer.let()
        rest = [event.name for event in told if event.name != "ping"]
    assert rest == ["meta", "delta", "citation", "final"]


def test_nothing_on_the_way_keeps_it_back(site: Site) -> None:
    headers = stream(site, ORDER).headers
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Accel-Buffering"] == "no"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_another_origin_may_read_it(make_site: MakeSite) -> None:
    site = make_site(cors_origins="https://shop.example")
    response = stream(site, ORDER, {"Origin": "https://shop.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "https://shop.example"


class TestFailures:
    def test_what_fails_before_it_begins_is_a_problem(self, make_site: MakeSite) -> None:
        response = stream(make_site(is_published=False), ORDER)
        assert response.status_code == 503
        assert ProblemOut.model_validate_json(response.data).code == "not_ready"
        assert int(response.headers["Retry-After"]) > 0

    def test_so_is_what_nobody_expected(
        self, make_site: MakeSite, caplog: pytest.LogCaptureFixture
    ) -> None:
        site = make_site(writers=[FakeWriter(failure=RuntimeError("the secret is 42"))])
        response = stream(site, CANCEL)
        assert response.status_code == 500
        assert ProblemOut.model_validate_json(response.data).code == "internal_error"
        assert "secret" not in response.text
        assert "the secret is 42" in caplog.text

    def test_what_fails_on_the_way_is_told_as_an_event(
        self, make_site: MakeSite, caplog: pytest.LogCaptureFixture
    ) -> None:
        site = make_site(writers=[FakeWriter("Oui.", failure=RuntimeError("the secret is 42"))])
        with closing(stream(site, CANCEL)) as response:
            told = list(events(response))
        assert names(told) == ["meta", "delta", "citation", "error"]
        problem = ProblemOut.model_validate(told[-1].data)
        assert (problem.status, problem.code) == (500, "internal_error")
        assert problem.request_id == response.headers["X-Request-Id"]
        assert problem.instance == "/v1/ask"
        assert "secret" not in str(told)
        assert "the secret is 42" in caplog.text

    def test_a_wrong_field_is_named_as_ever(self, site: Site) -> None:
        response = stream(site, {"question": ""})
        assert response.status_code == 422
        assert ProblemOut.model_validate_json(response.data).errors[0].field == "question"


class TestVisitorsWhoLeave:
    def test_the_writing_ends(self, make_site: MakeSite) -> None:
        writer = HeldUpWriter("Oui, ", "jusqu'à ", "l'emballage.")
        writer.let()
        response = stream(make_site(writers=[writer]), CANCEL)
        assert next(events(response)).name == "meta"
        with ThreadPoolExecutor(max_workers=1) as pool:
            leaving = pool.submit(response.close)
            writer.let(2)
            leaving.result(30)
        assert writer.open == 0

    def test_so_does_what_nobody_began_to_read(self, make_site: MakeSite) -> None:
        writer = FakeWriter("Oui.")
        stream(make_site(writers=[writer]), CANCEL).close()
        assert writer.open == 0

    def test_no_thread_is_left(self, make_site: MakeSite, monkeypatch: pytest.MonkeyPatch) -> None:
        started: list[Thread] = []
        start = Thread.start

        def noted(thread: Thread) -> None:
            if thread.name.startswith("followed"):
                started.append(thread)
            start(thread)

        monkeypatch.setattr(Thread, "start", noted)
        site = make_site(writers=[FakeWriter("Oui, ", "oui.")])
        stream(site, CANCEL).close()
        asked(site, CANCEL)
        telling = [thread for thread in started if thread.name != "aside"]
        assert len(telling) == 2
        assert [thread for thread in telling if thread.is_alive()] == []


def test_an_answer_that_is_not_streamed_needs_no_thread(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Thread) -> None:
        raise AssertionError("a thread was started")

    site = make_site(writers=[FakeWriter("Oui.")])
    monkeypatch.setattr(Thread, "start", refuse)
    assert site.client.post("/v1/ask", json=CANCEL).status_code == 200


class TestIdempotency:
    def test_the_kept_answer_is_told_again(self, site: Site) -> None:
        first = asked(site, WEATHER, **{"Idempotency-Key": "k-1"})
        assert asked(site, WEATHER, **{"Idempotency-Key": "k-1"}) == first
        assert len(site.store.tickets.requests) == 1

    def test_what_was_written_piece_by_piece_is_told_again_in_one(
        self, make_site: MakeSite
    ) -> None:
        writer = FakeWriter("Oui, ", "oui.")
        site = make_site(writers=[writer])
        first = asked(site, CANCEL, **{"Idempotency-Key": "k-1"})
        again = asked(site, CANCEL, **{"Idempotency-Key": "k-1"})
        assert names(again) == ["meta", "delta", "citation", "final"]
        assert (again[0], again[-1]) == (first[0], first[-1])
        assert again[1].data["text"] == "Oui, oui."
        assert len(writer.asked) == 1

    def test_a_key_stands_for_the_question_streamed_or_not(self, site: Site) -> None:
        headers = {"Idempotency-Key": "k-1"}
        final = asked(site, WEATHER, **headers)[-1]
        assert site.client.post("/v1/ask", json=WEATHER, headers=headers).json == final.data

    def test_a_key_with_another_question_is_refused(self, site: Site) -> None:
        asked(site, WEATHER, **{"Idempotency-Key": "k-1"})
        response = stream(site, ORDER, {"Idempotency-Key": "k-1"})
        assert response.status_code == 409
        assert ProblemOut.model_validate_json(response.data).code == "key_reused"

    def test_the_answer_that_was_kept_first_counts(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        winner = site.client.post("/v1/ask", json=ORDER)
        monkeypatch.setattr(site.store.replies, "keep", lambda *_: Reply(200, winner.data))
        assert asked(site, ORDER, **{"Idempotency-Key": "k-1"})[-1].data == winner.json

    def test_who_left_and_asks_again_gets_the_same_ticket(self, site: Site) -> None:
        headers = {"Idempotency-Key": "k-1"}
        stream(site, WEATHER, headers).close()
        ticket = asked(site, WEATHER, **headers)[-1].data["handoff"]["ticket_id"]
        assert len(site.store.tickets.requests) == 1
        assert site.store.tickets.find(ticket) is not None


def test_who_asks_too_often_is_refused_before_anything_is_told(make_site: MakeSite) -> None:
    site = make_site(rate_limit=1)
    asked(site, ORDER)
    response = stream(site, ORDER)
    assert (response.status_code, response.mimetype) == (429, "application/problem+json")


def test_only_operators_are_told_why(site: Site) -> None:
    why = {**ORDER, "explain": True}
    assert stream(site, why).status_code == 401
    told = asked(site, why, Authorization=f"Bearer {OPERATOR_KEY}")
    assert told[-1].data["explanation"]["candidates"]
