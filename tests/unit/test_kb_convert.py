"""Conversion between formats: lossless where it can be, and honest where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.convert import convert
from knowledge_base.entry import Record
from knowledge_base.files import read_content, write_file
from knowledge_base.problems import Code, ContentError, MissingPathError

RECORDS = [
    Record("a", "en", "Q", "A", ("Q2",), ("x",), metadata={"product": "lamp"}),
    Record("a", "fr", "Qf", "Af"),
    Record("b", "en", "Qb", "B"),
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_file(RECORDS, tmp_path / "source.jsonl")
    return tmp_path / "source.jsonl"


@pytest.mark.parametrize(
    ("target", "files"),
    [("out.wide.xlsx", 1), ("pages", 3), ("{lang}.po", 2), ("{lang}.yaml", 2), ("out.html", 1)],
)
def test_nothing_is_lost_and_the_files_are_named(
    target: str, files: int, source: Path, tmp_path: Path
) -> None:
    report = convert(source, tmp_path / "out" / target)

    assert (report.records, len(report.files), report.problems) == (3, files, ())
    found = read_content(report.files).records
    assert {(r.id, r.lang): r for r in found} == {(r.id, r.lang): r for r in RECORDS}


def test_what_a_target_cannot_hold_is_reported(source: Path, tmp_path: Path) -> None:
    report = convert(source, tmp_path / "fr.po")

    assert [problem.code for problem in report.losses] == [Code.LOSS]
    assert "2 records are not in the target, a en among them" in report.losses[0].message


def test_faulty_content_is_not_converted(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("id,lang,question,answer\na,en,,A\nb,en,,B\n")

    with pytest.raises(ContentError) as caught:
        convert(tmp_path / "bad.csv", tmp_path / "out.json")

    assert len(caught.value.problems) == 2
    assert not (tmp_path / "out.json").exists()


def test_two_texts_for_one_place_are_not_converted(tmp_path: Path) -> None:
    write_file([RECORDS[0], RECORDS[0]], tmp_path / "twice.csv")

    with pytest.raises(ContentError, match="several texts in this language"):
        convert(tmp_path / "twice.csv", tmp_path / "out.json")


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match=r"gone\.csv"):
        convert(tmp_path / "gone.csv", tmp_path / "out.json")
