"""CSV, TSV and XLSX: what editors' spreadsheets give, and where their mistakes are."""

from __future__ import annotations

import codecs
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from knowledge_base.entry import Record, Status
from knowledge_base.files import Content, read_file, write_file
from knowledge_base.limits import Limits
from knowledge_base.problems import Code, ContentError, Problem, Severity


def read(folder: Path, data: str | bytes, name: str = "faq.csv") -> Content:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_file(path)


def book(folder: Path, *sheets: list[list[object]]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = workbook.create_sheet(f"sheet {number}")
        for row in rows:
            sheet.append(row)
    path = folder / "faq.xlsx"
    workbook.save(path)
    return path


def at(problem: Problem) -> tuple[Code, int | None]:
    return problem.code, problem.location.line if problem.location else None


HEADING = "id,lang,question,answer\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["faq.csv", "faq.tsv"])
def test_the_separator_is_told_by_the_heading(separator: str, name: str, tmp_path: Path) -> None:
    text = "id,lang,question,answer,tags\na,en,Q?,A.,x\n".replace(",", separator)

    content = read(tmp_path, text, name)

    assert content.problems == ()
    assert content.records == (Record("a", "en", "Q?", "A.", tags=("x",)),)


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode(),
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be"],
)
def test_encodings_are_told_by_their_mark(encoded: object, tmp_path: Path) -> None:
    assert callable(encoded)

    content = read(tmp_path, encoded(HEADING + "a,de,Öffnungszeiten?,Täglich 😀\n"))

    assert content.records == (Record("a", "de", "Öffnungszeiten?", "Täglich 😀"),)


def test_a_wrong_encoding_names_the_byte_and_the_way_out(tmp_path: Path) -> None:
    content = read(tmp_path, (HEADING + "a,fr,Où?,Ici\n").encode("cp1252"))

    (problem,) = content.problems
    assert at(problem) == (Code.ENCODING, 2)
    assert "byte 0xF9 at offset 30" in problem.message
    assert "save the file as UTF-8" in problem.message


def test_utf16_without_a_mark_is_recognised_for_what_it_is(tmp_path: Path) -> None:
    content = read(tmp_path, (HEADING + "a,fr,Où?,Ici\n").encode("utf-16-be"))

    assert content.has_errors
    assert content.records == ()


def test_a_line_that_declares_the_separator_is_obeyed(tmp_path: Path) -> None:
    content = read(tmp_path, "sep=|\r\nid|lang|question|answer\r\na|en|Q|A\r\n")

    assert content.records == (Record("a", "en", "Q", "A"),)


def test_rows_keep_their_line_numbers_across_quoted_line_breaks(tmp_path: Path) -> None:
    content = read(
        tmp_path, HEADING + 'a,en,Q,"one\ntwo\n\nthree"\n\nb,en,,B\nc,xx-bad-,Q,C\nd,en,Q,D\n'
    )

    assert [at(problem) for problem in content.errors] == [
        (Code.MISSING_FIELD, 7),
        (Code.INVALID_FIELD, 8),
    ]
    assert [record.id for record in content.records] == ["a", "d"]
    assert content.records[0].answer == "one\ntwo\n\nthree"
    assert content.records[1].location is not None
    assert content.records[1].location.line == 9


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str, tmp_path: Path) -> None:
    text = (HEADING + 'a,en,Q,"one\ntwo"\nb,en,Q2,B\n').replace("\n", end)

    content = read(tmp_path, text)

    assert [record.answer for record in content.records] == ["one\ntwo", "B"]


def test_a_row_with_a_stray_quotation_mark_does_not_lose_the_others(tmp_path: Path) -> None:
    content = read(tmp_path, HEADING + 'a,en,Q,"A" x\nb,en,Q,B\n')

    assert [at(problem) for problem in content.problems] == [(Code.SYNTAX, 2)]
    assert [record.id for record in content.records] == ["b"]


