"""`polyfaq check` and `polyfaq convert`."""

from pathlib import Path

import pytest

from tests.unit.cli_run import Home

GOOD = """\
id,lang,question,answer
shipping,en,How long does shipping take?,Three days at most.
shipping,de,Wie lange dauert der Versand?,Höchstens drei Tage.
"""
BAD = """\
id,lang,question,answer
shipping,en,,Three days at most.
shipping,not a tag,Wie lange?,Drei Tage.
returns,en,How do I return something?,Print the label.
"""


def test_good_content_is_exit_code_0(home: Home) -> None:
    home.write("faq.csv", GOOD)

    ran = home.run("check")

    assert ran.code == 0
    assert "1 entry in 2 languages, 2 records, 1 file" in ran.out
    assert "no problems" in ran.out


def test_every_fault_is_told_with_its_row(home: Home) -> None:
    file = home.write("faq.csv", BAD)

    ran = home.run("check", file)

    assert ran.code == 1
    assert f"{file}:2: error:" in ran.out
    assert f"{file}:3: error:" in ran.out
    assert "2 errors" in ran.err


def test_faults_are_json_for_programs(home: Home) -> None:
    file = home.write("faq.csv", BAD)

    ran = home.run("check", file, "--json")

    assert ran.code == 1
    assert ran.json["records"] == 1
    errors = [problem for problem in ran.json["problems"] if problem["severity"] == "error"]
    assert [(error["file"], error["line"]) for error in errors] == [(str(file), 2), (str(file), 3)]
    assert {error["field"] for error in errors} == {"question", "lang"}


def test_large_counts_of_problems_are_written_as_other_counts(home: Home) -> None:
    rows = "".join(f"e{number},en,,An answer.\n" for number in range(1001))
    file = home.write("faq.csv", GOOD + rows)

    assert "1,001 errors, 0 warnings, " in home.run("check", file).err


def test_warnings_do_not_fail(home: Home) -> None:
    home.write("faq.csv", GOOD + "returns,en,How do I return it?,Print the label.\n")

    ran = home.run("check")

    assert ran.code == 0
    assert "warning" in ran.out


@pytest.mark.parametrize("where", ["named", "configured"])
def test_golden_questions_are_checked_with_their_folder(home: Home, where: str) -> None:
    home.write("faq.csv", GOOD)
    file = home.write(
        "golden.jsonl", '{"question": "Where is it?", "lang": "en", "expect": "nowhere"}\n'
    )

    ran = home.run("check", *([home.content] if where == "named" else []))

    assert ran.code == 1
    assert f"{file}:1: error:" in ran.out
    assert "'nowhere'" in ran.out


def test_missing_content_is_wrong_input(home: Home) -> None:
    ran = home.run("check")

    assert ran.code == 1
    assert str(home.content) in ran.err


def test_a_folder_without_content_is_an_error(home: Home) -> None:
    home.content.mkdir()

    ran = home.run("check")

    assert ran.code == 1
    assert f"there is no approved text in {home.content}" in ran.out


def test_content_of_drafts_alone_is_an_error(home: Home) -> None:
    rows = GOOD.splitlines()
    rows = [f"{rows[0]},status", *(f"{row},draft" for row in rows[1:])]
    file = home.write("faq.csv", "\n".join(rows) + "\n")

    ran = home.run("check", file, "--json")

    assert ran.code == 1
    assert "no-content" in {problem["code"] for problem in ran.json["problems"]}


def test_content_is_converted(home: Home) -> None:
    source = home.write("faq.csv", GOOD)
    target = home.folder / "faq.jsonl"

    ran = home.run("convert", source, target)

    assert ran.code == 0
    assert f"2 records written to {target}" in ran.out
    assert target.read_text(encoding="utf-8").count("\n") == 2


def test_a_file_that_is_there_is_converted_over_by_force_alone(home: Home) -> None:
    source = home.write("faq.csv", GOOD)
    target = home.write("faq.jsonl", "mine")

    refused = home.run("convert", source, target)
    kept = target.read_text(encoding="utf-8")
    forced = home.run("convert", source, target, "--force")

    assert (refused.code, kept, forced.code) == (1, "mine", 0)
    assert "replace it with --force" in refused.out
    assert "nothing was converted" in refused.err


def test_what_a_format_cannot_hold_is_told(home: Home) -> None:
    source = home.write("faq.csv", GOOD)

    ran = home.run("convert", source, home.folder / "faq.po", "--json")

    assert ran.code == 0
    assert ran.json["records"] == 2
    assert "loss" in [problem["code"] for problem in ran.json["problems"]]


def test_faulty_content_is_not_converted(home: Home) -> None:
    source = home.write("faq.csv", BAD)
    target = home.folder / "faq.jsonl"

    ran = home.run("convert", source, target)
    as_json = home.run("convert", source, target, "--json")

    assert (ran.code, as_json.code) == (1, 1)
    assert f"{source}:2: error:" in ran.out
    assert "nothing was converted" in ran.err
    assert as_json.json["problems"][0]["line"] == 2
    assert not target.exists()


def test_a_target_that_cannot_be_written_is_a_failure_of_the_system(home: Home) -> None:
    source = home.write("faq.csv", GOOD)
    (home.folder / "file").touch()

    ran = home.run("convert", source, home.folder / "file" / "faq.jsonl")

    assert ran.code == 3
    assert "Traceback" not in ran.err


def test_an_unknown_target_format_is_wrong_input(home: Home) -> None:
    source = home.write("faq.csv", GOOD)

    ran = home.run("convert", source, Path("faq.docx"))

    assert ran.code == 1
    assert "docx" in ran.err or "docx" in ran.out


def test_a_wrong_value_is_told_with_its_field(home: Home) -> None:
    rows = GOOD.splitlines()
    rows = [f"{rows[0]},valid_until", *(f"{row},soon" for row in rows[1:])]

    ran = home.run("check", home.write("faq.csv", "\n".join(rows) + "\n"))

    assert "valid_until: 'soon' is not a date" in ran.out
