"""A translation server that does what a test tells it to, also what no server should do."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Request"], None]


class Server(ThreadingHTTPServer):
    """Translates by putting all words in capitals; `answer` may be exchanged."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answer: Answer = translate
        self.asked: list[Any] = []
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Request(BaseHTTPRequestHandler):
    server: Server
    asked: Any = None

    def do_GET(self) -> None:
        self.server.answer(self)

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(self.asked)
        with suppress(ConnectionError):
            self.server.answer(self)

    def reply(self, body: bytes, status: int = 200, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called
        """Keep quiet."""


def translate(request: Request) -> None:
    if request.path == "/languages":
        languages = [
            {"code": "en", "name": "English", "targets": ["en", "fr", "zh-Hans"]},
            {"code": "fr", "name": "French", "targets": ["en", "fr"]},
        ]
        request.reply(json.dumps(languages).encode())
        return
    found = [text.replace("hello", "BONJOUR") for text in request.asked["q"]]
    request.reply(json.dumps({"translatedText": found}).encode())


def drip(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not request.server.ended.wait(0.05):
        request.wfile.write(b" ")
        request.wfile.flush()


def drip_headers(request: Request) -> None:
    while not request.server.ended.wait(0.05):
        request.wfile.write(b"H")
        request.wfile.flush()


def hang(request: Request) -> None:
    request.server.ended.wait()


@contextmanager
def running_server() -> Iterator[Server]:
    """Serve on a free port, until the end."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()
