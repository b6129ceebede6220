"""`polyfaq ask`: one question, answered in this process as the API would."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import ValidationError
from rich.markdown import Markdown
from rich.padding import Padding

from app.answering.answer import Answer
from app.answering.explanation import Explanation
from app.answering.question import Mode, Question
from app.api.documents import answer_document
from app.api.requests import PATTERN_MESSAGES, AskIn
from app.cli.failures import InputFailure, SystemFailure
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, results, say, say_json, table, visible
from app.composition import build_services
from app.settings import Settings
from app.store import StoreError, StoreSettingError, prepare
from indexer.decision import Outcome, Reason

_USERS_OF_STORE = ("app.answering.handing_over", "app.recorder")
_STYLES = {
    Outcome.ANSWERED: "green",
    Outcome.SMALL_TALK: "green",
    Outcome.CLARIFY: "yellow",
    Outcome.HANDOFF: "yellow",
}


@click.command()
@click.argument("words", metavar="QUESTION", nargs=-1, required=True)
@click.option("--language", metavar="TAG", help="Language of the question; told from it without.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.AUTO.value,
    show_default=True,
    help="`retrieve` decides the same but opens no ticket; `curated` never delivers text that a "
    "machine wrote.",
)
@click.option("--explain", is_flag=True, help="Show what was found, and what decided.")
@json_option
@pass_invocation
def ask(
    invocation: Invocation,
    words: tuple[str, ...],
    *,
    language: str | None,
    mode: str,
    explain: bool,
    as_json: bool,
) -> None:
    """Answer one question in this process.

    What cannot be answered is handed over and leaves a ticket, as it would over HTTP. Several words
    need no quotation marks. Where the ticket cannot be kept, it ends with 3.
    """
    asked = _question(" ".join(words), language, Mode(mode), explain=explain)
    settings = invocation.settings()
    fault = _fault_of_store(settings)
    with _told_once(fault), build_services(settings) as services:
        answer = services.answering.ask(asked)
        if as_json:
            say_json(answer_document(answer))
        else:
            _show(answer)
    wants_ticket = answer.outcome is Outcome.HANDOFF and asked.mode is not Mode.RETRIEVE
    if wants_ticket and answer.handoff is None:
        why = "" if fault is None else f": {fault}"
        raise SystemFailure(f"the question could not be handed over{why}")
    if fault is not None:
        note(f"the answer was not stored: {fault}", "yellow")


def _question(text: str, language: str | None, mode: Mode, *, explain: bool) -> Question:
    try:
        return AskIn(question=text, language=language, mode=mode, explain=explain).to_question(
            (), None
        )
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        pattern = str(fault.get("ctx", {}).get("pattern"))
        message = PATTERN_MESSAGES.get(pattern, fault["msg"])
        if fault["type"] == "string_too_long":
            most = fault["ctx"]["max_length"]
            message = f"{len(fault['input']):,} characters, and {most:,} at most; use fewer words"
        raise InputFailure(f"{place}: {message}") from None


def _fault_of_store(settings: Settings) -> str | None:
    try:
        prepare(settings.database)
    except StoreSettingError:
        raise
    except StoreError as error:
        return str(error)
    return None


@contextmanager
def _told_once(fault: str | None) -> Iterator[None]:
    """Keep what uses the store from telling of a fault that the command itself tells of."""

    def is_news(line: logging.LogRecord) -> bool:
        return fault is None or fault not in line.getMessage()

    loggers = [logging.getLogger(name) for name in _USERS_OF_STORE]
    for logger in loggers:
        logger.addFilter(is_news)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(is_news)


def _show(answer: Answer) -> None:
    text = answer.text
    if text.remark is not None:
        say(text.remark.text, "italic")
    if results().is_terminal:
        say(Padding(Markdown(visible(text.text)), (0, 0, 1, 2)))
    else:
        say(f"{text.text}\n")
    reason = f" ({answer.reason.replace('_', ' ')})" if answer.reason else ""
    say(f"{answer.outcome.replace('_', ' ')}{reason}", _STYLES[answer.outcome])
    say(f"{_sureness(answer)}{_language(answer)}")
    for citation in answer.citations:
        url = f"  {citation.url}" if citation.url else ""
        say(f"from [{citation.entry_id} {citation.language}] {citation.question}{url}")
    for other in answer.alternatives:
        say(f"also {other.score:.2f} [{other.entry_id} {other.language}] {other.question}", "dim")
    if answer.explanation is not None:
        _explain(answer.explanation)
    if answer.handoff is not None:
        say(f"ticket {answer.handoff.ticket_id}")
    timings = ", ".join(f"{name} {took:.1f}" for name, took in answer.timings_ms.items())
    say(f"ms: {timings}; generation {answer.generation}", "dim")


def _sureness(answer: Answer) -> str:
    """Say how sure the answer is; nothing where that decided nothing."""
    if answer.outcome is Outcome.SMALL_TALK or answer.reason is Reason.REQUESTED:
        return ""
    confidence = answer.confidence
    return f"confidence {confidence.value:.2f}, threshold {confidence.threshold:.2f}; "


def _language(answer: Answer) -> str:
    language = answer.query_language
    source = language.source.replace("_", " ")
    return f"language {language.tag} ({source}, {language.confidence:.2f})"


def _explain(explanation: Explanation) -> None:
    confidence = explanation.confidence
    say(f"act: {(explanation.act or 'question').replace('_', ' ')}")
    found = table(
        "entry", "language", "score", "dense", "lexical", right=("score", "dense", "lexical")
    )
    for entry in explanation.candidates:
        numbers = (f"{number:.3f}" for number in (entry.score, entry.dense, entry.lexical))
        found.add_row(entry.entry_id, entry.language, *numbers)
    say(found)
    shares = table("feature", "value", "logits", right=("value", "logits"))
    for feature in sorted(confidence.features, key=lambda feature: -abs(feature.contribution)):
        shares.add_row(feature.name, f"{feature.value:.3f}", f"{feature.contribution:+.2f}")
    shares.add_row("intercept", "", f"{confidence.intercept:+.2f}")
    shares.add_row("questions in this language", "", f"{confidence.language_offset:+.2f}")
    say(shares)
    raised = "; raised, since it is a phrasing of the entry word for word" * confidence.verbatim
    say(f"probability {confidence.probability:.3f}, threshold {confidence.threshold:.3f}{raised}")
