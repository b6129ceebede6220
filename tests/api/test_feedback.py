import pytest

from tests.api.conftest import Site


def answer_id(site: Site) -> str:
    answer = site.client.post("/v1/ask", json={"question": "Where is my order?"}).json
    assert answer is not None
    return str(answer["answer_id"])


def test_feedback_is_stored_also_on_an_answer_that_waits_to_be(site: Site) -> None:
    given = answer_id(site)
    assert site.services.recorder.waiting == 1
    response = site.client.post(
        f"/v1/answers/{given}/feedback",
        json={"rating": "down", "reason": "outdated", "comment": "ask jo@shop.example"},
    )
    assert response.status_code == 201
    assert response.json == {"answer_id": given, "rating": "down"}
    stored = site.store.journal.feedback[given]
    assert (stored.rating, stored.reason) == ("down", "outdated")
    assert stored.comment == "ask [email]"


def test_a_later_rating_replaces_an_earlier(site: Site) -> None:
    given = answer_id(site)
    for rating in ("up", "down"):
        site.client.post(f"/v1/answers/{given}/feedback", json={"rating": rating})
    assert site.store.journal.feedback[given].rating == "down"


@pytest.mark.parametrize("unknown", ["none", "x" * 1000, "%00", "%F0%9F%8E%89"])
def test_feedback_on_no_answer_is_not_found(site: Site, unknown: str) -> None:
    response = site.client.post(f"/v1/answers/{unknown}/feedback", json={"rating": "up"})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rating"),
        ({"rating": "sideways"}, "rating"),
        ({"rating": "up", "comment": "x" * 2001}, "comment"),
        ({"rating": "up", "stars": 5}, "stars"),
    ],
)
def test_wrong_feedback_is_named(site: Site, body: dict[str, object], field: str) -> None:
    response = site.client.post(f"/v1/answers/{answer_id(site)}/feedback", json=body)
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["errors"][0]["field"] == field


def test_feedback_that_cannot_be_stored_is_not_thanked_for(site: Site) -> None:
    given = answer_id(site)
    site.store.journal.is_down = True
    response = site.client.post(f"/v1/answers/{given}/feedback", json={"rating": "up"})
    assert response.status_code == 503
    assert "secret" not in response.text


def test_a_repeated_key_gives_the_same_reply(site: Site) -> None:
    path, headers = f"/v1/answers/{answer_id(site)}/feedback", {"Idempotency-Key": "k"}
    first = site.client.post(path, json={"rating": "up"}, headers=headers)
    site.store.journal.is_down = True
    second = site.client.post(path, json={"rating": "up"}, headers=headers)
    assert (first.status_code, first.data) == (second.status_code, second.data)
