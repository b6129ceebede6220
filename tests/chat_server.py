"""A server on loopback that speaks the chat API of OpenAI, and misbehaves on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["ChatRequest"], None]


class ChatRequest(BaseHTTPRequestHandler):
    """What the server was asked; `answer` of the server decides what is sent back."""

    server: ChatServer
    asked: Any = None

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(self.asked)
        self.server.keys.append(self.headers["Authorization"])
        with suppress(ConnectionError):
            self.server.answer(self)

    def begin(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def event(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def piece(self, text: str, reason: str | None = None) -> None:
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
        self.event(json.dumps({"object": "chat.completion.chunk", "choices": [choice]}))

    def reply(self, body: bytes, status: int = 200, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Keep quiet."""


class ChatServer(ThreadingHTTPServer):
    """Answers every conversation with the words that it was set to."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), ChatRequest)
        self.answer = answer
        self.asked: list[Any] = []
        self.keys: list[str | None] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def chat_server(answer: Answer) -> Iterator[ChatServer]:
    with ChatServer(answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


def saying(*pieces: str, reason: str = "stop") -> Answer:
    """Answer with a text in pieces."""

    def answer(request: ChatRequest) -> None:
        request.begin()
        for piece in pieces:
            request.piece(piece)
        request.piece("", reason)
        request.event("[DONE]")

    return answer


def sending(body: bytes, status: int = 200, kind: str = "text/event-stream") -> Answer:
    """Answer with these bytes."""
    return lambda request: request.reply(body, status, kind)


def hang(request: ChatRequest) -> None:
    request.server.ended.wait()


def drip_headers(request: ChatRequest) -> None:
    while not request.server.ended.wait(0.02):
        request.wfile.write(b"H")
        request.wfile.flush()


def drip(request: ChatRequest) -> None:
    request.begin()
    while not request.server.ended.wait(0.02):
        request.wfile.write(b":")
        request.wfile.flush()


def falling_silent_after(text: str) -> Answer:
    """Answer with the beginning of a text, and with nothing more."""

    def answer(request: ChatRequest) -> None:
        request.begin()
        request.piece(text)
        request.server.ended.wait()

    return answer


def breaking_off_after(text: str) -> Answer:
    """Answer with the beginning of a text, and close the connection."""

    def answer(request: ChatRequest) -> None:
        request.begin()
        request.piece(text)
        request.close_connection = True

    return answer


fall_silent = falling_silent_after("It costs")
cut = breaking_off_after("It costs")


def cut_within_a_chunk(request: ChatRequest) -> None:
    request.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        b'Transfer-Encoding: chunked\r\n\r\n40\r\ndata: {"cho'
    )
    request.close_connection = True


def never_end(request: ChatRequest) -> None:
    request.begin()
    while not request.server.ended.is_set():
        request.piece("and so on " * 1000)
