"""Drafts into content files of every format; all else in them stays."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from knowledge_base.amending.amendment import amend
from knowledge_base.amending.draft import AmendmentError, Draft
from knowledge_base.amending.placing import Places
from knowledge_base.convert import convert
from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.files import read_content
from knowledge_base.writing import write_content, write_file

ENTRIES = ("orders/track", "shipping/cost", "returns/period")


def english(entry_id: str) -> Record:
    return Record(
        entry_id,
        "en",
        f"What about {entry_id}?",
        f"First line of **{entry_id}**.\n\n- one\n- two",
        alternates=(f"{entry_id} please", "=1+1, really"),
        tags=("a", "b"),
        url="https://shop.example/",
        metadata={"product": "shop"},
    )


def french(entry_id: str, answer: str = "- Réponse\n- « deux »") -> Record:
    source = english(entry_id)
    return replace(
        source,
        lang="fr",
        question=f"Et {entry_id} ?",
        answer=answer,
        alternates=("=2+2, vraiment", "autrement"),
        origin=Origin.MACHINE,
        status=Status.DRAFT,
        source_hash=source_hash(source.question, source.answer),
    )


def draft(entry_id: str, answer: str = "- Réponse\n- « deux »") -> Draft:
    return Draft(french(entry_id, answer), english(entry_id))


def german(entry_id: str) -> Record:
    return replace(english(entry_id), lang="de", question=f"Was ist mit {entry_id}?")


def place(folder: Path, entry_id: str, lang: str = "fr") -> Path:
    records = read_content([folder]).records
    source = next(each for each in records if each.id == entry_id and each.lang == "en")
    there = [each for each in records if each.id == entry_id and each.lang == lang]
    return Places(records, folder).of(source, lang, there[0] if there else None)


def put(folder: Path, *drafts: Draft) -> None:
    for each in drafts:
        assert amend(place(folder, each.record.id), [each], root=folder) == (each,)


def texts(folder: Path) -> dict[tuple[str, str], Record]:
    content = read_content([folder])
    assert not content.has_errors, content.errors
    return {(record.id, record.lang): record for record in content.records}


LAYOUTS = [
    "faq.csv", "faq.tsv", "faq.wide.csv", "faq.xlsx", "faq.wide.xlsx", "faq.json", "faq.jsonl",
    "faq.yaml", "{lang}.csv", "{lang}.xlsx", "{lang}.json", "{lang}.jsonl", "{lang}.yaml",
    "{lang}.po", "pages",
]  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("languages", ["en", "en de"])
def test_drafts_are_added_and_replaced_in_every_format(
    tmp_path: Path, layout: str, languages: str
) -> None:
    folder = tmp_path / "content"
    records = [english(each) for each in ENTRIES]
    records += [german(each) for each in ENTRIES[:2]] if "de" in languages else []
    write_content(records, folder / layout if layout != "pages" else folder)
    before = texts(folder)

    put(folder, draft(ENTRIES[0]), draft(ENTRIES[1]))
    put(folder, draft(ENTRIES[0], "Une autre"), draft(ENTRIES[2]))

    assert texts(folder) == {
        **before,
        (ENTRIES[0], "fr"): french(ENTRIES[0], "Une autre"),
        (ENTRIES[1], "fr"): french(ENTRIES[1]),
        (ENTRIES[2], "fr"): french(ENTRIES[2]),
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_several_drafts_are_written_at_once(tmp_path: Path, layout: str) -> None:
    folder = tmp_path / "content"
    write_content(
        [english(each) for each in ENTRIES], folder / layout if layout != "pages" else folder
    )
    by_file: dict[Path, list[Draft]] = {}
    for each in ENTRIES:
        by_file.setdefault(place(folder, each), []).append(draft(each))

    for file, drafts in by_file.items():
        amend(file, drafts, root=folder)

    assert {key for key in texts(folder) if key[1] == "fr"} == {(each, "fr") for each in ENTRIES}


def test_drafts_of_a_page_are_kept_off_it(tmp_path: Path) -> None:
    write_file([english(each) for each in ENTRIES], tmp_path / "faq.html")
    before = (tmp_path / "faq.html").read_bytes()

    put(tmp_path, draft(ENTRIES[0]), draft(ENTRIES[1]))

    assert (tmp_path / "faq.html").read_bytes() == before
    assert (tmp_path / "faq.fr.yaml").is_file()
    assert texts(tmp_path)[ENTRIES[0], "fr"] == french(ENTRIES[0])
    with pytest.raises(AmendmentError, match="kept off it"):
        amend(tmp_path / "faq.html", [draft(ENTRIES[2])], root=tmp_path)


def test_a_draft_says_that_it_is_one(tmp_path: Path) -> None:
    write_file([english(ENTRIES[0])], tmp_path / "faq.yaml")

    put(tmp_path, draft(ENTRIES[0]))

    text = (tmp_path / "faq.yaml").read_text(encoding="utf-8")
    assert "  origin: machine\n  status: draft\n  source_hash: " in text


YAML = """\
# The shop's questions.
entries:
  # About orders.
  - id: orders/track   # keep this key
    lang: en
    question: Where?
    unknown: kept
    answer: |
      There.

      # no comment
  # About money.

  -
    id: refund
    lang: en
    question: My money?
    answer: {}
