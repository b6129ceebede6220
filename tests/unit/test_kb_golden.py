"""Golden questions: read with line-numbered faults, and checked against the entries."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge_base.entry import Record
from knowledge_base.golden import GoldenQuestion, check_golden, read_golden
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, MissingPathError


def written(folder: Path, *lines: str) -> Path:
    path = folder / "golden.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_questions_with_and_without_an_answer(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"question": "wo paket??", "lang": "DE", "expect": "orders/track", "note": "short"}',
        "",
        '{"question": "Regnet es?", "lang": "de", "expect": null}',
    )

    questions, problems = read_golden(path)

    assert problems == ()
    assert questions == (
        GoldenQuestion("wo paket??", "de", "orders/track", "short"),
        GoldenQuestion("Regnet es?", "de", None),
    )
    assert questions[1].location is not None
    assert questions[1].location.line == 3


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ('{"question": "Q", "lang": "en"}', Code.MISSING_FIELD, "expect"),
        ('{"question": " ", "lang": "en", "expect": null}', Code.MISSING_FIELD, "question"),
        ('{"question": ["Q"], "lang": "en", "expect": null}', Code.MISSING_FIELD, "question"),
        ('{"question": "Q", "lang": "xx-", "expect": null}', Code.INVALID_FIELD, "lang"),
        ('{"question": "Q\\u0000", "lang": "en", "expect": null}', Code.CONTROL_CHARACTER, None),
        ('{"question": "Q", "lang": "en", "expect": ""}', Code.MISSING_FIELD, "expect"),
        ("{oops", Code.SYNTAX, None),
        ("[1]", Code.SYNTAX, None),
        ("[" * 10_000, Code.SYNTAX, None),
        (json.dumps({"question": "x" * 2000}), Code.TOO_LONG, "question"),
    ],
)
def test_a_faulty_line_is_named_and_the_others_are_kept(
    line: str, code: Code, field: str | None, tmp_path: Path
) -> None:
    good = '{"question": "Q", "lang": "en", "expect": null}'
    path = written(tmp_path, good, line, good)

    questions, problems = read_golden(path)

    assert len(questions) == 2
    assert problems[0].code is code
    assert field in {None, problems[0].field}
    assert str(problems[0].location) == f"{path}:2"


def test_an_unknown_key_is_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, '{"question": "Q", "lang": "en", "expect": null, "expects": "a"}')

    questions, problems = read_golden(path)

    assert len(questions) == 1
    assert [problem.code for problem in problems] == [Code.UNKNOWN_FIELD]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match=r"golden\.jsonl"):
        read_golden(tmp_path / "golden.jsonl")


def test_bytes_and_size_are_bounded_and_wrong_encodings_named(tmp_path: Path) -> None:
    path = written(tmp_path, "x" * 200)
    _, too_large = read_golden(path, Limits(file_bytes=100))
    path.write_bytes(b"\xff{}")
    _, wrong = read_golden(path)

    assert [problem.code for problem in too_large] == [Code.TOO_LARGE]
    assert [problem.code for problem in wrong] == [Code.ENCODING]


def test_expected_entries_must_exist() -> None:
    questions = [
        GoldenQuestion("Q", "en", "a"),
        GoldenQuestion("Q2", "en", "b"),
        GoldenQuestion("Q3", "en", None),
    ]

    (problem,) = check_golden(questions, [Record("a", "en", "Q", "A")])

    assert problem.code is Code.UNKNOWN_EXPECTATION
    assert "'b'" in problem.message
