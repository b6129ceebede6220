"""The product with a generator: served over HTTP, and asked in a visitor's language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from typing import Any

from benchmarks.polyfaq_process import Server, new_home, serving
from knowledge_base.entry import Record
from knowledge_base.files import write_file

_PATIENCE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Streamed:
    """A streamed answer.

    Attributes:
        first: Seconds to the first piece of text.
        last: Seconds to the last one.
        document: The whole answer.
    """

    first: float
    last: float
    document: Mapping[str, Any]


@contextmanager
def serving_with_generator(
    records: Sequence[Record],
    generator_url: str,
    probe: str,
    *,
    generator_model: str = "stand-in",
    **settings: str,
) -> Iterator[Server]:
    """Index records and serve them, with a generator that may write all it can.

    Args:
        records: The content.
        generator_url: Where the generator's API begins.
        probe: A question to find out by when answers come.
        generator_model: Its name, by which it is asked as its family is.
        settings: Other settings.
    """
    with new_home(
        generator="openai",
        generator_model=generator_model,
        generator_url=generator_url,
        generation="entries",
        generation_per_day="1000000",
        generation_per_conversation="1000000",
        **settings,
    ) as home:
        content = home.folder / "content"
        write_file(records, content / "faq.yaml")
        home.run("index", str(content))
        with serving(home, probe) as server:
            yield server


def ask(port: int, question: str, language: str) -> Mapping[str, Any]:
    """Ask as a website does, and wait for the whole answer."""
    with _asked(port, {"question": question, "language": language}) as reply:
        document: Mapping[str, Any] = json.load(reply)
        return document


def ask_streaming(port: int, question: str, language: str) -> Streamed:
    """Ask for the answer as it is written."""
    started = perf_counter()
    first = last = 0.0
    document: Mapping[str, Any] = {}
    asked = {"question": question, "language": language, "stream": True}
    with _asked(port, asked) as reply:
        event = ""
        for line in reply:
            name, _, value = line.decode().strip().partition(": ")
            if name == "event":
                event = value
            elif name == "data" and event == "delta":
                last = perf_counter() - started
                first = first or last
            elif name == "data" and event == "final":
                document = json.loads(value)
    return Streamed(first, last, document)


@contextmanager
def _asked(port: int, body: Mapping[str, object]) -> Iterator[Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/v1/ask", json.dumps(body), headers)
        with connection.getresponse() as reply:
            if reply.status != 200:
                raise RuntimeError(f"answered {reply.status}: {reply.read(500)!r}")
            yield reply
    finally:
        connection.close()
