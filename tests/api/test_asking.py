from concurrent.futures import ThreadPoolExecutor

import pytest

from app.api.answer_responses import AnswerOut, SearchOut
from knowledge_base.entry import Record
from tests.api.conftest import MakeSite, Site
from tests.fakes import FakeIndex


def ask(site: Site, question: str, **fields: object) -> AnswerOut:
    response = site.client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200, response.text
    return AnswerOut.model_validate_json(response.data)


def test_a_question_is_answered_in_its_language(site: Site) -> None:
    answer = ask(site, "Où est ma commande ?")
    assert answer.outcome == "answered"
    assert answer.reason is None
    assert answer.answer.text == "Voyez **Mes commandes**."
    assert answer.answer.html == "<p>Voyez <strong>Mes commandes</strong>.</p>"
    assert (answer.answer.language, answer.answer.kind) == ("fr", "curated")
    assert answer.query_language.tag == "fr"
    assert answer.citations[0].entry_id == "orders/track"
    assert answer.disclosure == site.services.notices.ui_texts("fr")["disclosure"]
    assert answer.generation == site.index.id
    assert answer.timings_ms["total"] >= answer.timings_ms["embed"]


def test_a_right_to_left_answer_says_so(site: Site) -> None:
    answer = ask(site, "أين طلبي؟")
    assert (answer.answer.language, answer.answer.direction) == ("ar", "rtl")


def test_a_missing_translation_is_given_as_the_original_with_a_notice(site: Site) -> None:
    answer = ask(site, "Can I cancel it?", language="ar")
    assert (answer.answer.kind, answer.answer.language, answer.answer.direction) == (
        "original",
        "en",
        "ltr",
    )
    assert answer.answer.notice is not None
    assert (answer.answer.notice.language, answer.answer.notice.direction) == ("ar", "rtl")


def test_a_language_without_content_gets_the_original_with_a_notice_in_it(site: Site) -> None:
    brands = "PayPal, Klarna, iDEAL, Bancontact, Mastercard"
    site.publish(FakeIndex([Record("pay", "en", f"{brands}?", "All of these.")], id="newer"))
    answer = ask(site, f"Kan ik betalen met {brands}?")
    assert answer.query_language.tag == "nl"
    assert (answer.answer.kind, answer.answer.language) == ("original", "en")
    assert answer.answer.notice is not None
    assert answer.answer.notice.language == "nl"


def test_a_declared_language_overrides_detection(site: Site) -> None:
    answer = ask(site, "Where is my order?", language="FR")
    assert answer.answer.language == "fr"
    assert answer.query_language.source == "declared"


def test_a_page_language_decides_where_the_text_says_nothing(site: Site) -> None:
    answer = ask(site, "12345", page_language="fr")
    assert (answer.query_language.tag, answer.query_language.source) == ("fr", "page")


def test_accept_language_decides_where_nothing_else_does(site: Site) -> None:
    response = site.client.post(
        "/v1/ask",
        json={"question": "12345"},
        headers={"Accept-Language": "tlh;q=x, *, fr-CA;q=0.8, en;q=0.2"},
    )
    assert response.json is not None
    assert response.json["query_language"]["tag"] == "fr"


def test_a_conversation_remembers_its_language(site: Site) -> None:
    first = ask(site, "Où est ma commande ?")
    second = ask(site, "12345", conversation_id=first.conversation_id)
    assert second.conversation_id == first.conversation_id
    assert (second.query_language.tag, second.query_language.source) == ("fr", "conversation")


def test_two_alike_are_to_choose_from_beginning_with_the_best(site: Site) -> None:
    answer = ask(site, "What does shipping")
    assert answer.outcome == "clarify"
    assert answer.answer.kind == "notice"
    assert [other.entry_id for other in answer.alternatives[:2]] == [
        "shipping/cost",
        "shipping/time",
    ]
    assert answer.handoff is None


def test_nothing_similar_is_handed_over_with_a_ticket(site: Site) -> None:
    answer = ask(site, "weather tomorrow", language="en", user={"plan": "gold", "age": 7})
    assert (answer.outcome, answer.reason) == ("handoff", "nothing_similar")
    assert answer.handoff is not None
    assert answer.handoff.message == answer.answer.text
    (request,) = site.store.tickets.requests
    assert request.question == "weather tomorrow"
    assert request.answer_id == answer.answer_id
    assert request.generation == answer.generation
    assert dict(request.user) == {"plan": "gold", "age": 7}
    assert [other.entry_id for other in request.retrieved] == [
        other.entry_id for other in answer.alternatives
    ]


def test_gibberish_in_no_language_is_handed_over_for_that_reason(site: Site) -> None:
    assert ask(site, "🎉🎉🎉").reason == "undetermined_language"


