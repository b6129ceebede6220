"""The server as it is run: a process, a socket, signals."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest

from tests.server_process import PATIENCE_SECONDS, Server, running

WORKERS = pytest.mark.parametrize("workers", [1, 2])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.kill()


def test_it_answers_and_ends_with_0_when_told_to_stop(server: Server) -> None:
    server.wait_until_it_serves()
    assert server.ask("A quick question?")["outcome"]
    assert server.get("/readyz")[0] == 200
    assert server.stop() == 0


def test_a_request_that_has_begun_is_answered_before_it_stops(server: Server) -> None:
    server.wait_until_it_serves()
    with closing(server.connect()) as kept, ThreadPoolExecutor(max_workers=1) as pool:
        assert _readiness(kept) == (200, None)
        answer = pool.submit(server.ask, "A slow question?")
        # Opening the pipe succeeds once the model reads from it: the question has been taken up.
        with (server.folder / "pipe").open("wb"):
            server.terminate()
            # The master hears the signal first and passes it on: the worker drains a moment later.
            told = _until_not_ready(kept)
        assert answer.result(PATIENCE_SECONDS)["outcome"] == "answered"
    assert told == (503, "draining")
    assert server.stop() == 0


def test_a_stream_that_has_begun_is_told_to_its_end_before_it_stops(tmp_path: Path) -> None:
    with (
        running(Server(tmp_path, ping_seconds=0.05)) as server,
        closing(server.connect()) as connection,
    ):
        told = server.stream(connection, "A slow question?")
        assert told.readline() == b"event: ping\n"
        with (tmp_path / "pipe").open("wb"):
            server.terminate()
            server.wait_for("Handling signal: term")
            assert told.readline() == b"data: {}\n"
        names = [line[7:-1] for line in told if line.startswith(b"event: ")]
        assert [name for name in names if name != b"ping"] == [
            b"meta",
            b"delta",
            b"citation",
            b"final",
        ]
        assert server.stop() == 0


def test_a_visitor_who_leaves_a_stream_gives_the_thread_back(tmp_path: Path) -> None:
    with running(Server(tmp_path, threads=1, ping_seconds=0.05)) as server:
        with closing(server.connect()) as connection:
            told = server.stream(connection, "A slow question?")
            assert told.readline() == b"event: ping\n"
            told.close()
        (tmp_path / "pipe").write_bytes(b"")
        assert server.ask("A quick question?")["outcome"]
        assert server.stop() == 0


def _readiness(connection: http.client.HTTPConnection) -> tuple[int, object]:
    connection.request("GET", "/readyz")
    response = connection.getresponse()
    return response.status, json.loads(response.read()).get("code")


def _until_not_ready(connection: http.client.HTTPConnection) -> tuple[int, object]:
    patience = monotonic() + PATIENCE_SECONDS
    while (told := _readiness(connection))[0] == 200 and monotonic() < patience:
        pass
    return told


def test_an_open_connection_that_asks_nothing_keeps_no_other_waiting(tmp_path: Path) -> None:
    server = Server(tmp_path, threads=1)
    server.wait_until_it_serves()
    with closing(server.connect()) as first, closing(server.connect()) as second:
        for _ in range(3):
            assert _readiness(first) == _readiness(second) == (200, None)
    assert server.stop() == 0


def test_requests_sent_in_one_go_are_answered_in_turn(server: Server) -> None:
    server.wait_until_it_serves()
    asked = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as connection:
        connection.sendall(asked + asked + last)
        with connection.makefile("rb") as replies:
            assert replies.read().count(b"HTTP/1.1 200 OK") == 3
    assert server.stop() == 0


def test_its_lines_are_json_and_hold_no_question(server: Server) -> None:
    server.wait_until_it_serves()
    server.ask("A most private question?")
    server.wait_for("asking.ask")
    assert server.stop() == 0
    lines = [json.loads(line) for line in server.lines]
    (told,) = [line for line in lines if line.get("endpoint") == "asking.ask"]
    assert (told["status"], told["method"]) == (200, "POST")
    assert told["request_id"]
    assert "private" not in "".join(server.lines)


@WORKERS
def test_a_model_that_cannot_be_used_stops_it_with_one_line_and_3(
    tmp_path: Path, workers: int
) -> None:
    (tmp_path / "broken").touch()
    server = Server(tmp_path, workers=workers)
    server.wait_for("the server cannot start")
    assert server.process.wait(PATIENCE_SECONDS) == 3
    server.stop()
    text = "".join(server.lines)
    assert "run `polyfaq models install`" in text
    assert "Traceback" not in text


@WORKERS
def test_settings_that_contradict_each_other_stop_it_with_one_line_and_3(
    tmp_path: Path, workers: int
) -> None:
    server = Server(tmp_path, workers=workers, live_translation="true")
    server.wait_for("the server cannot start")
    assert server.process.wait(PATIENCE_SECONDS) == 3
    server.stop()
    text = "".join(server.lines)
    assert "set POLYFAQ_TRANSLATOR" in text
    assert "Traceback" not in text


def test_it_stops_while_a_second_worker_still_starts(tmp_path: Path) -> None:
    server = Server(tmp_path, workers=2)
    server.wait_until_it_serves()
    server.ask("A quick question?")
    assert server.stop() == 0
    assert "Traceback" not in "".join(server.lines)


def test_several_workers_share_their_metrics(tmp_path: Path) -> None:
    server = Server(tmp_path, workers=2)
    try:
        server.wait_until_it_serves(workers=2)
        for _ in range(12):
            server.ask("A quick question?")
        for _ in range(4):
            text = server.get("/metrics")[1]
            counts = re.findall(r'polyfaq_requests_total\{endpoint="asking.ask".*\} (\S+)', text)
            assert [float(count) for count in counts] == [12.0]
    finally:
        assert server.stop() == 0