def test_an_unclosed_quotation_mark_names_the_row_it_begins_in(tmp_path: Path) -> None:
    content = read(tmp_path, HEADING + 'a,en,Q,A\nb,en,Q,"B\nc,en,Q,C\n')

    assert [at(problem) for problem in content.problems] == [(Code.SYNTAX, 3)]
    assert [record.id for record in content.records] == ["a"]


def test_a_cell_too_many_is_an_error_and_not_lost_in_silence(tmp_path: Path) -> None:
    content = read(tmp_path, HEADING + "a,en,Hello, world,A\n")

    assert [at(problem) for problem in content.problems] == [(Code.SYNTAX, 2)]
    assert "not in quotes" in content.problems[0].message


def test_every_fault_of_a_row_is_reported(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        "id,lang,question,answer,url,valid_from,status,source_hash,origin,related\n"
        "a b,en,,A,javascript:alert(1),tomorrow,done,xyz,robot,../up\n",
    )

    assert [problem.field for problem in content.problems] == [
        "id", "question", "origin", "valid_from", "url", "related", "status", "source_hash",
    ]  # fmt: skip
    assert all(problem.severity is Severity.ERROR for problem in content.problems)
    assert all(at(problem)[1] == 2 for problem in content.problems)


def test_an_unknown_column_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    content = read(tmp_path, "id,lang,question,answer,alternate,Colour\na,en,Q,A,x,red\n")

    assert [problem.code for problem in content.problems] == [Code.UNKNOWN_FIELD] * 2
    assert "did you mean alternates?" in content.problems[0].message
    assert "metadata.KEY" in content.problems[1].message
    assert content.records == (Record("a", "en", "Q", "A"),)


def test_a_heading_without_the_required_columns_is_one_error(tmp_path: Path) -> None:
    content = read(tmp_path, "id,language,question\na,en,Q\nb,en,Q\n")

    (problem,) = content.errors
    assert problem.code is Code.MISSING_FIELD
    assert "lang, answer" in problem.message


def test_a_column_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    content = read(tmp_path, "id,lang,question,Question,answer\na,en,Q,Q,A\n")

    assert [at(problem) for problem in content.errors] == [(Code.SYNTAX, 1)]


def test_headings_may_be_capitalised_and_padded(tmp_path: Path) -> None:
    content = read(tmp_path, '"ID", Lang ,QUESTION,Answer,Metadata.Product\n"a", en ,Q,A,Lamp\n')

    assert content.records == (Record("a", "en", "Q", "A", metadata={"Product": "Lamp"}),)


def test_lists_in_cells_are_one_a_line_and_tags_also_by_comma(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        "id,lang,question,answer,alternates,tags,related\n"
        'a,en,Q,A,"Who, me?\n\n Really? \nWho, me?","x, y,x","b\nc/d"\n',
    )

    (record,) = content.records
    assert record.alternates == ("Who, me?", "Really?")
    assert record.tags == ("x", "y")
    assert record.related == ("b", "c/d")


def test_a_wide_table_has_a_record_for_each_language_with_text(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        "id,tags,question_en,answer_en,question_pt_br,answer_pt_br,alternates_pt_br,status_pt_br\n"
        "a,x,Q,A,P?,R,P2?,draft\n"
        "b,y,Q2,A2,,,,\n"
        "c,,,,,,,\n"
        "d,,Q4,,,,,\n",
    )

    assert content.records == (
        Record("a", "en", "Q", "A", tags=("x",)),
        Record("a", "pt-BR", "P?", "R", ("P2?",), ("x",), status=Status.DRAFT),
        Record("b", "en", "Q2", "A2", tags=("y",)),
    )
    assert [at(problem) for problem in content.errors] == [
        (Code.MISSING_FIELD, 4),
        (Code.MISSING_FIELD, 5),
    ]


def test_a_wide_table_needs_question_and_answer_of_every_language(tmp_path: Path) -> None:
    content = read(tmp_path, "question_en,answer_en,question_fr\nQ,A,Q\n")

    assert "lacks id, answer_fr" in content.errors[0].message


