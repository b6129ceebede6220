"""What a model is asked: rules, passages and a question as data, and the language to write in."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.answering.writing import Assignment
from app.generating.families import Family
from app.generating.quoting import quoted
from app.generating.reader_languages import instruction_in
from knowledge_base.entry import Record
from knowledge_base.languages import english_name, own_name
from models.generation import Author, Message

NOT_TOLD = "NOT_TOLD"
"""What a model writes where the passages do not tell."""

_TEMPLATES: Final = Path(__file__).parent / "templates"
_BOUNDARY_BYTES = 8


class PromptTooLongError(Exception):
    """Not even the best passage fits into a prompt."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that is said to a model about one text.

    Attributes:
        records: What it is to write from: those of the assignment that fit.
        boundary: Random; stands around data, and never in an answer.
        rules: What the model was told to do, as no answer may repeat it.
    """

    family: Family
    assignment: Assignment
    records: tuple[Record, ...]
    boundary: str
    rules: str

    def messages(self, reason: str | None = None, said: str = "") -> tuple[Message, ...]:
        """Ask for the text, or for another one.

        Args:
            reason: Why the last one was not accepted.
            said: How much of it was accepted.
        """
        return tuple(
            Message(author, _rendered(template, self, reason, said))
            for author, template in _templates(self.family)
        )


def prompt_for(assignment: Assignment, family: Family, most_characters: int) -> Prompt:
    """Ask for a text, with as many of its passages as there is room for, the best ones first.

    Args:
        assignment: What is wanted.
        family: Whose templates are taken.
        most_characters: Of the first request; one that is made again is a little longer.

    Raises:
        PromptTooLongError: There is not even room for the best passage.
    """
    boundary = f"DATA-{secrets.token_hex(_BOUNDARY_BYTES)}"
    whole = Prompt(family, assignment, assignment.records, boundary, "")
    whole = replace(whole, rules=_rendered("rules.jinja", whole, None, ""))
    for count in range(len(assignment.records), 0, -1):
        prompt = replace(whole, records=assignment.records[:count])
        if sum(len(message.text) for message in prompt.messages()) <= most_characters:
            return prompt
    raise PromptTooLongError(
        f"{assignment.records[0].id} makes a prompt of more than {most_characters} characters; "
        "raise POLYFAQ_GENERATION_PROMPT if the model reads more"
    )


def _templates(family: Family) -> Sequence[tuple[Author, str]]:
    """List the messages of a family: models that know no system's are told all by the user's."""
    names = [(author, f"{family}.{author}.jinja") for author in (Author.SYSTEM, Author.USER)]
    return [(author, name) for author, name in names if (_TEMPLATES / name).is_file()]


def _rendered(template: str, prompt: Prompt, reason: str | None, said: str) -> str:
    asked = prompt.assignment
    text = (
        _environment()
        .get_template(template)
        .render(
            boundary=prompt.boundary,
            passages=[_inert(record, prompt.boundary) for record in prompt.records],
            question=quoted(asked.question, prompt.boundary),
            english_name=english_name(asked.reader),
            own_name=own_name(asked.reader),
            instruction=instruction_in(asked.reader),
            not_told=NOT_TOLD,
            reason=None if reason is None else " ".join(quoted(reason, prompt.boundary).split()),
            said=quoted(said, prompt.boundary),
        )
    )
    return text.strip()


def _inert(record: Record, boundary: str) -> Record:
    return replace(
        record,
        question=quoted(record.question, boundary),
        answer=quoted(record.answer, boundary),
        url=None if record.url is None else quoted(record.url, boundary),
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
