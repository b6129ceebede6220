from typing import Any

import pytest

from app.api.ticket_responses import HandoffOpenedOut, TicketOut, TicketPageOut, TicketStatusOut
from tests.api.conftest import OPERATOR_KEY, MakeSite, Site

KEY = {"Authorization": f"Bearer {OPERATOR_KEY}"}


def wish(site: Site, **fields: object) -> HandoffOpenedOut:
    response = site.client.post("/v1/handoffs", json=fields)
    assert response.status_code == 201, response.text
    return HandoffOpenedOut.model_validate_json(response.data)


def code(response: Any) -> str:  # noqa: ANN401 - of a private class of Flask's
    return str(response.json["code"])


def test_a_visitor_gets_a_person_and_is_told_so_in_their_language(site: Site) -> None:
    opened = wish(
        site, question="Où est jo@shop.example ?", contact="jo@shop.example", user={"plan": "gold"}
    )
    assert opened.status == "open"
    assert opened.language == "fr"
    assert opened.message == site.services.notices.ui_texts("fr")["handoff_requested"]
    (request,) = site.store.tickets.requests
    assert (request.reason, request.question) == ("requested", "Où est [email] ?")
    assert request.contact == "jo@shop.example"
    assert dict(request.user) == {"plan": "gold"}


def test_a_person_can_be_asked_for_without_a_question(site: Site) -> None:
    opened = wish(site, page_language="ar")
    assert (opened.language, opened.direction) == ("ar", "rtl")
    assert site.store.tickets.requests[0].question is None


def test_a_person_can_be_asked_for_in_a_language_without_content(site: Site) -> None:
    assert wish(site, language="sv").language == "sv"


def test_a_person_can_be_asked_for_while_nothing_else_works(make_site: MakeSite) -> None:
    assert wish(make_site(is_published=False), question="Hello?", language="de").language == "de"


def test_a_wish_joins_the_open_ticket_of_its_conversation(site: Site) -> None:
    asked = site.client.post("/v1/ask", json={"question": "weather", "language": "en"}).json
    assert asked is not None
    opened = wish(site, conversation_id=asked["conversation_id"], contact="+49 30 901820")
    assert opened.ticket_id == asked["handoff"]["ticket_id"]


def test_a_ticket_that_cannot_be_kept_is_not_promised(site: Site) -> None:
    site.store.tickets.is_down = True
    response = site.client.post("/v1/handoffs", json={})
    assert response.status_code == 503
    assert code(response) == "store_unavailable"
    assert "Retry-After" in response.headers
    assert "secret" not in response.text


def test_a_repeated_key_gives_the_same_ticket(site: Site) -> None:
    headers = {"Idempotency-Key": "3d3d"}
    first = site.client.post("/v1/handoffs", json={"question": "Hello?"}, headers=headers)
    second = site.client.post("/v1/handoffs", json={"question": "Hello?"}, headers=headers)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert len(site.store.tickets.requests) == 1


def test_a_key_of_one_endpoint_is_none_of_another(site: Site) -> None:
    headers = {"Idempotency-Key": "3d3d"}
    site.client.post("/v1/handoffs", json={"question": "Hello?"}, headers=headers)
    response = site.client.post("/v1/ask", json={"question": "Hello?"}, headers=headers)
    assert response.status_code == 200


def test_a_visitor_sees_how_far_a_ticket_is_and_no_more(site: Site) -> None:
    ticket_id = wish(site, question="Hello?", contact="jo@shop.example").ticket_id
    response = site.client.get(f"/v1/handoffs/{ticket_id}")
    assert TicketStatusOut.model_validate_json(response.data).status == "open"
    assert "jo@shop.example" not in response.text


def test_an_operator_sees_all_of_a_ticket(site: Site) -> None:
    ticket_id = wish(site, question="Hello?", contact="jo@shop.example").ticket_id
    response = site.client.get(f"/v1/handoffs/{ticket_id}", headers=KEY)
    ticket = TicketOut.model_validate_json(response.data)
    assert ticket.contact == "jo@shop.example"
    assert ticket.questions[0].text == "Hello?"


def test_operators_list_tickets_page_by_page_newest_first(site: Site) -> None:
    ids = [wish(site, question=f"Question {number}").ticket_id for number in range(5)]
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        response = site.client.get(f"/v1/handoffs?limit=2{cursor}", headers=KEY)
        page = TicketPageOut.model_validate_json(response.data)
        seen += [ticket.ticket_id for ticket in page.handoffs]
        cursor = f"&cursor={page.next_cursor}"
    assert seen == ids[::-1]
    assert page.next_cursor is None


def test_operators_close_tickets(site: Site) -> None:
    ticket_id = wish(site).ticket_id
    closed = site.client.post(f"/v1/handoffs/{ticket_id}/resolve", headers=KEY)
    again = site.client.post(f"/v1/handoffs/{ticket_id}/resolve", headers=KEY)
    assert TicketOut.model_validate_json(closed.data).status == "resolved"
    assert closed.data == again.data
    still_open = site.client.get("/v1/handoffs?status=open", headers=KEY).json
    assert still_open == {"handoffs": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/handoffs/none"),
        ("POST", "/v1/handoffs/none/resolve"),
        ("GET", "/v1/handoffs/" + "x" * 500),
        ("GET", "/v1/handoffs/%00"),
    ],
)
def test_a_ticket_that_is_not_there_is_not_found(site: Site, method: str, path: str) -> None:
    response = site.client.open(path, method=method, headers=KEY)
    assert response.status_code == 404
    assert code(response) == "not_found"


def test_a_cursor_that_no_page_gave_out_is_named(site: Site) -> None:
    response = site.client.get("/v1/handoffs?cursor=made-up", headers=KEY)
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {OPERATOR_KEY}", "Bearer \udcff"]
)
def test_without_the_key_operators_are_turned_away(site: Site, authorization: str) -> None:
    headers = {"Authorization": authorization.encode("utf-8", "replace").decode("latin-1")}
    for method, path in (("GET", "/v1/handoffs"), ("POST", "/v1/handoffs/T-1/resolve")):
        response = site.client.open(path, method=method, headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_without_a_key_in_the_settings_operator_endpoints_are_off(make_site: MakeSite) -> None:
    site = make_site(operator_key=None)
    response = site.client.get("/v1/handoffs", headers=KEY)
    assert response.status_code == 404
    assert code(response) == "operator_endpoints_off"
