"""The official client of OpenAI's API, at our service over a real connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam
from werkzeug.serving import make_server

from app.api.answer_responses import AnswerOut
from tests.api.conftest import MakeSite, Site
from tests.fake_writing import FakeWriter, HeldUpWriter

ORDER: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Where is my order?"}]
SHIPPING: list[ChatCompletionMessageParam] = [{"role": "user", "content": "What does shipping do?"}]


@contextmanager
def client_of(site: Site) -> Iterator[openai.OpenAI]:
    server = make_server("127.0.0.1", 0, site.client.application, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        with openai.OpenAI(base_url=address, api_key="any", max_retries=0, timeout=30) as client:
            yield client
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def client(site: Site) -> Iterator[openai.OpenAI]:
    with client_of(site) as client:
        yield client


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["polyfaq", "polyfaq-curated"]
    assert client.models.retrieve("polyfaq-curated").owned_by == "polyfaq"


def test_a_question_is_answered(client: openai.OpenAI) -> None:
    reply = client.chat.completions.create(model="polyfaq", messages=ORDER, temperature=0)
    assert "See **My orders**." in (reply.choices[0].message.content or "")
    assert reply.choices[0].finish_reason == "stop"
    answer = AnswerOut.model_validate((reply.model_extra or {})["polyfaq"])
    assert answer.citations[0].entry_id == "orders/track"


def test_a_streamed_reply_is_the_same_text(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="polyfaq", messages=ORDER)
    with client.chat.completions.create(model="polyfaq", messages=ORDER, stream=True) as stream:
        chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    AnswerOut.model_validate((chunks[-1].model_extra or {})["polyfaq"])


def test_the_clients_own_collecting_of_a_stream_works(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(
        model="polyfaq", messages=ORDER, stream_options={"include_usage": True}
    ) as stream:
        final = stream.get_final_completion()
    assert "See **My orders**." in (final.choices[0].message.content or "")
    assert final.usage is not None
    assert final.usage.total_tokens == 0


def test_text_arrives_before_the_rest_is_written(make_site: MakeSite) -> None:
    writer = HeldUpWriter("Two days", " and 4.90 euro.")
    writer.let()
    with (
        client_of(make_site(writers=[writer], ping_seconds=0.05)) as client,
        client.chat.completions.create(model="polyfaq", messages=SHIPPING, stream=True) as stream,
    ):
        pieces = (chunk.choices[0].delta.content or "" for chunk in stream)
        assert next(piece for piece in pieces if "days" in piece) == "Two days"
        writer.let()
        assert " and 4.90 euro." in "".join(pieces)


def test_a_client_that_leaves_ends_the_writing(make_site: MakeSite) -> None:
    writer = FakeWriter("Two ", *(["more "] * 100_000))
    with (
        client_of(make_site(writers=[writer])) as client,
        client.chat.completions.create(model="polyfaq", messages=SHIPPING, stream=True) as stream,
    ):
        next(iter(stream))
    assert writer.open == 0


def test_a_conversation_keeps_its_ticket(client: openai.OpenAI, site: Site) -> None:
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "football results"}]
    for question in ("weather tomorrow", "lottery numbers"):
        reply = client.chat.completions.create(model="polyfaq", messages=messages)
        messages += [
            {"role": "assistant", "content": reply.choices[0].message.content},
            {"role": "user", "content": question},
        ]
    first, second = site.store.tickets.requests
    assert first.conversation_id == second.conversation_id


def test_errors_are_raised_as_the_clients_own(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-7'") as not_found:
        client.chat.completions.create(model="gpt-7", messages=ORDER)
    assert not_found.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError, match="1000 characters") as too_long:
        client.chat.completions.create(
            model="polyfaq", messages=[{"role": "user", "content": "x" * 1001}]
        )
    assert too_long.value.param == "messages"
    assert too_long.value.request_id


def test_an_error_within_a_stream_is_raised_too(make_site: MakeSite) -> None:
    site = make_site(writers=[FakeWriter("Two ", failure=RuntimeError("the secret is 42"))])
    with (
        client_of(site) as client,
        client.chat.completions.create(model="polyfaq", messages=SHIPPING, stream=True) as stream,
        pytest.raises(openai.APIError, match="logged under the request id"),
    ):
        list(stream)


def test_a_service_without_an_index_is_not_ready(make_site: MakeSite) -> None:
    with (
        client_of(make_site(is_published=False)) as client,
        pytest.raises(openai.InternalServerError) as error,
    ):
        client.chat.completions.create(model="polyfaq", messages=ORDER)
    assert (error.value.status_code, error.value.code) == (503, "not_ready")
