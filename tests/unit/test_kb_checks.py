"""What the checks over all records find, and the way out they name."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.checks import check_records
from knowledge_base.entry import Location, Origin, Record, Status, source_hash
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, Problem, Severity
from knowledge_base.texts import asking_key

TODAY = date(2026, 6, 15)


def check(*records: Record, code: Code | None = None) -> list[Problem]:
    problems = check_records(records, default_language="en", today=TODAY)
    return [problem for problem in problems if code in {None, problem.code}]


EN = Record("a", "en", "Where is it?", "Here.", location=Location("en.yaml", 3))
FRESH = source_hash(EN.question, EN.answer)


def test_sound_content_has_no_problems() -> None:
    assert check(EN, Record("a", "fr", "Où ?", "Ici.", source_hash=FRESH)) == []


def test_an_entry_twice_in_a_language_is_an_error_that_names_the_first() -> None:
    (problem,) = check(EN, Record("a", "en", "Again?", "Yes."))

    assert (problem.code, problem.severity) == (Code.DUPLICATE_ENTRY, Severity.ERROR)
    assert "en.yaml:3" in problem.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where is it?", "where  is it"),
        ("Ｗｈｅｒｅ is it?", "Where is it"),
        ("¿Dónde está?", "DÓNDE ESTÁ"),
        ("退款要多久？", "退款要多久"),
        ("Straße?", "STRASSE"),
        ("???", "？？？"),
    ],
)
def test_questions_are_the_same_whatever_their_case_and_punctuation(one: str, other: str) -> None:
    (problem,) = check(Record("a", "en", one, "A"), Record("b", "en", other, "B"))

    assert problem.code is Code.DUPLICATE_QUESTION
    assert problem.entry_id == "b"
    assert "entry 'a'" in problem.message


def test_vowel_signs_tell_questions_apart() -> None:
    assert asking_key("कि") != asking_key("की")
    assert asking_key("?!") != asking_key("...")


def test_an_alternate_may_be_the_same_question_too() -> None:
    (problem,) = check(EN, Record("b", "en", "Q?", "B", alternates=("x", "where is it")))

    assert (problem.code, problem.field) == (Code.DUPLICATE_QUESTION, "alternates")


def test_the_same_question_is_fine_in_one_entry_another_language_or_the_archive() -> None:
    assert (
        check(
            EN,
            Record("a", "fr", "Where is it?", "Ici.", alternates=("Where is it",)),
            Record("b", "en", "Where is it?", "Old.", status=Status.ARCHIVED),
        )
        == []
    )


def test_an_entry_without_the_default_language_is_named() -> None:
    problems = check(EN, Record("a", "fr", "Où ?", "Ici."), Record("b", "fr", "Qui ?", "Moi."))

    assert [(p.code, p.entry_id, p.lang) for p in problems] == [
        (Code.MISSING_DEFAULT_LANGUAGE, "b", "en"),
        (Code.MISSING_TRANSLATION, "b", None),
    ]
    assert "not translated into en" in problems[1].message


def test_a_variant_of_the_default_language_will_do() -> None:
    records = (Record("a", "en-GB", "Q", "A"),)

    assert check_records(records, default_language="en", today=TODAY) == ()


def test_missing_translations_are_listed_once_for_an_entry() -> None:
    others = [Record("b", lang, f"{lang}?", "B") for lang in ("en", "fr", "de")]

    (problem,) = check(EN, *others)

    assert problem.code is Code.MISSING_TRANSLATION
    assert problem.location == EN.location
    assert "fr, de" in problem.message


def test_a_stale_translation_is_told_the_hash_to_set() -> None:
    (problem,) = check(EN, Record("a", "fr", "Où ?", "Ici.", source_hash="0" * 16))

    assert (problem.code, problem.severity) == (Code.STALE_TRANSLATION, Severity.WARNING)
    assert f"set its source_hash to {FRESH}" in problem.message


def test_rewrapping_the_source_leaves_translations_fresh() -> None:
    wrapped = Record("a", "en", "Where  is it?", " Here.\n")

    assert check(wrapped, Record("a", "fr", "Où ?", "Ici.", source_hash=FRESH)) == []


@pytest.mark.parametrize(
    ("related", "why"), [("nowhere", "does not exist"), ("a", "is this entry itself")]
)
def test_related_entries_must_be_reachable(related: str, why: str) -> None:
    (problem,) = check(Record("a", "en", "Q", "A", related=(related,)))

    assert problem.code is Code.UNREACHABLE_RELATED
    assert why in problem.message


def test_an_archived_entry_is_out_of_reach() -> None:
    problems = check(
        Record("a", "en", "Q", "A", related=("b",)),
        Record("b", "en", "Q2", "B", status=Status.ARCHIVED),
    )

    assert [problem.code for problem in problems] == [Code.UNREACHABLE_RELATED]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (100, []),
        (101, [(Code.LONG_ANSWER, Severity.WARNING)]),
        (201, [(Code.TOO_LONG, Severity.ERROR)]),
    ],
)
def test_answers_have_two_bounds(length: int, expected: list[tuple[Code, Severity]]) -> None:
    problems = check_records(
        [Record("a", "en", "Q", "x" * length)],
        default_language="en",
        today=TODAY,
        limits=Limits(long_answer_characters=100, answer_characters=200),
    )

    assert [(problem.code, problem.severity) for problem in problems] == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, TODAY, []),
        (TODAY, None, []),
        (None, date(2026, 6, 14), [Code.EXPIRED]),
        (date(2026, 6, 16), None, [Code.NOT_YET_VALID]),
    ],
)
def test_periods_of_validity(start: date | None, end: date | None, expected: list[Code]) -> None:
    record = Record("a", "en", "Q", "A", valid_from=start, valid_until=end)

    assert [problem.code for problem in check(record)] == expected


@pytest.mark.parametrize(
    ("origin", "status", "expected"),
    [
        (Origin.HUMAN, Status.DRAFT, [Code.DRAFT]),
        (Origin.MACHINE, Status.DRAFT, [Code.DRAFT]),
        (Origin.MACHINE, Status.APPROVED, [Code.APPROVED_MACHINE_TEXT]),
        (Origin.MACHINE, Status.ARCHIVED, []),
    ],
)
def test_drafts_and_machine_texts_are_mentioned(
    origin: Origin, status: Status, expected: list[Code]
) -> None:
    problems = check(Record("a", "en", "Q", "A", origin=origin, status=status))

    assert [problem.code for problem in problems] == expected
    assert all(problem.severity is Severity.INFO for problem in problems)


@pytest.mark.parametrize(("found", "expected"), [("fr", 1), ("und", 0), ("en", 0), ("en-GB", 0)])
def test_a_tag_that_does_not_match_the_text(found: str, expected: int) -> None:
    texts = {"Where is it?\nHere.": found}

    problems = check_records([EN], default_language="en", today=TODAY, identify=texts.__getitem__)

    assert [problem.code for problem in problems] == [Code.LANGUAGE_MISMATCH] * expected


def test_a_problem_reads_as_place_severity_entry_and_way_out() -> None:
    (problem,) = check(Record("a", "en", "Q", "A", related=("x",), location=Location("f.csv", 7)))

    assert str(problem) == (
        "f.csv:7: warning: [a en] the related entry 'x' does not exist; correct the id or drop it "
        "(unreachable-related)"
    )
