"""Every setting, endpoint, command, metric and kind of error has its place in the documentation."""

from __future__ import annotations

import re

import pytest

from app.answering.answer import AnswerKind
from app.answering.question import Mode
from app.api.answer_events import EventName
from app.api.chat_requests import MODELS
from app.metrics import Metrics
from app.settings import PREFIX, Settings
from benchmarks.__main__ import PARTS
from indexer.decision import Outcome, Reason
from models.language_priors import LanguageSource
from tests.docs.pages import PAGES, ROOT, text_of

EVERYTHING = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
API = text_of("docs/integrators/api.md")
ROUTE = re.compile(r"@\w+\.(get|post|put|patch|delete)\(\"([^\"]+)\"")
CODE = re.compile(r"ProblemError\(\s*\d{3}, \"(\w+)\"")


def endpoints() -> list[str]:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "app/api").glob("*.py")]
    found = {
        f"{method.upper()} {rule.replace('<', '{').replace('>', '}')}"
        for source in sources
        for method, rule in ROUTE.findall(source)
    }
    return sorted(name for name in found if "/v1/" in name or name.endswith(("z", "metrics")))


@pytest.mark.parametrize("endpoint", endpoints())
def test_every_endpoint_is_in_the_list(endpoint: str) -> None:
    assert f"| `{endpoint}` |" in API


def test_no_endpoint_is_listed_that_does_not_exist() -> None:
    listed = re.findall(r"^\| `((?:GET|POST) [^`]+)` \|", API, re.MULTILINE)

    assert sorted(listed) == endpoints()


@pytest.mark.parametrize("name", [*Outcome, *Reason, *AnswerKind, *Mode, *EventName])
def test_every_word_of_a_reply_is_explained(name: str) -> None:
    assert f"`{name}`" in API


@pytest.mark.parametrize("name", MODELS)
def test_every_model_of_chat_front_ends_is_explained(name: str) -> None:
    assert f"| `{name}` |" in text_of("docs/integrators/chat.md")


@pytest.mark.parametrize("source", [*LanguageSource])
def test_every_source_of_a_language_is_explained(source: str) -> None:
    assert f"`{source}`" in text_of("docs/integrators/website.md")


def test_every_code_of_an_error_is_explained() -> None:
    errors = text_of("docs/integrators/errors.md")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "app/api").glob("*.py")]
    codes = {code for source in sources for code in CODE.findall(source)}

    assert {"not_ready", "key_reused", "malformed_json"} <= codes
    assert [code for code in sorted(codes) if f"`{code}`" not in errors] == []


def test_every_metric_is_explained() -> None:
    page = text_of("docs/operators/monitoring.md")
    shown = Metrics().render().decode()
    names = re.findall(r"^# TYPE (\S+) ", shown, re.MULTILINE)

    assert "polyfaq_answers_total" in names
    assert [name for name in names if f"`{name}`" not in page and "_created" not in name] == []
    assert set(re.findall(r"^\| `(polyfaq_\w+)`", page, re.MULTILINE)) <= set(names)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_benchmarks_is_explained(part: str) -> None:
    assert f"`{part}`" in text_of("docs/benchmarks.md")


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", EVERYTHING))
    real = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}

    assert named - real == set()


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/adr"])
def test_modules_that_pages_name_exist(page: str) -> None:
    place = ROOT / page
    texts = [place] if place.is_file() else sorted(place.glob("*.md"))
    rooms = [*ROOT.glob("app/**/"), ROOT / "indexer", ROOT / "models", ROOT / "knowledge_base"]
    for text in texts:
        for name in re.findall(r"`([\w/]+\.py)`", text.read_text(encoding="utf-8")):
            there = (
                (ROOT / name).is_file()
                if "/" in name
                else any((room / name).is_file() for room in rooms)
            )
            assert there or (ROOT / "tests" / name).is_file(), f"{text.name} names {name}"