def test_a_conversation_has_one_open_ticket(site: Site) -> None:
    first = ask(site, "weather tomorrow", language="en")
    second = ask(site, "football", language="en", conversation_id=first.conversation_id)
    assert first.handoff is not None
    assert second.handoff is not None
    assert first.handoff.ticket_id == second.handoff.ticket_id
    ticket = site.store.tickets.find(first.handoff.ticket_id)
    assert ticket is not None
    assert [question.text for question in ticket.questions] == ["weather tomorrow", "football"]


def test_no_ticket_is_promised_that_could_not_be_kept(site: Site) -> None:
    site.store.tickets.is_down = True
    answer = ask(site, "weather tomorrow", language="en")
    assert answer.outcome == "handoff"
    assert answer.handoff is None
    assert answer.answer.text == site.services.notices.ui_texts("en")["handoff_unavailable"]


def test_retrieve_mode_decides_the_same_but_opens_no_ticket(site: Site) -> None:
    answer = ask(site, "weather tomorrow", language="en", mode="retrieve")
    assert (answer.outcome, answer.reason) == ("handoff", "nothing_similar")
    assert answer.handoff is None
    assert site.store.tickets.requests == []


def test_an_entry_that_has_expired_is_not_answered_with(site: Site) -> None:
    answer = ask(site, "Is there a sale?")
    assert (answer.outcome, answer.reason) == ("handoff", "low_confidence")
    assert "promo/old" not in [other.entry_id for other in answer.alternatives]


def test_filters_leave_only_entries_with_the_tag_and_the_value(site: Site) -> None:
    ask(site, "Where is my order?", filters={"tags": ["orders"], "product": "chair"})
    filters = site.index.ranked[-1].filters
    assert filters.tags == frozenset({"orders"})
    assert dict(filters.metadata) == {"product": "chair"}


def test_a_filter_is_part_of_the_question(site: Site) -> None:
    assert ask(site, "Where is my order?").citations[0].entry_id == "orders/track"
    filtered = ask(site, "Where is my order?", filters={"tags": ["shipping"]})
    assert filtered.outcome == "handoff"


def test_personal_data_reaches_neither_index_nor_journal_nor_ticket(site: Site) -> None:
    ask(site, "weather jo@shop.example", language="en")
    site.services.recorder.flush()
    assert site.index.ranked[-1].text == "weather [email]"
    assert site.store.journal.records[-1].question == "weather [email]"
    assert site.store.tickets.requests[-1].question == "weather [email]"
    assert site.embedder.embedded_texts == ["weather [email]"]


def test_an_answer_is_recorded(site: Site) -> None:
    answer = ask(site, "Où est ma commande ?")
    site.services.recorder.flush()
    (record,) = site.store.journal.records
    assert record.answer_id == answer.answer_id
    assert (record.language, record.outcome, record.entry_id) == ("fr", "answered", "orders/track")
    assert record.timings_ms.keys() >= {"total", "embed", "retrieve"}


def test_a_journal_that_is_down_delays_and_fails_nothing(site: Site) -> None:
    site.store.journal.is_down = True
    assert ask(site, "Where is my order?", conversation_id="c-1").outcome == "answered"


def test_a_question_asked_again_is_not_worked_out_again(site: Site) -> None:
    first, second = ask(site, "Where is my order?"), ask(site, "Where is my order?")
    assert len(site.embedder.calls) == 1
    assert len(site.index.ranked) == 1
    assert first.answer == second.answer
    assert first.answer_id != second.answer_id
    assert first.conversation_id != second.conversation_id


def test_a_repeated_handoff_opens_a_ticket_each_time(site: Site) -> None:
    first = ask(site, "weather tomorrow", language="en")
    second = ask(site, "weather tomorrow", language="en")
    assert first.handoff is not None
    assert second.handoff is not None
    assert first.handoff.ticket_id != second.handoff.ticket_id


def test_a_new_generation_answers_from_then_on(site: Site) -> None:
    ask(site, "Where is my order?")
    newer = FakeIndex(
        [Record("orders/track", "en", "Where is my order?", "Look here.")],
        id="2026-11-23T08-00-00Z-2b4c",
    )
    site.publish(newer)
    answer = ask(site, "Where is my order?")
    assert (answer.answer.text, answer.generation) == ("Look here.", newer.id)


