"""The sample knowledge base is sound, and has something to show."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.checks import check_records
from knowledge_base.entry import Record
from knowledge_base.files import read_content
from knowledge_base.golden import GoldenQuestion, check_golden, read_golden
from knowledge_base.problems import Code, Problem
from knowledge_base.texts import asking_key

SAMPLE = Path(__file__).parents[2] / "knowledge_base" / "content"
LANGUAGES = {"en", "de", "es", "fr", "pt", "pl", "tr", "ru", "ar", "hi", "zh", "ja"}


@pytest.fixture(scope="module")
def records() -> tuple[Record, ...]:
    content = read_content([SAMPLE])
    assert content.problems == ()
    return content.records


@pytest.fixture(scope="module")
def problems(records: tuple[Record, ...]) -> tuple[Problem, ...]:
    return check_records(records, default_language="en", today=date(2026, 11, 22))


@pytest.fixture(scope="module")
def golden() -> tuple[GoldenQuestion, ...]:
    questions, problems = read_golden(SAMPLE / "golden.jsonl")
    assert problems == ()
    return questions


def test_many_entries_in_twelve_languages(records: tuple[Record, ...]) -> None:
    counts = Counter(record.lang for record in records)

    assert set(counts) == LANGUAGES
    assert min(counts.values()) >= 36


def test_there_are_several_ways_to_ask(records: tuple[Record, ...]) -> None:
    rich = {lang for lang in LANGUAGES if _fewest_alternates(records, lang) >= 3}

    assert len(rich) >= 5


def _fewest_alternates(records: tuple[Record, ...], lang: str) -> int:
    shown = [record for record in records if record.lang == lang and record.status == "approved"]
    return min(len(record.alternates) for record in shown)


def test_only_deliberate_gaps_are_found(problems: tuple[Problem, ...]) -> None:
    assert {problem.code for problem in problems} == {
        Code.MISSING_TRANSLATION,
        Code.STALE_TRANSLATION,
        Code.DRAFT,
    }


def test_golden_questions_are_many_and_spread(golden: tuple[GoldenQuestion, ...]) -> None:
    counts = Counter(question.lang for question in golden)

    assert len(golden) >= 240
    assert set(counts) == LANGUAGES
    assert min(counts.values()) >= 20


def test_a_quarter_of_the_golden_questions_must_not_be_answered(
    golden: tuple[GoldenQuestion, ...],
) -> None:
    unanswerable = [question for question in golden if question.expect is None]

    assert 0.2 <= len(unanswerable) / len(golden) <= 0.3


def test_golden_questions_expect_what_exists_and_repeat_nothing(
    golden: tuple[GoldenQuestion, ...], records: tuple[Record, ...]
) -> None:
    told = {
        (record.lang, asking_key(asked))
        for record in records
        for asked in (record.question, *record.alternates)
    }

    assert check_golden(golden, records) == ()
    assert [q.question for q in golden if (q.lang, asking_key(q.question)) in told] == []
    assert len({(q.lang, asking_key(q.question)) for q in golden}) == len(golden)