def test_values_that_spreadsheets_would_compute_are_guarded_in_the_file(tmp_path: Path) -> None:
    record = Record("a", "en", "+49 30?", "=HYPERLINK()", alternates=("'=x", "-"))

    write_file([record], tmp_path / "out.csv")

    assert "'=HYPERLINK()" in (tmp_path / "out.csv").read_text()
    assert read_file(tmp_path / "out.csv").records == (record,)


def test_workbook_cells_of_other_types_read_as_text(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        [
            ["id", "lang", "question", "answer", "valid_from", "valid_until", "metadata.year"],
            [12, "en", 3.5, True, datetime(2026, 1, 2), date(2026, 2, 3), 2026.0],  # noqa: DTZ001
        ],
    )

    content = read_file(path)

    assert content.problems == ()
    assert content.records == (
        Record(
            "12",
            "en",
            "3.5",
            "true",
            valid_from=date(2026, 1, 2),
            valid_until=date(2026, 2, 3),
            metadata={"year": "2026"},
        ),
    )


def test_formula_and_error_cells_are_refused_by_name(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        [
            ["id", "lang", "question", "answer"],
            ["a", "en", "Q", "=1+1"],
            ["b", "en", "#REF!", "A"],
            ["c", "en", "Q", "A"],
        ],
    )

    content = read_file(path)

    assert [at(problem) for problem in content.errors] == [(Code.FORMULA, 2), (Code.FORMULA, 3)]
    assert "cell D2 holds a formula" in content.errors[0].message
    assert "cell C3 shows the error '#REF!'" in content.errors[1].message
    assert [record.id for record in content.records] == ["c"]


def test_every_sheet_with_an_id_is_read_and_others_are_named(tmp_path: Path) -> None:
    heading: list[object] = ["id", "lang", "question", "answer"]
    path = book(
        tmp_path,
        [heading, ["a", "en", "Q", "A"]],
        [["Notes of the team"], ["call Ana"]],
        [[], [], heading, ["b", "en", "Q", ""]],
    )

    content = read_file(path)

    assert [record.id for record in content.records] == ["a"]
    assert [(p.code, p.severity) for p in content.problems] == [
        (Code.SKIPPED_FILE, Severity.INFO),
        (Code.MISSING_FIELD, Severity.ERROR),
    ]
    assert str(content.problems[1].location) == f"{path} [sheet 3]:4"


def test_workbooks_are_written_as_text_only(tmp_path: Path) -> None:
    write_file([Record("1", "en", "=1+1", "#N/A")], tmp_path / "out.xlsx")

    (sheet,) = load_workbook(tmp_path / "out.xlsx").worksheets

    assert [cell.data_type for cell in sheet[2]] == ["s"] * 4
    assert [cell.value for cell in sheet[2]] == ["1", "en", "=1+1", "#N/A"]


def test_a_text_longer_than_a_workbook_cell_is_refused_and_nothing_written(tmp_path: Path) -> None:
    record = Record("a", "en", "Q", "A", alternates=tuple(f"{n:0500}" for n in range(100)))

    with pytest.raises(ContentError, match="does not fit a workbook's cell"):
        write_file([record], tmp_path / "out.xlsx")

    assert list(tmp_path.iterdir()) == []


def test_a_wide_table_refuses_two_texts_for_one_place(tmp_path: Path) -> None:
    twice = [Record("a", "en", "Q", "A"), Record("a", "en", "Q", "B")]

    with pytest.raises(ContentError, match="several texts"):
        write_file(twice, tmp_path / "out.wide.csv")


def test_control_characters_are_refused_with_their_place(tmp_path: Path) -> None:
    content = read(tmp_path, HEADING + "a,en,Q\x07,A\nb,en,Q,A\x85B\nc,en,Q,\x92s\n")

    assert [at(problem) for problem in content.errors] == [
        (Code.CONTROL_CHARACTER, 2),
        (Code.CONTROL_CHARACTER, 4),
    ]
    assert "U+0007 at character 2" in content.errors[0].message


def test_problems_are_bounded_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_text(HEADING + "a,en,,\n" * 100)

    content = read_file(path, Limits(problems=10))

    assert len(content.problems) == 11
    assert content.problems[-1].code is Code.TOO_MANY
    assert "mend these first" in content.problems[-1].message