def test_every_answer_is_of_one_generation_while_they_change(site: Site) -> None:
    generations = {
        name: FakeIndex([Record("a", "en", "Where is my order?", name)], id=name)
        for name in ("2026-11-23T08-00-00Z-0001", "2026-11-23T08-00-00Z-0002")
    }
    site.publish(generations["2026-11-23T08-00-00Z-0001"])

    def ask_some(_: int) -> list[tuple[str, str]]:
        client = site.client.application.test_client()
        replies = [
            client.post("/v1/ask", json={"question": "Where is my order?"}).json for _ in range(25)
        ]
        return [(reply["generation"], reply["answer"]["text"]) for reply in replies if reply]

    with ThreadPoolExecutor(max_workers=4) as pool:
        asking = [pool.submit(ask_some, number) for number in range(4)]
        for turn in range(20):
            site.publish(list(generations.values())[turn % 2])
        pairs = [pair for future in asking for pair in future.result()]
    assert len(pairs) == 100
    assert all(generation == text for generation, text in pairs)


def test_without_a_generation_the_service_says_what_to_run(make_site: MakeSite) -> None:
    response = make_site(is_published=False).client.post("/v1/ask", json={"question": "Hello?"})
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["code"] == "not_ready"
    assert "polyfaq index" in response.json["detail"]
    assert int(response.headers["Retry-After"]) > 0


class TestIdempotency:
    def test_the_same_key_gives_the_same_reply_and_one_ticket(self, site: Site) -> None:
        replies = [
            site.client.post(
                "/v1/ask",
                json={"question": "weather", "language": "en"},
                headers={"Idempotency-Key": "k-1"},
            )
            for _ in range(2)
        ]
        assert replies[0].data == replies[1].data
        assert len(site.store.tickets.requests) == 1

    def test_the_same_key_with_another_question_is_refused(self, site: Site) -> None:
        headers = {"Idempotency-Key": "k-1"}
        site.client.post("/v1/ask", json={"question": "weather"}, headers=headers)
        response = site.client.post("/v1/ask", json={"question": "football"}, headers=headers)
        assert response.status_code == 409
        assert response.json is not None
        assert response.json["code"] == "key_reused"

    def test_a_question_is_answered_where_replies_cannot_be_kept(self, site: Site) -> None:
        site.store.replies.is_down = True
        response = site.client.post(
            "/v1/ask", json={"question": "order"}, headers={"Idempotency-Key": "k-1"}
        )
        assert response.status_code == 200

    @pytest.mark.parametrize("key", ["", "a b", "x" * 201, "ключ".encode().decode("latin-1")])
    def test_what_is_no_key_is_refused(self, site: Site, key: str) -> None:
        response = site.client.post(
            "/v1/ask", json={"question": "weather"}, headers={"Idempotency-Key": key}
        )
        assert response.status_code == 422
        assert response.json is not None
        assert response.json["errors"][0]["field"] == "Idempotency-Key"


class TestSearch:
    def test_entries_come_best_first_in_the_readers_language(self, site: Site) -> None:
        response = site.client.post("/v1/search", json={"question": "Où est ma commande ?"})
        found = SearchOut.model_validate_json(response.data)
        assert (found.results[0].entry_id, found.results[0].language) == ("orders/track", "fr")
        scores = [hit.score for hit in found.results]
        assert scores == sorted(scores, reverse=True)
        assert found.query_language.tag == "fr"

    def test_no_more_than_the_limit(self, site: Site) -> None:
        response = site.client.post("/v1/search", json={"question": "order", "limit": 2})
        assert len(SearchOut.model_validate_json(response.data).results) == 2

    def test_what_has_expired_is_not_found(self, site: Site) -> None:
        response = site.client.post("/v1/search", json={"question": "Is there a sale?"})
        found = SearchOut.model_validate_json(response.data)
        assert "promo/old" not in [hit.entry_id for hit in found.results]

    def test_searching_opens_no_ticket_and_records_nothing(self, site: Site) -> None:
        site.client.post("/v1/search", json={"question": "weather"})
        assert site.store.tickets.requests == []
        assert site.services.recorder.waiting == 0


class TestRateLimit:
    def test_who_asks_too_often_is_told_when_to_come_back(self, make_site: MakeSite) -> None:
        site = make_site(rate_limit=2)
        statuses = [
            site.client.post("/v1/ask", json={"question": "order"}).status_code for _ in range(3)
        ]
        response = site.client.post("/v1/ask", json={"question": "order"})
        assert statuses == [200, 200, 429]
        assert response.json is not None
        assert response.json["code"] == "too_many_requests"
        assert 1 <= int(response.headers["Retry-After"]) <= 30

    def test_clients_behind_a_trusted_proxy_are_told_apart(self, make_site: MakeSite) -> None:
        site = make_site(rate_limit=1, trusted_proxies=1)
        statuses = [
            site.client.post(
                "/v1/ask", json={"question": "order"}, headers={"X-Forwarded-For": address}
            ).status_code
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]
        assert statuses == [200, 200, 429]
