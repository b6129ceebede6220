"""`polyfaq ask`, around an index in memory."""

import pytest

from app.assembly import assemble
from app.cli import ask
from app.live import LiveGeneration
from app.metrics import Metrics
from app.services import Services
from app.settings import Settings
from knowledge_base.entry import Record
from models.language_id import LanguageIdentifier
from tests.fake_store import MemoryStore
from tests.fakes import FakeEmbedder, FakeIndex, WordDetector
from tests.unit.cli_run import Home

RECORDS = (
    Record("orders/track", "en", "Where is my order?", "See **My orders**."),
    Record("shipping/cost", "en", "What does shipping cost?", "4.90 euro."),
)


@pytest.fixture(autouse=True)
def _services_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(settings: Settings) -> Services:
        index = FakeIndex(RECORDS)
        live = LiveGeneration(
            current_id=lambda: index.id,
            open_index=lambda _: index,
            identifier=lambda languages: LanguageIdentifier(languages, WordDetector({})),
            failures=(),
        )
        live.refresh()
        return assemble(settings, FakeEmbedder(), live, Metrics(), MemoryStore())

    monkeypatch.setattr(ask, "build_services", build)


def test_an_answer_is_not_explained_unasked(home: Home) -> None:
    ran = home.run("ask", "Where is my order?", "--language", "en")
    assert ran.code == 0
    assert "See **My orders**." in ran.out
    assert "intercept" not in ran.out


def test_an_explanation_shows_what_was_found_and_what_decided(home: Home) -> None:
    ran = home.run("ask", "Where is my order?", "--language", "en", "--explain")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "act: question" in lines
    assert "orders/track en 1.000 1.000 1.000" in lines
    assert "words shared 1.000 +2.00" in lines
    assert "intercept -1.00" in lines
    assert "questions in this language +0.00" in lines
    assert "probability 1.000, threshold 0.500" in lines


def test_small_talk_is_named(home: Home) -> None:
    ran = home.run("ask", "Thank you!", "--explain")
    assert "act: thanks" in ran.out
    assert "small talk" in ran.out
    assert "confidence" not in ran.out


def test_programs_get_the_explanation_too(home: Home) -> None:
    ran = home.run("ask", "I want to talk to a person", "--explain", "--json")
    assert ran.json["reason"] == "requested"
    assert ran.json["explanation"]["act"] == "wish_for_person"


def test_a_damaged_index_is_told_once(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def damaged(_: str) -> FakeIndex:
        raise OSError("flat.faiss does not have its checksum; run `polyfaq index --full`")

    def build(settings: Settings) -> Services:
        live = LiveGeneration(
            current_id=lambda: "one",
            open_index=damaged,
            identifier=lambda languages: LanguageIdentifier(languages, WordDetector({})),
            failures=(),
        )
        live.refresh()
        return assemble(settings, FakeEmbedder(), live, Metrics(), MemoryStore())

    monkeypatch.setattr(ask, "build_services", build)
    ran = home.run("ask", "Where is my order?")
    assert ran.code == 3
    assert ran.err.count("flat.faiss") == 1
    assert "flat.faiss" not in caplog.text


def test_a_question_that_is_too_long_is_told_with_the_way_out(home: Home) -> None:
    ran = home.run("ask", "a" * 1100)

    assert ran.code == 1
    assert "question: 1,100 characters, and 1,000 at most; use fewer words" in ran.err


def test_a_question_that_nobody_can_see_is_none(home: Home) -> None:
    ran = home.run("ask", "\u200b\u200f")

    assert ran.code == 1
    assert "question: must hold text" in ran.err


def test_a_store_that_is_none_is_a_wrong_setting(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POLYFAQ_DATABASE_URL", "foo")

    ran = home.run("ask", "Where is my order?")

    assert ran.code == 2
    assert "POLYFAQ_DATABASE_URL is not a database URL; write it like" in ran.err
