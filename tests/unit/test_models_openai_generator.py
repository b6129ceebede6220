"""A server that speaks the chat API, against one of our own that also misbehaves."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from models.circuit_breaker import CircuitBreaker
from models.generation import (
    Author,
    BrokenReplyError,
    GenerationLimits,
    GenerationTimedOutError,
    GeneratorBusyError,
    GeneratorError,
    GeneratorPausedError,
    GeneratorRefusedError,
    GeneratorUnavailableError,
    GeneratorUnreachableError,
    Message,
    RequestRejectedError,
    TooLongError,
)
from models.openai_generator import OpenAIGenerator
from models.turns import Turns
from tests import chat_server as misbehaviour
from tests.chat_server import Answer, ChatRequest, ChatServer, chat_server, saying, sending

ASKED = [Message(Author.SYSTEM, "Be brief."), Message(Author.USER, "Wie viel? «é»")]
LIMITS = GenerationLimits(tokens=50, seconds=20)
Make = Callable[..., OpenAIGenerator]


class Clock:
    """Stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server(saying("It ", "costs ", "4 €.")) as server:
        yield server


@pytest.fixture
def make(server: ChatServer) -> Make:
    def make(
        *,
        url: str | None = None,
        key: str | None = None,
        turns: Turns | None = None,
        breaker: CircuitBreaker | None = None,
        silence_seconds: float = 20,
    ) -> OpenAIGenerator:
        return OpenAIGenerator(
            url or server.url,
            "small",
            key,
            turns=turns or Turns(1, 20),
            breaker=breaker or CircuitBreaker(),
            silence_seconds=silence_seconds,
            pause=lambda _: None,
        )

    return make


def whole(generator: OpenAIGenerator, limits: GenerationLimits = LIMITS) -> str:
    return "".join(generator.generate(ASKED, limits))


def test_the_likeliest_text_is_asked_for_and_comes_in_pieces(
    server: ChatServer, make: Make
) -> None:
    pieces = list(make().generate(ASKED, LIMITS))

    assert pieces == ["It ", "costs ", "4 €."]
    assert server.asked == [
        {
            "model": "small",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Wie viel? «é»"},
            ],
            "max_tokens": 50,
            "temperature": 0,
            "stream": True,
        }
    ]


def test_a_piece_is_given_before_the_next_is_written(server: ChatServer, make: Make) -> None:
    was_taken = threading.Event()

    def wait_for_the_first(request: ChatRequest) -> None:
        request.begin()
        request.piece("first")
        if was_taken.wait(20):
            request.piece("second", "stop")

    server.answer = wait_for_the_first
    pieces = make().generate(ASKED, LIMITS)

    assert next(pieces) == "first"
    was_taken.set()
    assert list(pieces) == ["second"]


def test_a_key_is_sent_where_there_is_one(server: ChatServer, make: Make) -> None:
    whole(make())
    whole(make(key="sk-secret"))

    assert server.keys == [None, "Bearer sk-secret"]


@pytest.mark.parametrize(
    "lines",
    [
        [": comment", 'data: {"choices":[{"delta":{"content":"hello"},"finish_reason":"stop"}]}'],
        ['data:{"choices":[{"delta":{"content":"hello"}}]}', "data: [DONE]"],
        [
            'data: {"choices":[{"delta":{"role":"assistant","content":null}}]}',
            'data: {"choices":[{"delta":{"content":"hello"},"finish_reason":"stop"}]}',
            'data: {"choices":[],"usage":{"total_tokens":9}}',
            "data: [DONE]",
            "data: what comes after the end",
        ],
        ["event: message\r", 'data: {"choices":[{"delta":{"content":"hello"}}]}\r', "data: [DONE]"],
    ],
)
def test_forms_that_servers_use_are_understood(
    server: ChatServer, make: Make, lines: list[str]
) -> None:
    server.answer = sending("\n".join(lines).encode())

    assert whole(make()) == "hello"


@pytest.mark.parametrize(
    "answer",
    [misbehaviour.hang, misbehaviour.drip, misbehaviour.drip_headers, misbehaviour.fall_silent],
)
def test_a_server_that_is_slow_is_given_up(server: ChatServer, make: Make, answer: Answer) -> None:
    server.answer = answer

    with pytest.raises(GenerationTimedOutError, match=rf"{server.url}.*no whole reply within"):
        whole(make(), GenerationLimits(50, 0.3))

    assert len(server.asked) == 1


