"""Content files and folders: what is read, what is passed over, and how files are written."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from knowledge_base.entry import Record
from knowledge_base.files import read_content, read_file, write_content, write_file
from knowledge_base.problems import Code, ContentError, MissingPathError, Severity

RECORD = Record("a", "en", "Q", "A")
LINE = '{"id": "a", "lang": "en", "question": "Q", "answer": "A"}\n'


def test_folders_are_read_with_all_below_them_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "sub/deeper/c.jsonl", "a.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LINE.replace('"a"', f'"{path.stem}"'))

    content = read_content([tmp_path])

    assert [record.id for record in content.records] == ["a", "b", "c"]
    assert content.problems == ()
    assert [file.path for file in content.files] == [
        tmp_path / "a.jsonl",
        tmp_path / "b.jsonl",
        tmp_path / "sub/deeper/c.jsonl",
    ]


@pytest.mark.parametrize(
    "name",
    ["README.md", "readme.txt", ".hidden.csv", ".git/a.yaml", "golden.jsonl", "golden-2.jsonl"],
)
def test_what_is_no_content_is_passed_over_in_silence(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("anything")

    content = read_content([tmp_path])

    assert (content.records, content.problems, content.files) == ((), (), ())


def test_other_files_in_a_folder_are_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")

    (problem,) = read_content([tmp_path]).problems

    assert (problem.code, problem.severity) == (Code.SKIPPED_FILE, Severity.INFO)


def test_a_file_asked_for_by_name_must_have_a_known_suffix(tmp_path: Path) -> None:
    (tmp_path / "faq.docx").write_text("x")

    content = read_content([tmp_path / "faq.docx"])

    assert [problem.code for problem in content.errors] == [Code.UNKNOWN_FORMAT]
    assert ".csv" in content.errors[0].message


def test_a_missing_path_is_named_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match=r"nothing\.csv does not exist"):
        read_content([tmp_path, tmp_path / "nothing.csv"])


def test_files_are_described_by_digest_and_size(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text(LINE)

    (file,) = read_file(path).files

    assert file.sha256 == hashlib.sha256(LINE.encode()).hexdigest()
    assert file.size == len(LINE)


def test_a_link_that_leads_out_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "secret.jsonl").write_text(LINE)
    folder = tmp_path / "content"
    (folder / "sub").mkdir(parents=True)
    (folder / "stolen.jsonl").symlink_to(tmp_path / "secret.jsonl")
    (folder / "sub" / "up").symlink_to(tmp_path)
    (folder / "nowhere.jsonl").symlink_to(tmp_path / "gone.jsonl")

    content = read_content([folder])

    assert content.records == ()
    assert [problem.code for problem in content.errors] == [Code.UNSAFE_PATH] * 3


def test_a_link_within_the_folder_is_followed_and_loops_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LINE)
    (tmp_path / "same.jsonl").symlink_to(tmp_path / "a.jsonl")
    (tmp_path / "loop").symlink_to(tmp_path)

    content = read_content([tmp_path])

    assert content.errors == ()
    assert content.records == (RECORD, RECORD)


def test_an_unreadable_file_is_a_problem_and_not_an_exception(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    (tmp_path / "b.jsonl").write_text(LINE)

    content = read_content([tmp_path])

    assert content.records == (RECORD,)


def test_an_empty_file_holds_no_records(tmp_path: Path) -> None:
    for suffix in ("csv", "tsv", "json", "jsonl", "yaml"):
        (tmp_path / f"empty.{suffix}").write_bytes(b"")

    content = read_content([tmp_path])

    assert (content.records, content.problems) == ((), ())


def test_writing_replaces_a_file_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "faq.csv"

    write_file([RECORD], path)
    write_file([Record("b", "en", "Q", "B")], path)

    assert [record.id for record in read_file(path).records] == ["b"]
    assert [file.name for file in path.parent.iterdir()] == ["faq.csv"]


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "faq.csv"
    write_file([RECORD], path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device", str(descriptor))

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file([Record("b", "en", "Q", "B")], path)

    assert read_file(path).records == (RECORD,)
    assert [file.name for file in tmp_path.iterdir()] == ["faq.csv"]


def test_an_unknown_suffix_is_refused_on_writing(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"\.docx is no content format"):
        write_file([RECORD], tmp_path / "faq.docx")


def test_a_folder_as_target_gets_a_page_for_each_record(tmp_path: Path) -> None:
    records = [RECORD, Record("orders/track", "fr", "Q", "A")]

    files = write_content(records, tmp_path / "pages")

    assert files == (tmp_path / "pages/en/a.md", tmp_path / "pages/fr/orders/track.md")
    assert read_content([tmp_path / "pages"]).records == tuple(records)


@pytest.mark.parametrize(
    "ids", [["a", "A"], ["readme"], ["docs/ReadMe-first"], ["../up"], ["/etc/passwd"]]
)
def test_pages_that_would_be_lost_or_lie_outside_are_refused(
    ids: list[str], tmp_path: Path
) -> None:
    records = [Record(entry_id, "en", "Q", "A") for entry_id in ids]

    with pytest.raises(ContentError) as caught:
        write_content(records, tmp_path / "pages")

    assert caught.value.problems[0].code is Code.UNSAFE_PATH
    assert not (tmp_path / "pages").exists()


def test_a_page_is_not_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "en").symlink_to(tmp_path / "outside")

    with pytest.raises(ContentError, match="outside the folder"):
        write_content([RECORD], tmp_path / "pages")

    assert list((tmp_path / "outside").iterdir()) == []


def test_a_target_with_a_language_in_its_name_is_a_file_for_each(tmp_path: Path) -> None:
    records = [RECORD, Record("a", "pt-BR", "Q", "A")]

    files = write_content(records, tmp_path / "faq-{lang}.yaml")

    assert files == (tmp_path / "faq-en.yaml", tmp_path / "faq-pt-BR.yaml")
    assert read_file(files[1]).records == (records[1],)


def test_problems_can_be_printed_whatever_the_names(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
    path.write_text('{"id": "a", "\\ud800\\u001b[2J": 1, "metadata": {"\\udfff": 1}}')

    problems = read_content([tmp_path]).problems

    assert "caf\\xe9.jsonl" in str(problems[0])
    for problem in problems:
        assert "\x1b" not in str(problem) + str(problem.field)
        assert f"{problem} {problem.field}".encode()