# The end.
"""


def test_comments_and_unknown_fields_of_yaml_stay(tmp_path: Path) -> None:
    text = YAML.replace("{}", "Soon.")
    (tmp_path / "faq.yaml").write_text(text, encoding="utf-8")

    put(tmp_path, draft_of("orders/track", "Un"), draft_of("refund", "Deux"))
    put(tmp_path, draft_of("orders/track", "Trois"))

    head, end = text.split("# The end.")
    written = (tmp_path / "faq.yaml").read_text(encoding="utf-8")
    assert written.startswith(head)
    assert written.endswith(f"# The end.{end}")
    assert written.count("lang: fr") == 2
    assert "answer: Trois" in written
    assert "answer: Un\n" not in written


def draft_of(entry_id: str, answer: str) -> Draft:
    source = Record(entry_id, "en", "?", "!")
    made = replace(source, lang="fr", question="Où ?", answer=answer, origin=Origin.MACHINE)
    return Draft(replace(made, status=Status.DRAFT, source_hash="0123456789abcdef"), source)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_rows_that_do_not_change_stay_to_the_last_byte(
    tmp_path: Path, mark: str, newline: str, end: str
) -> None:
    lines = [
        "lang;id;note;question;answer",
        'en;orders/track;"my; note";"Where ""exactly""?";There.',
        "en;refund;;My money?;'=Soon",
    ]
    file = tmp_path / "faq.csv"
    file.write_bytes((newline.join(lines) + newline * bool(end)).encode(mark))

    put(tmp_path, draft_of("refund", "=Bientôt; oui"))

    written = file.read_bytes().decode(mark)
    assert newline in written
    assert written.split(newline)[1:3] == lines[1:]
    heading, *rows = csv.reader(io.StringIO(written), delimiter=";")
    assert heading == [*lines[0].split(";"), "origin", "status", "source_hash"]
    assert rows[2][:5] == ["fr", "refund", "", "Où ?", "'=Bientôt; oui"]


def test_a_wide_row_is_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text(
        "id,tags,status,question_en,answer_en,question_de,answer_de,question_fr,answer_fr\n"
        "refund,money,approved,My money?,Soon.,Mein Geld?,Bald.,,\n"
        "other,money,approved,Other?,Yes.,,,,\n",
        encoding="utf-8",
    )
    source = replace(Record("refund", "en", "My money?", "Soon."), tags=("money",))
    made = replace(source, lang="fr", question="Et ?", answer="Oui", origin=Origin.MACHINE)
    made = replace(made, status=Status.DRAFT, source_hash="0123456789abcdef")

    amend(file, [Draft(made, source)], root=file)

    assert file.read_text(encoding="utf-8") == (
        "id,tags,status,question_en,answer_en,question_de,answer_de,question_fr,answer_fr,"
        "origin_fr,status_fr,source_hash_fr\n"
        "refund,money,approved,My money?,Soon.,Mein Geld?,Bald.,Et ?,Oui,"
        "machine,draft,0123456789abcdef\n"
        "other,money,approved,Other?,Yes.,,,,\n"
    )


def test_other_sheets_and_styles_of_a_workbook_stay(tmp_path: Path) -> None:
    file = tmp_path / "faq.xlsx"
    write_file([english(each) for each in ENTRIES], file)
    workbook = openpyxl.load_workbook(file)
    workbook.create_sheet("notes")["A1"] = "do not delete"
    workbook["entries"]["A1"].font = Font(bold=True)
    workbook["entries"].column_dimensions["C"].width = 77
    workbook.save(file)

    put(tmp_path, draft(ENTRIES[0]), draft(ENTRIES[0], "Une autre"))

    written = openpyxl.load_workbook(file)
    assert written["notes"]["A1"].value == "do not delete"
    assert written["entries"]["A1"].font.bold
    assert written["entries"].column_dimensions["C"].width == 77
    assert written["entries"].max_row == 1 + len(ENTRIES) + 1


def test_values_of_json_that_are_none_of_ours_stay(tmp_path: Path) -> None:
    file = tmp_path / "faq.json"
    record = {"id": "refund", "lang": "EN", "question": "?", "answer": "!", "mine": [1, None]}
    file.write_text(json.dumps({"entries": [record]}, indent=4), encoding="utf-8")

    put(tmp_path, draft_of("refund", "Un"), draft_of("refund", "Deux"))

    written = file.read_text(encoding="utf-8")
    assert json.loads(written)["entries"][0] == record
    assert [each["answer"] for each in json.loads(written)["entries"]] == ["!", "Deux"]
    assert '\n    "entries"' in written


def test_remarks_of_a_catalogue_stay(tmp_path: Path) -> None:
    approved = replace(french(ENTRIES[2]), status=Status.APPROVED)
    records = [*(english(each) for each in ENTRIES), approved]
    write_content(records, tmp_path / "{lang}.po")
    file = tmp_path / "fr.po"
    text = file.read_text(encoding="utf-8")
    header, context = '"Language: fr\\n"', 'msgctxt "returns/period:answer"'
    text = text.replace(header, f'{header}\n"Last-Translator: Someone\\n"')
    text = text.replace(context, f"# of the translator\n{context}")
    file.write_text(text, encoding="utf-8")

    put(tmp_path, draft(ENTRIES[0]))

    written = file.read_text(encoding="utf-8")
    assert "Last-Translator: Someone" in written
    assert "# of the translator\n" in written
    assert written.count("#, fuzzy") == 3


@pytest.mark.parametrize("status", [Status.APPROVED, Status.ARCHIVED])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_people_decided_on_is_never_touched(
    tmp_path: Path, layout: str, status: Status
) -> None:
    theirs = replace(french(ENTRIES[0], "Écrit par nous"), status=status)
    records = [*(english(each) for each in ENTRIES), theirs]
    write_content(records, tmp_path / layout if layout != "pages" else tmp_path)
    file = place(tmp_path, ENTRIES[0])
    before = file.read_bytes()

    assert amend(file, [draft(ENTRIES[0])], root=tmp_path) == ()

    assert file.read_bytes() == before


def test_a_draft_of_people_is_never_touched(tmp_path: Path) -> None:
    theirs = replace(french(ENTRIES[0]), origin=Origin.HUMAN, status=Status.DRAFT)
    write_file([english(ENTRIES[0]), theirs], tmp_path / "faq.yaml")
    before = (tmp_path / "faq.yaml").read_bytes()

    assert amend(tmp_path / "faq.yaml", [draft(ENTRIES[0])], root=tmp_path) == ()
    assert (tmp_path / "faq.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("faq.yaml", "[{id: refund, lang: en, question: Why?, answer: So.}]\n"),
        ("faq.yaml", "- {id: refund, lang: en, question: Why?, answer: So.}\n...\n"),
    ],
)
def test_a_file_that_cannot_be_amended_stays_as_it_is(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")

    with pytest.raises(AmendmentError, match=r"faq\.yaml.*polyfaq convert"):
        amend(file, [draft_of("refund", "Un")], root=tmp_path)

    assert file.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [file]


def test_a_text_that_no_cell_holds_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    write_file([english(ENTRIES[0])], tmp_path / "faq.yaml")
    long = draft(ENTRIES[0], "x" * 20_001)

    with pytest.raises(AmendmentError, match="would not be read back"):
        amend(tmp_path / "faq.yaml", [long], root=tmp_path)


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "faq.yaml"
    write_file([english(ENTRIES[0])], file)
    file.chmod(0o660)

    put(tmp_path, draft(ENTRIES[0]))

    assert file.stat().st_mode & 0o777 == 0o660


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    write_file([english(ENTRIES[0])], tmp_path / "kept" / "all.yaml")
    (tmp_path / "faq.yaml").symlink_to("kept/all.yaml")

    amend(tmp_path / "faq.yaml", [draft(ENTRIES[0])], root=tmp_path)

    assert (tmp_path / "faq.yaml").is_symlink()
    assert "lang: fr" in (tmp_path / "kept" / "all.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "entry", "expected"),
    [
        (["en.yaml"], "orders/track", "fr.yaml"),
        (["faq.en.json"], "orders/track", "faq.fr.json"),
        (["en/faq.csv"], "orders/track", "fr/faq.csv"),
        (["en/orders/track.md"], "orders/track", "fr/orders/track.md"),
        (["orders/track.en.md"], "orders/track", "orders/track.fr.md"),
        (["faq.yaml"], "orders/track", "faq.yaml"),
        (["en.po"], "orders/track", "fr.po"),
        (["faq.po"], "orders/track", "faq.fr.po"),
        (["web/en.html"], "orders/track", "web/fr.yaml"),
        (["web/faq.html"], "orders/track", "web/faq.fr.yaml"),
    ],
)
def test_a_new_language_gets_a_file_named_like_the_source(
    tmp_path: Path, files: list[str], entry: str, expected: str
) -> None:
    for name in files:
        write_file([english(entry)], tmp_path / name)

    assert place(tmp_path, entry) == tmp_path / expected


def test_a_draft_joins_the_texts_of_its_language(tmp_path: Path) -> None:
    write_file([english(each) for each in ENTRIES], tmp_path / "english.yaml")
    approved = replace(french(ENTRIES[1]), status=Status.APPROVED)
    write_file([approved], tmp_path / "français.csv")
    write_file([replace(approved, id="elsewhere")], tmp_path / "more.yaml")

    assert place(tmp_path, ENTRIES[0]) == tmp_path / "français.csv"


def test_amended_content_converts_without_loss(tmp_path: Path) -> None:
    write_file([english(each) for each in ENTRIES], tmp_path / "faq.wide.csv")
    put(tmp_path, *(draft(each) for each in ENTRIES))

    report = convert(tmp_path / "faq.wide.csv", tmp_path / "other" / "faq.yaml")

    assert report.losses == ()