@pytest.mark.parametrize("answer", [misbehaviour.hang, misbehaviour.fall_silent])
def test_silence_is_not_waited_out(server: ChatServer, make: Make, answer: Answer) -> None:
    server.answer = answer

    with pytest.raises(GenerationTimedOutError, match=r"nothing came for 0\.2 s"):
        whole(make(silence_seconds=0.2))


EVENT = b'data: {"choices":[{"delta":{"content":"%s"},"finish_reason":null}]}\n\n'


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (sending(b'{"error": {"message": "out of memory"}}', 500), "answered 500: out of memory"),
        (sending(b"<html>Bad gateway</html>", 502), "answered 502: no JSON"),
        (sending(b"<html>Welcome</html>", kind="text/html"), "the reply is text/html"),
        (sending(b"{}", kind="application/json"), "not a stream of events"),
        (sending(b"", 302), "answered 302"),
        (sending(b""), "broke off"),
        (sending(b"data: [DONE]\n\n"), "the reply is empty"),
        (saying(" ", "\n"), "the reply is empty"),
        (sending(b"<html>Welcome</html>"), "broke off"),
        (sending(EVENT % b"\xff\xfe"), "not UTF-8"),
        (sending(b"data: {\n\n"), "no JSON: {"),
        (sending(b"data: " + b"[" * 50_000), "no JSON"),
        (sending(b"data: 7\n\n"), "no object"),
        (sending(b'data: {"answer": "hello"}\n\n'), "not one of the chat API"),
        (sending(b'data: {"error": {"message": "model  crashed"}}'), "says: model crashed"),
        (sending(b'data: {"error": 7}'), "says: 7"),
        (sending(b"error: slot unavailable"), "slot unavailable"),
        (sending(b" " * 10_000_000), "a reply of more than"),
        (sending(EVENT % (b"x" * 10_000_000)), "a reply of more than"),
        (misbehaviour.never_end, "a reply of more than"),
        (saying("no", reason="content_filter"), "filter"),
        (misbehaviour.cut, "broke off"),
        (misbehaviour.cut_within_a_chunk, "IncompleteRead"),
    ],
)
def test_nonsense_is_a_failure_of_this_text(
    server: ChatServer, make: Make, answer: Answer, message: str
) -> None:
    server.answer = answer

    with pytest.raises(BrokenReplyError, match=message) as raised:
        whole(make())

    assert server.url in str(raised.value)
    assert len(server.asked) == 1


def test_a_text_that_was_cut_at_its_limit_is_not_whole(server: ChatServer, make: Make) -> None:
    server.answer = saying("It costs", reason="length")

    with pytest.raises(TooLongError, match="cut"):
        whole(make())


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "POLYFAQ_GENERATOR_KEY"),
        (404, "POLYFAQ_GENERATOR_MODEL"),
        (429, "answered 429: slow down"),
    ],
)
def test_a_server_that_refuses_is_unusable(
    server: ChatServer, make: Make, status: int, message: str
) -> None:
    server.answer = sending(b'{"error": {"message": "slow down"}}', status)

    with pytest.raises(GeneratorRefusedError, match=message):
        whole(make())


def test_a_request_that_is_too_long_for_the_server_is_its_own_fault(
    server: ChatServer, make: Make
) -> None:
    server.answer = sending(b'{"error": {"message": "exceeds the context"}}', 400)

    with pytest.raises(RequestRejectedError, match="answered 400: exceeds the context"):
        whole(make())


