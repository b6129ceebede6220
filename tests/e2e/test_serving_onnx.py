"""The server as users start it, with the real runtime of its model, whose threads must end too."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.server_process import PATIENCE_SECONDS, Server, answer_of, environment, running
from tests.tiny_model import install_tiny_model

POLYFAQ = Path(sys.executable).with_name("polyfaq")
CONTENT = """\
id,lang,question,answer
shipping,en,How long does shipping take?,Two days.
shipping,de,Wo ist mein Paket?,Unterwegs.
payment,en,How do I pay?,By card.
returns,en,How do I send it back?,In its box.
"""
QUESTION = json.dumps({"question": "How do I pay?"}).encode()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of the real kind."""
    return install_tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def settings(model: Path, tmp_path: Path) -> dict[str, object]:
    return {
        "home": tmp_path / "home",
        "models": model.parent,
        "embedding_model": model.name,
        "workers": 2,
        # Whoever waits for a process that hangs is seen to wait.
        "graceful_timeout": PATIENCE_SECONDS * 2,
    }


@pytest.fixture
def server(tmp_path: Path, settings: Mapping[str, object]) -> Iterator[Server]:
    publish(tmp_path, settings)
    with running(Server(tmp_path, [POLYFAQ, "serve"], **settings)) as started:
        started.wait_until_it_serves(workers=2)
        yield started


def test_it_ends_with_0_and_leaves_no_process(server: Server) -> None:
    for _ in range(4):
        assert server.ask("How do I pay?")["outcome"]

    assert server.stop() == 0
    assert_it_ended_in_peace(server)


def test_a_question_that_is_under_way_is_answered_before_it_ends(server: Server) -> None:
    with closing(server.connect()) as connection:
        connection.putrequest("POST", "/v1/ask")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(QUESTION)))
        connection.putheader("Expect", "100-continue")
        connection.endheaders()
        # The thread that will answer asks for the question.
        assert connection.sock.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        server.terminate()
        # The process that has nothing to do is the first to go.
        server.wait_for("Worker exiting")
        connection.send(QUESTION)
        assert answer_of(connection.getresponse())["outcome"]

    assert server.stop() == 0
    assert_it_ended_in_peace(server)


def test_without_an_index_it_says_so_and_takes_up_the_first_one(
    tmp_path: Path, settings: Mapping[str, object]
) -> None:
    server = Server(tmp_path, [POLYFAQ, "serve"], **settings)
    try:
        server.wait_for("has nothing to answer from")
        server.wait_for("Run `polyfaq index FOLDER`")
        assert server.get("/readyz")[0] == 503
        publish(tmp_path, settings)
        server.wait_until_it_serves(workers=2)
        assert server.ask("How do I pay?")["outcome"]
        assert "polyfaq answers" not in "".join(server.lines)
    finally:
        server.kill()


def publish(folder: Path, settings: Mapping[str, object]) -> None:
    """Make an index of the content for servers with these settings."""
    content = folder / "content" / "faq.csv"
    content.parent.mkdir()
    content.write_text(CONTENT)
    subprocess.run(
        [POLYFAQ, "index", content], env=environment(settings), check=True, capture_output=True
    )


def assert_it_ended_in_peace(server: Server) -> None:
    text = "".join(server.lines)
    assert text.count("Worker exiting") == 2
    assert "SIGKILL" not in text
    assert "Traceback" not in text
    assert server.is_gone
