"""Chat models for real: llama.cpp's server on loopback, with a small base model."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from knowledge_base.entry import Origin, Status
from knowledge_base.files import read_content
from models.circuit_breaker import CircuitBreaker
from models.generation import (
    Author,
    GenerationLimits,
    GenerationTimedOutError,
    Message,
    RequestRejectedError,
    TooLongError,
)
from models.openai_generator import OpenAIGenerator
from models.turns import Turns
from tests.unit.cli_run import Home

pytestmark = [
    pytest.mark.generation,
    pytest.mark.skipif(
        importlib.util.find_spec("xllamacpp") is None,
        reason="needs `make test-generation`, which installs a llama.cpp server with weights",
    ),
]

ROOT = Path(__file__).parents[2]
LIMITS = GenerationLimits(tokens=100, seconds=120)
CONTENT = """\
- id: delivery
  lang: en
  question: How long does delivery take?
  alternates: [When does my parcel arrive?]
  answer: Delivery takes **2 to 4** days.
- id: address
  lang: en
  question: Can I change the address of my order?
  answer: Yes, in [your account](https://shop.example/account), until we send it.
- id: refund
  lang: en
  question: How do I get my money back?
  answer: Send the parcel back to us within 30 days.
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("weights")
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.llama_server", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
        ) as server,
    ):
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address, (folder / "log").read_text()
            yield f"{address}/v1"
        finally:
            server.kill()


@pytest.fixture
def generator(url: str) -> OpenAIGenerator:
    return OpenAIGenerator(url, "gemma", turns=Turns(1, 60), breaker=CircuitBreaker())


def asking(text: str) -> list[Message]:
    return [Message(Author.USER, f"<text>{text}</text>")]


def test_a_text_comes_in_pieces(generator: OpenAIGenerator) -> None:
    pieces = list(generator.generate(asking("How long does delivery take?"), LIMITS))

    assert len(pieces) > 3
    assert "entrega" in "".join(pieces)


def test_a_text_that_is_too_long_is_cut_and_told(generator: OpenAIGenerator) -> None:
    with pytest.raises(TooLongError):
        list(generator.generate(asking("How long does delivery take?"), GenerationLimits(3, 120)))


def test_messages_that_are_too_long_are_rejected(generator: OpenAIGenerator) -> None:
    with pytest.raises(RequestRejectedError, match="exceeds the available context size"):
        list(generator.generate(asking("word " * 9000), LIMITS))


def test_time_is_up_whatever_the_server_does(generator: OpenAIGenerator) -> None:
    with pytest.raises(GenerationTimedOutError):
        list(generator.generate(asking("word " * 1000), GenerationLimits(100, 0.05)))


def test_a_text_that_nobody_takes_any_more_leaves_the_server_free(
    generator: OpenAIGenerator,
) -> None:
    pieces = generator.generate(asking("Can I change the address of my order?"), LIMITS)
    assert list(islice(pieces, 1))
    pieces.close()  # type: ignore[attr-defined]

    assert "".join(generator.generate(asking("Send it back to us."), LIMITS)).strip()


def test_drafts_are_written_and_what_is_wrong_with_others_is_told(home: Home, url: str) -> None:
    file = home.write("en.yaml", CONTENT)
    settings = {
        "POLYFAQ_TRANSLATOR": "generator",
        "POLYFAQ_GENERATOR": "openai",
        "POLYFAQ_GENERATOR_MODEL": "gemma",
        "POLYFAQ_GENERATOR_URL": url,
    }

    ran = home.run("translate", "--to", "es", "--json", **settings)

    assert ran.code == 0, ran.err
    assert file.read_text(encoding="utf-8") == CONTENT
    drafts = [record for record in read_content([home.content]).records if record.lang == "es"]
    assert {(draft.origin, draft.status) for draft in drafts} == {(Origin.MACHINE, Status.DRAFT)}
    refused = {each["entry_id"] for each in ran.json["refused"] if each["field"] != "alternates"}
    assert {draft.id for draft in drafts} | refused == {"delivery", "address", "refund"}
    for draft in drafts:
        for kept in {
            "delivery": ["2", "4"],
            "address": ["](https://shop.example/account)"],
            "refund": ["30"],
        }[draft.id]:
            assert kept in draft.answer
    assert home.run("translate", "--to", "es", "--json", **settings).json["translated"] == 0
