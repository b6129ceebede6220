"""Asks a server over HTTP, as a companion; so light that the server is what is measured.

Raw sockets that stay open, requests put together before the clock starts, and replies read no
further than needed.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from threading import Thread
from time import perf_counter, process_time

from benchmarks.companion import Job, work

_END_OF_HEAD = b"\r\n\r\n"


class Connection:
    """A connection to a server on this machine that is kept open.

    Args:
        port: Where it listens.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, request: bytes) -> bytes:
        """Send a request and read the whole reply.

        Raises:
            ConnectionError: The server closed the connection.
        """
        self._socket.sendall(request)
        reply = b""
        while (end := reply.find(_END_OF_HEAD)) < 0:
            reply += self._receive()
        head = reply[:end].lower()
        start = head.index(b"content-length:") + len(b"content-length:")
        stop = head.find(b"\r\n", start)
        length = int(head[start : stop if stop >= 0 else None])
        missing = end + len(_END_OF_HEAD) + length - len(reply)
        while missing > 0:
            part = self._receive()
            reply += part
            missing -= len(part)
        return reply

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def _receive(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed the connection")
        return part


def request_to_ask(question: str) -> bytes:
    """Put a request together: `POST /v1/ask`."""
    body = json.dumps({"question": question}, ensure_ascii=False).encode()
    head = (
        "POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def outcome_of(reply: bytes) -> str:
    """Read the outcome in a reply; the status where it is none that was asked for."""
    status = reply[:15].decode("latin-1").partition(" ")[2][:3]
    if status != "200":
        return status
    document = json.loads(reply[reply.index(_END_OF_HEAD) :])
    return str(document["outcome"])


def main() -> None:
    """Take jobs `{"port", "texts", "threads"}`."""
    work(_ask)


def _ask(job: Job) -> Mapping[str, object]:
    requests = [request_to_ask(text) for text in job["texts"]]
    connections = [Connection(job["port"]) for _ in range(job["threads"])]
    times, replies = [0.0] * len(requests), [b""] * len(requests)
    ahead: Iterator[int] = iter(range(len(requests)))

    def take(connection: Connection) -> None:
        for number in ahead:
            started = perf_counter()
            replies[number] = connection.exchange(requests[number])
            times[number] = perf_counter() - started

    threads = [Thread(target=take, args=(connection,)) for connection in connections]
    spent, started = process_time(), perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - started
    spent = process_time() - spent
    for connection in connections:
        connection.close()
    return {
        "times": times,
        "seconds": seconds,
        "client_seconds": spent,
        "outcomes": [outcome_of(reply) for reply in replies],
    }


if __name__ == "__main__":
    main()
