"""Golden questions: what visitors ask, and the entry that must answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge_base import texts
from knowledge_base.entry import Location, Record
from knowledge_base.fields import scalar_text
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, MissingPathError, Problem, Severity
from knowledge_base.reading import Reading, ReadingStoppedError

_KNOWN = frozenset({"question", "lang", "expect", "note"})
_DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question with the outcome that people decided on.

    Attributes:
        question: As a visitor would type it.
        lang: The language it is asked in, a canonical tag.
        expect: The entry that answers it; None if it must not be answered.
        note: What the question is meant to try.
        location: Where it was read; no part of its value.
    """

    question: str
    lang: str
    expect: str | None
    note: str | None = None
    location: Location | None = field(default=None, compare=False)


def read_golden(
    path: Path, limits: Limits = _DEFAULT_LIMITS
) -> tuple[tuple[GoldenQuestion, ...], tuple[Problem, ...]]:
    """Read golden questions, one JSON mapping a line.

    Returns:
        The questions without fault, and every fault with its line.

    Raises:
        MissingPathError: The file does not exist.
    """
    if not path.is_file():
        raise MissingPathError(path, "a file of golden questions")
    reading = Reading(str(path), limits)
    questions: list[GoldenQuestion] = []
    try:
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
        if len(data) > limits.file_bytes:
            raise reading.stop(
                Code.TOO_LARGE, f"the file is larger than {limits.file_bytes} bytes; split it"
            )
        for number, line in enumerate(reading.decode(data).split("\n"), 1):
            if line and not line.isspace():
                question = _question(line, number, reading)
                if question is not None:
                    questions.append(question)
    except ReadingStoppedError:
        pass
    return tuple(questions), tuple(reading.problems)


def check_golden(
    questions: Iterable[GoldenQuestion], records: Iterable[Record]
) -> tuple[Problem, ...]:
    """Find golden questions that expect an entry which does not exist."""
    known = {record.id for record in records}
    return tuple(
        Problem(
            Severity.ERROR,
            Code.UNKNOWN_EXPECTATION,
            f"the expected entry {question.expect!r} does not exist; correct the id, or write null "
            "if the question must not be answered",
            question.location,
            lang=question.lang,
            field="expect",
        )
        for question in questions
        if question.expect is not None and question.expect not in known
    )


def _question(line: str, number: int, reading: Reading) -> GoldenQuestion | None:
    location = Location(reading.file, number)
    values = _mapping(line, number, reading)
    if values is None:
        return None
    for name in values:
        if name not in _KNOWN:
            reading.report(
                Problem(
                    Severity.WARNING,
                    Code.UNKNOWN_FIELD,
                    f"{name[:80]!r} is not used here; known are {', '.join(sorted(_KNOWN))}",
                    location,
                    field=texts.shown(name),
                )
            )
    before = len(reading.problems)
    asked = _text(values, "question", number, reading)
    tag = _text(values, "lang", number, reading)
    expect = _text(values, "expect", number, reading) if values.get("expect") is not None else None
    note = _text(values, "note", number, reading) if values.get("note") else None
    if "expect" not in values:
        _fault(
            Code.MISSING_FIELD,
            "expect is missing; write an entry id, or null if it must not be answered",
            "expect",
            number,
            reading,
        )
    try:
        lang = canonical_tag(tag) if tag else ""
    except LanguageTagError as error:
        _fault(Code.INVALID_FIELD, str(error), "lang", number, reading)
    if len(reading.problems) > before:
        return None
    return GoldenQuestion(asked, lang, expect, note, location)


def _mapping(line: str, number: int, reading: Reading) -> Mapping[str, object] | None:
    if len(line) > reading.limits.record_characters:
        reading.error(Code.TOO_LONG, "the line is too long for a question; shorten it", number)
        return None
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        reading.error(Code.SYNTAX, f"this is not JSON: {error}; write one mapping a line", number)
        return None
    if isinstance(values, dict):
        return values
    reading.error(Code.SYNTAX, 'a golden question is written {"question": ..., ...}', number)
    return None


def _text(values: Mapping[str, object], name: str, number: int, reading: Reading) -> str:
    text = scalar_text(values.get(name)) or ""
    limit = reading.limits.question_characters
    folded = texts.one_line(text)
    if not folded:
        message = f"{name} is missing or no text; write it in quotes"
        _fault(Code.MISSING_FIELD, message, name, number, reading)
    elif len(folded) > limit:
        message = f"{name} has {len(folded)} characters, more than {limit}; shorten it"
        _fault(Code.TOO_LONG, message, name, number, reading)
    elif texts.forbidden_character(text):
        message = f"{name} holds the control character {texts.forbidden_character(text)}; delete it"
        _fault(Code.CONTROL_CHARACTER, message, name, number, reading)
    return folded


def _fault(code: Code, message: str, name: str, number: int, reading: Reading) -> None:
    reading.report(
        Problem(Severity.ERROR, code, message, Location(reading.file, number), field=name)
    )
