"""Questions over HTTP whose answers are translated on the way."""

from pathlib import Path

import pytest

from app.translating.answers import Means
from app.translating.best_effort_memory import BestEffortMemory
from app.translating.live import LiveTranslation
from app.translating.routes import Routes
from knowledge_base.glossary import Glossary
from tests.api.conftest import MakeSite, Site
from tests.fake_translating import FakeTranslator

CANCEL = {"question": "Can I cancel it?", "language": "fr"}
FRENCH = "Oui, jusqu'à l'emballage."


@pytest.fixture
def translator() -> FakeTranslator:
    return FakeTranslator({"Yes, until it is packed.": FRENCH})


@pytest.fixture
def site(make_site: MakeSite, tmp_path: Path, translator: FakeTranslator) -> Site:
    means = Means(translator, Routes(translator.pairs()), Glossary("en"), lambda _: lambda _: "und")
    live = LiveTranslation(lambda _: means, BestEffortMemory(tmp_path / "t.db"), seconds=60)
    return make_site(writers=[live])


def test_visitors_get_the_answer_in_their_language_and_are_told_by_whom(site: Site) -> None:
    told = site.client.post("/v1/ask", json=CANCEL).get_json()

    assert told["outcome"] == "answered"
    answer = told["answer"]
    assert (answer["text"], answer["language"], answer["kind"]) == (FRENCH, "fr", "translated")
    assert answer["ai_generated"] is True
    assert "anglais" in answer["notice"]["text"]
    assert told["citations"][0]["language"] == "en"


def test_where_the_translator_fails_they_get_the_original(
    site: Site, translator: FakeTranslator
) -> None:
    translator.is_down = True

    answer = site.client.post("/v1/ask", json=CANCEL).get_json()["answer"]

    assert (answer["kind"], answer["text"]) == ("original", "Yes, until it is packed.")
    assert "anglais" in answer["notice"]["text"]


def test_who_asks_for_curated_text_gets_no_machine(site: Site, translator: FakeTranslator) -> None:
    told = site.client.post("/v1/ask", json={**CANCEL, "mode": "curated"}).get_json()

    assert told["answer"]["kind"] == "original"
    assert translator.calls == []