def test_connections_are_tried_again_and_then_given_up(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def refused(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        tried.append(address)
        raise ConnectionRefusedError("connection refused")

    monkeypatch.setattr(socket, "create_connection", refused)

    with pytest.raises(GeneratorUnreachableError, match="connection refused; start the server"):
        whole(make(url="http://chat.example:1/v1"))

    assert tried == [("chat.example", 1)] * 3


def test_a_server_that_comes_up_meanwhile_is_reached(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, tried = socket.create_connection, []

    def refused_once(*args: object, **named: object) -> socket.socket:
        tried.append(args)
        if len(tried) == 1:
            raise ConnectionRefusedError
        return connect(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "create_connection", refused_once)

    assert whole(make()) == "It costs 4 €."


@pytest.mark.parametrize("url", ["ftp://x.example", "localhost:8000", "http://", "http://["])
def test_an_address_of_no_web_server_is_named(make: Make, url: str) -> None:
    with pytest.raises(GeneratorUnavailableError, match="POLYFAQ_GENERATOR_URL"):
        whole(make(url=url))


class TestBreaker:
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def generator(self, make: Make, clock: Clock) -> OpenAIGenerator:
        return make(breaker=CircuitBreaker(failures=2, pause_seconds=30, clock=clock))

    def test_a_server_that_keeps_failing_is_left_alone_and_tried_again(
        self, server: ChatServer, generator: OpenAIGenerator, clock: Clock
    ) -> None:
        healthy, server.answer = server.answer, sending(b"", 500)
        for _ in range(2):
            with pytest.raises(BrokenReplyError):
                whole(generator)

        with pytest.raises(GeneratorPausedError, match="tried again in 30 s"):
            whole(generator)
        assert len(server.asked) == 2

        clock.now += 31
        server.answer = healthy
        assert whole(generator) == "It costs 4 €."
        assert whole(generator) == "It costs 4 €."

    def test_one_failure_while_it_is_tried_leaves_it_alone_again(
        self, server: ChatServer, generator: OpenAIGenerator, clock: Clock
    ) -> None:
        server.answer = sending(b"", 500)
        for _ in range(2):
            with pytest.raises(BrokenReplyError):
                whole(generator)
        clock.now += 31
        with pytest.raises(BrokenReplyError):
            whole(generator)

        with pytest.raises(GeneratorPausedError):
            whole(generator)

    @pytest.mark.parametrize("status", [400, 401, 429])
    def test_a_server_that_says_no_does_not_fail(
        self, server: ChatServer, generator: OpenAIGenerator, status: int
    ) -> None:
        server.answer = sending(b"{}", status)
        for _ in range(4):
            with pytest.raises((RequestRejectedError, GeneratorRefusedError)):
                whole(generator)

        assert len(server.asked) == 4

    def test_a_text_that_is_given_up_by_its_reader_says_nothing_of_the_server(
        self, server: ChatServer, generator: OpenAIGenerator, clock: Clock
    ) -> None:
        healthy, server.answer = server.answer, sending(b"", 500)
        for _ in range(2):
            with pytest.raises(BrokenReplyError):
                whole(generator)
        clock.now += 31
        server.answer = misbehaviour.fall_silent
        pieces = generator.generate(ASKED, LIMITS)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]

        server.answer = healthy
        assert whole(generator) == "It costs 4 €."


def test_only_so_many_requests_run_at_once(server: ChatServer, make: Make) -> None:
    generator = make(turns=Turns(1, 0.05))
    server.answer = misbehaviour.fall_silent
    running = generator.generate(ASKED, LIMITS)
    next(running)

    with pytest.raises(GeneratorBusyError, match="POLYFAQ_GENERATOR_AT_ONCE"):
        whole(generator)

    running.close()  # type: ignore[attr-defined]
    server.answer = saying("free again")
    assert whole(generator) == "free again"


class TestLog:
    def test_a_failure_is_one_line(
        self, server: ChatServer, make: Make, caplog: pytest.LogCaptureFixture
    ) -> None:
        server.answer = sending(b'{"error": "no\\nmemory"}', 500)

        with caplog.at_level(logging.DEBUG), pytest.raises(BrokenReplyError):
            whole(make())

        assert [record.message for record in caplog.records] == [
            f"generator: {server.url}/chat/completions: answered 500: no memory"
        ]

    def test_a_key_is_neither_logged_nor_told(
        self, server: ChatServer, make: Make, caplog: pytest.LogCaptureFixture
    ) -> None:
        body = json.dumps({"error": {"message": "Incorrect key sk-secret-1"}}).encode()

        with caplog.at_level(logging.DEBUG):
            for status in (401, 500):
                server.answer = sending(body, status)
                with pytest.raises(GeneratorError, match=r"Incorrect key \(key\)"):
                    whole(make(key="sk-secret-1"))

        assert "sk-secret-1" not in caplog.text
