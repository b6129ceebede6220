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


def words_of(caught: pytest.ExceptionInfo[ContentError]) -> str:
    assert {problem.code for problem in caught.value.problems} == {Code.IN_THE_WAY}
    return str(caught.value)


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("target", ["out.yaml", "{lang}.yaml", "pages"])
def test_what_is_there_is_replaced_only_by_force(target: str, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / target
    convert(source, out)
    before = files_in(tmp_path)
    write_file(RECORDS[2:], source)

    with pytest.raises(ContentError, match="--force") as caught:
        convert(source, out)

    assert "out" in words_of(caught)
    assert {**files_in(tmp_path), source: b""} == {**before, source: b""}
    convert(source, out, replace=True)
    assert files_in(tmp_path) != before


def test_several_files_that_are_there_are_named(source: Path, tmp_path: Path) -> None:
    convert(source, tmp_path / "{lang}.csv")

    with pytest.raises(ContentError) as caught:
        convert(source, tmp_path / "{lang}.csv")

    assert "en.csv: error: the file is there already, as are" in words_of(caught)
    assert "fr.csv" in str(caught.value)


def test_a_folder_that_holds_anything_is_no_new_one(source: Path, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    convert(source, tmp_path / "pages")
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").touch()

    with pytest.raises(ContentError, match="the folder is not empty"):
        convert(source, other)


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize(
    "target", ["content/source.jsonl", "content", "content/pages", "content/{lang}.po", "."]
)
def test_content_is_never_written_over_itself_or_into_itself(
    target: str, *, replace: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "content"
    write_file(RECORDS, folder / "source.jsonl")
    before = files_in(tmp_path)

    with pytest.raises(ContentError, match="the content is read from") as caught:
        convert(folder, tmp_path / target, replace=replace)

    assert words_of(caught)
    assert files_in(tmp_path) == before


def test_a_source_is_itself_under_any_name(source: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "same.jsonl").symlink_to(source)

    for target in (source, tmp_path / "linked" / source.name, tmp_path / "same.jsonl"):
        with pytest.raises(ContentError, match="the content is read from it"):
            convert(source, target, replace=True)


def test_a_file_may_be_converted_beside_itself(source: Path, tmp_path: Path) -> None:
    assert convert(source, tmp_path / "source.csv").files == (tmp_path / "source.csv",)


def test_a_link_that_leads_nowhere_is_there_too(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").symlink_to(tmp_path / "gone.csv")

    with pytest.raises(ContentError, match="there already"):
        convert(source, tmp_path / "out.csv")
