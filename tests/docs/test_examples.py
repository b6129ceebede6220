"""What the pages show as sent, received, typed or run is what the program takes and gives."""

from __future__ import annotations

import re
import shlex
import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from app.api.answer_responses import AnswerOut, DeltaOut, MetaOut, SearchOut
from app.api.chat_requests import ChatIn
from app.api.chat_responses import ChatChunkOut, ChatErrorOut, ChatOut
from app.api.requests import AskIn, FeedbackIn, HandoffIn, SearchIn
from app.api.responses import ProblemOut
from app.api.ticket_responses import HandoffOpenedOut, TicketPageOut, TicketStatusOut
from app.cli.generations import generations
from app.cli.program import SUBCOMMANDS
from app.settings import Settings
from app.store import prepare
from knowledge_base.files import read_content
from knowledge_base.golden import read_golden
from tests.docs.pages import PAGES, fences, text_of

REQUESTS: dict[str, type[BaseModel]] = {
    "POST /v1/ask": AskIn,
    "POST /v1/search": SearchIn,
    "POST /v1/answers/{answer_id}/feedback": FeedbackIn,
    "POST /v1/handoffs": HandoffIn,
    "POST /v1/chat/completions": ChatIn,
}
RESPONSES: dict[str, type[BaseModel]] = {
    "200 POST /v1/ask": AnswerOut,
    "422 POST /v1/ask": ProblemOut,
    "200 POST /v1/search": SearchOut,
    "201 POST /v1/handoffs": HandoffOpenedOut,
    "200 GET /v1/handoffs": TicketPageOut,
    "200 GET /v1/handoffs/{ticket_id}": TicketStatusOut,
    "200 POST /v1/chat/completions": ChatOut,
    "400 POST /v1/chat/completions": ChatErrorOut,
    "chunk": ChatChunkOut,
    "event meta": MetaOut,
    "event delta": DeltaOut,
}
JSON_EXAMPLES = [
    (words.removeprefix("json "), body)
    for page in sorted(page for page in PAGES if page.parent.name == "integrators")
    for words, body in fences(page.read_text(encoding="utf-8"))
    if words.startswith("json ")
]
_INDENTED = re.compile(r"^ {4,}(?:ExecStart=)?(?:/\S*/)?polyfaq +(.+)$", re.MULTILINE)
_INLINE = re.compile(r"`polyfaq ([a-z][^`]*)`")
_FENCED = re.compile(r"^\S*/polyfaq (.+)$", re.MULTILINE)


def commands(text: str) -> list[str]:
    """The arguments of `polyfaq` wherever a page shows them, remarks behind them left out."""
    text = re.sub(r"`polyfaq(?: \w+)*\n\s*", lambda found: found.group().replace("\n", " "), text)
    lines = [*_INDENTED.findall(text), *_INLINE.findall(text), *_FENCED.findall(text)]
    return [re.split(r"  | # ", line)[0].strip() for line in lines]


CURL = re.compile(r"^ *curl (?:[^\n]*?)(/v1/\S+?)'?(?: [^\n]*?)?--json '([^']+)'$", re.MULTILINE)
CALLS = [call for page in PAGES for call in CURL.findall(page.read_text(encoding="utf-8"))]
COMMANDS = sorted(
    {
        shown
        for page in PAGES
        for shown in commands(page.read_text(encoding="utf-8"))
        if page.name != "cli.md"
    }
)


@pytest.mark.parametrize(("words", "body"), JSON_EXAMPLES)
def test_json_is_what_the_api_takes_and_gives(words: str, body: str) -> None:
    model = {**REQUESTS, **RESPONSES}[words]

    model.model_validate_json(body)


def test_every_kind_of_request_and_reply_has_an_example() -> None:
    shown = {words for words, _ in JSON_EXAMPLES}

    assert set(RESPONSES) <= shown
    assert set(REQUESTS) - {"POST /v1/search"} <= shown


@pytest.mark.parametrize(("path", "body"), CALLS)
def test_calls_send_what_the_api_takes(path: str, body: str) -> None:
    (model,) = (
        model
        for request, model in REQUESTS.items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", request), f"POST {path}")
    )

    model.model_validate_json(body)


@pytest.mark.parametrize("model", [*REQUESTS.values(), *RESPONSES.values()])
def test_every_field_is_named(model: type[BaseModel]) -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES if "integr" in str(page))

    assert [name for name in model.model_fields if not re.search(rf'[`"]{name}[`"]', pages)] == []


def test_calls_are_found() -> None:
    assert {path for path, _ in CALLS} >= {"/v1/ask", "/v1/search", "/v1/handoffs"}


@pytest.mark.parametrize("shown", COMMANDS)
def test_commands_have_these_arguments_and_options(shown: str) -> None:
    name, *arguments = shlex.split(shown)
    module, _, attribute = SUBCOMMANDS[name][0].partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    if name == "index" and arguments[:1] and arguments[0] in generations.commands:
        command = generations
    while isinstance(command, click.Group) and arguments[:1] and arguments[0] in command.commands:
        command = command.commands[arguments.pop(0)]

    command.make_context(
        name,
        [argument.strip("[]") for argument in arguments],
        resilient_parsing=not arguments,  # only named
    )


def test_commands_are_found() -> None:
    assert {"index --dry-run", "index rollback [ID]", "serve", "models install"} <= set(COMMANDS)


def test_content_and_golden_questions_can_be_read(tmp_path: Path) -> None:
    for page in ("docs/editors/content.md", "docs/editors/golden-questions.md"):
        for words, body in fences(text_of(page)):
            (tmp_path / words.split()[1]).write_text(body, encoding="utf-8")

    content = read_content([tmp_path / "faq.yaml"])
    questions, problems = read_golden(tmp_path / "golden.jsonl")

    assert [record.id for record in content.records] == ["shipping/time"]
    assert (content.problems, problems) == ((), ())
    assert {question.expect for question in questions} > {None}


def test_what_privacy_deletes_is_there_to_be_deleted(tmp_path: Path) -> None:
    file = tmp_path / "polyfaq.db"
    prepare(f"sqlite:///{file}")

    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA foreign_keys = ON")
        for words, body in fences(text_of("docs/operators/privacy.md")):
            assert words == "sql"
            store.executescript(body)


def test_the_readme_shows_what_ci_runs() -> None:
    shown = [body.strip() for words, body in fences(text_of("README.md")) if words == "sh"]

    assert {"make run", "make test"} <= set(shown)
    assert all("\n" not in command for command in shown)  # .ci/readme runs them line by line
    assert ".ci/readme" in text_of(".ci/run").splitlines()
    assert "make check test" in text_of(".ci/run").splitlines()


@pytest.mark.parametrize(
    "example",
    [
        body
        for page in PAGES
        for words, body in fences(page.read_text(encoding="utf-8"))
        if words == "toml"
    ],
)
def test_settings_files_hold_settings(tmp_path: Path, example: str) -> None:
    file = tmp_path / "polyfaq.toml"
    file.write_text(example, encoding="utf-8")

    assert Settings.load(file).model_fields_set
