"""A server in processes of its own: started, asked, and stopped by a signal."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60


class Server:
    """A server, from its start until the end of the test.

    Args:
        folder: Holds its home, `var`, and the pipe that the server around parts in memory waits
            for.
        command: Starts it; the server around parts in memory when None.
        settings: Of the service, by name.
    """

    def __init__(
        self, folder: Path, command: Sequence[str | Path] | None = None, **settings: object
    ) -> None:
        self.folder = folder
        self.port = _free_port()
        os.mkfifo(folder / "pipe")
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "tests.memory_server", str(folder)],
            cwd=ROOT,
            env=environment({"home": folder / "var", "port": self.port, "workers": 1, **settings}),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._heard = threading.Condition()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def wait_for(self, words: str, times: int = 1) -> None:
        with self._heard:
            heard = self._heard.wait_for(
                lambda: (
                    sum(words in line for line in self.lines) >= times
                    or self.process.poll() is not None
                ),
                PATIENCE_SECONDS,
            )
        if not heard or sum(words in line for line in self.lines) < times:
            pytest.fail(f"never said {words!r}: {''.join(self.lines)}")

    def wait_until_it_serves(self, workers: int = 1) -> None:
        self.wait_for("generation", workers)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)

    def ask(self, question: str) -> dict[str, object]:
        with closing(self.connect()) as connection:
            connection.request(
                "POST",
                "/v1/ask",
                json.dumps({"question": question}),
                {"Content-Type": "application/json"},
            )
            return answer_of(connection.getresponse())

    def stream(
        self, connection: http.client.HTTPConnection, question: str
    ) -> http.client.HTTPResponse:
        """Ask for a streamed answer, whose lines are read from what this gives."""
        connection.request(
            "POST",
            "/v1/ask",
            json.dumps({"question": question, "stream": True}),
            {"Content-Type": "application/json"},
        )
        response = connection.getresponse()
        assert response.status == 200
        return response

    def get(self, path: str) -> tuple[int, str]:
        with closing(self.connect()) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def terminate(self) -> None:
        """Ask it to stop, as a shell, a container or an init system does."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        if self.process.poll() is None:
            self.terminate()
        code = self.process.wait(PATIENCE_SECONDS)
        self._listening.join(PATIENCE_SECONDS)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return code

    @property
    def is_gone(self) -> bool:
        """Whether none of its processes is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def kill(self) -> None:
        """End all of its processes, whatever they are at."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.stop()

    def _listen(self) -> None:
        for line in self.process.stderr or ():
            with self._heard:
                self.lines.append(line)
                self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()


def environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Set these settings, by name, and none of those of the machine that runs the tests."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("POLYFAQ_")}
    ours = {f"POLYFAQ_{name.upper()}": str(value) for name, value in settings.items()}
    return {**others, **ours}


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Give a server that serves, and end it whatever happens."""
    try:
        server.wait_until_it_serves()
        yield server
    finally:
        server.kill()


def answer_of(response: http.client.HTTPResponse) -> dict[str, object]:
    """Read what was answered to a question."""
    assert response.status == 200
    told = json.loads(response.read())
    assert isinstance(told, dict)
    return told


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
