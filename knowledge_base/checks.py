"""Checks over all records together: what editors should know before visitors do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.languages import base_language, closest_tag
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, Problem, Severity
from knowledge_base.texts import asking_key

Entries = Mapping[str, Mapping[str, Record]]
"""The first record of each entry and language, archived ones left out."""

_UNDETERMINED = "und"
_IDENTIFIED_CHARACTERS = 500
_DEFAULT_LIMITS = Limits()


def check_records(
    records: Sequence[Record],
    *,
    default_language: str,
    today: date,
    limits: Limits = _DEFAULT_LIMITS,
    identify: Callable[[str], str] | None = None,
) -> tuple[Problem, ...]:
    """Check records against each other, the calendar and, where it can be told, their language.

    Args:
        records: All records of the knowledge base.
        default_language: The canonical tag that every entry should exist in.
        today: The day on which periods of validity are judged.
        limits: Bounds on lengths.
        identify: Tells the language of a text as a tag, or `und` when it is not sure.

    Returns:
        Every problem found, kind by kind; only duplicates and answers over the limit are errors.
    """
    entries: dict[str, dict[str, Record]] = {}
    for record in records:
        if record.status is not Status.ARCHIVED:
            entries.setdefault(record.id, {}).setdefault(record.lang, record)
    live = [record for record in records if record.status is not Status.ARCHIVED]
    languages = tuple(dict.fromkeys(record.lang for record in live))
    return (
        *_duplicate_entries(records),
        *_duplicate_questions(live),
        *_translations(entries, default_language, languages),
        *_related(live, entries),
        *_answers(live, limits),
        *_states(live, today),
        *(_languages(live, identify) if identify is not None else ()),
    )


def check_presence(records: Sequence[Record], places: Sequence[Path]) -> tuple[Problem, ...]:
    """Hold that there is something to publish at all.

    Args:
        records: What was read.
        places: Where it was looked for.
    """
    if any(record.status is Status.APPROVED for record in records):
        return ()
    shown = ", ".join(map(str, places))
    return (
        Problem(
            Severity.ERROR,
            Code.NO_CONTENT,
            f"there is no approved text in {shown}; write an entry, or approve one",
        ),
    )


def _problem(
    severity: Severity, code: Code, message: str, record: Record, field: str | None = None
) -> Problem:
    return Problem(severity, code, message, record.location, record.id, record.lang, field)


def _duplicate_entries(records: Sequence[Record]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Record] = {}
    for record in records:
        first = seen.setdefault((record.id, record.lang), record)
        if first is not record:
            yield _problem(
                Severity.ERROR,
                Code.DUPLICATE_ENTRY,
                f"this entry already has a text in this language{_at(first)}; "
                "delete one or change its id",
                record,
                "id",
            )


def _duplicate_questions(records: Sequence[Record]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Record] = {}
    for record in records:
        for field, asked in _askings(record):
            first = seen.setdefault((record.lang, asking_key(asked)), record)
            if first.id != record.id:
                yield _problem(
                    Severity.WARNING,
                    Code.DUPLICATE_QUESTION,
                    f"{asked[:80]!r} is also asked by entry {first.id!r}{_at(first)}; "
                    "reword one, or join the entries",
                    record,
                    field,
                )


def _askings(record: Record) -> Iterator[tuple[str, str]]:
    yield "question", record.question
    for alternate in record.alternates:
        yield "alternates", alternate


def _translations(
    entries: Entries, default_language: str, languages: Sequence[str]
) -> Iterator[Problem]:
    for entry_id, by_language in entries.items():
        own = closest_tag(default_language, by_language)
        first = next(iter(by_language.values())) if own is None else by_language[own]
        if own is None:
            yield Problem(
                Severity.WARNING,
                Code.MISSING_DEFAULT_LANGUAGE,
                f"the entry has no text in {default_language}, the default language; add one",
                first.location,
                entry_id,
                default_language,
            )
        missing = [lang for lang in languages if lang not in by_language]
        if missing:
            yield Problem(
                Severity.WARNING,
                Code.MISSING_TRANSLATION,
                f"not translated into {', '.join(missing)}; "
                "visitors in these languages get another language's text",
                first.location,
                entry_id,
            )
        if own is not None:
            yield from _stale(by_language, by_language[own])


def _stale(by_language: Mapping[str, Record], source: Record) -> Iterator[Problem]:
    translated = [
        record for record in by_language.values() if record.source_hash and record is not source
    ]
    if not translated:
        return
    expected = source_hash(source.question, source.answer)
    for record in translated:
        if record.source_hash != expected:
            yield _problem(
                Severity.WARNING,
                Code.STALE_TRANSLATION,
                f"made from an older {source.lang} text; revise the translation, then set its "
                f"source_hash to {expected}",
                record,
                "source_hash",
            )


def _related(records: Sequence[Record], entries: Entries) -> Iterator[Problem]:
    for record in records:
        for other in record.related:
            if other not in entries or other == record.id:
                why = "is this entry itself" if other == record.id else "does not exist"
                yield _problem(
                    Severity.WARNING,
                    Code.UNREACHABLE_RELATED,
                    f"the related entry {other!r} {why}; correct the id or drop it",
                    record,
                    "related",
                )


def _answers(records: Sequence[Record], limits: Limits) -> Iterator[Problem]:
    for record in records:
        length = len(record.answer)
        if length > limits.answer_characters:
            yield _problem(
                Severity.ERROR,
                Code.TOO_LONG,
                f"the answer has {length} characters, more than {limits.answer_characters}; "
                "shorten it",
                record,
                "answer",
            )
        elif length > limits.long_answer_characters:
            yield _problem(
                Severity.WARNING,
                Code.LONG_ANSWER,
                f"the answer has {length} characters, more than {limits.long_answer_characters}; "
                "split the entry, or link to a page",
                record,
                "answer",
            )


def _states(records: Sequence[Record], today: date) -> Iterator[Problem]:
    for record in records:
        if record.valid_until is not None and record.valid_until < today:
            yield _problem(
                Severity.WARNING,
                Code.EXPIRED,
                f"no longer shown since {record.valid_until}; renew valid_until, or archive it",
                record,
                "valid_until",
            )
        if record.valid_from is not None and record.valid_from > today:
            yield _problem(
                Severity.INFO,
                Code.NOT_YET_VALID,
                f"not shown before {record.valid_from}",
                record,
                "valid_from",
            )
        if record.status is Status.DRAFT:
            yield _problem(
                Severity.INFO,
                Code.DRAFT,
                "a draft, not shown; read it over and set status to approved",
                record,
                "status",
            )
        elif record.origin is Origin.MACHINE:
            yield _problem(
                Severity.INFO,
                Code.APPROVED_MACHINE_TEXT,
                "written by a machine and approved; set origin to human once someone rewrote it",
                record,
                "origin",
            )


def _languages(records: Sequence[Record], identify: Callable[[str], str]) -> Iterator[Problem]:
    for record in records:
        found = identify(f"{record.question}\n{record.answer[:_IDENTIFIED_CHARACTERS]}")
        if found != _UNDETERMINED and base_language(found) != base_language(record.lang):
            yield _problem(
                Severity.WARNING,
                Code.LANGUAGE_MISMATCH,
                f"the text looks like {found}, not {record.lang}; correct lang or the text",
                record,
                "lang",
            )


def _at(record: Record) -> str:
    return "" if record.location is None else f" at {record.location}"
