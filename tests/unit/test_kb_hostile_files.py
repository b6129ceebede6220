"""Hostile files are refused with a reason, in little memory and without waiting for ever.

All of them are read in one process that may not use more than a fixed amount of memory.
"""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge_base.files import read_content, read_file
from knowledge_base.limits import Limits
from knowledge_base.problems import Code

MEMORY_BYTES = 1024 * 1024 * 1024
READ_ALL = """
import json, resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
from knowledge_base.files import read_file
found = {}
for path in sorted(Path(sys.argv[2]).iterdir()):
    content = read_file(path)
    found[path.name] = sorted(set(p.code for p in content.problems))
    found[path.name].append(f"{len(content.records)} records")
print(json.dumps(found))
"""


def workbook(parts: dict[str, bytes]) -> bytes:
    """A workbook of one cell, with parts replaced or added."""
    plain = io.BytesIO()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id"])
    book.save(plain)
    out = io.BytesIO()
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, data in parts.items():
            target.writestr(name, data)
    return out.getvalue()


def with_stated_size(data: bytes, name: bytes, size: int) -> bytes:
    """A ZIP archive whose directory states another size for a part than it has."""
    entry = data.rindex(name) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    return data[: entry + 24] + struct.pack("<I", size) + data[entry + 28 :]


def sheet_of(rows: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, rows)


SHEET = "xl/worksheets/sheet1.xml"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
LAUGHS = "a: &a [x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(f'*{old}' for _ in range(9))}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MEGA = 1_000_000

HOSTILE: dict[str, tuple[Callable[[], bytes], Code]] = {
    "bomb.xlsx": (lambda: workbook({SHEET: b"\0" * 140 * MEGA}), Code.TOO_LARGE),
    "parts.xlsx": (
        lambda: workbook({f"xl/media/{n}.bin": b"ab" * (MEGA // 2) for n in range(135)}),
        Code.TOO_LARGE,
    ),
    "liar.xlsx": (
        lambda: with_stated_size(workbook({SHEET: b"<" * 30 * MEGA}), SHEET.encode(), 1000),
        Code.UNREADABLE_FILE,
    ),
    "tags.xlsx": (
        lambda: workbook({SHEET: sheet_of(b"<row><c></c><c/>abcde" * 2 * MEGA)}),
        Code.TOO_LARGE,
    ),
    "styles.xlsx": (lambda: workbook({"xl/styles.xml": os.urandom(5 * MEGA)}), Code.TOO_LARGE),
    "entities.xlsx": (
        lambda: workbook({SHEET: ENTITIES + sheet_of(b"&b;")}),
        Code.FORBIDDEN_SYNTAX,
    ),
    "hidden-entities.xlsx": (
        lambda: workbook({SHEET: (ENTITIES + sheet_of(b"&b;")).decode().encode("utf-16")}),
        Code.UNREADABLE_FILE,
    ),
    "far-row.xlsx": (
        lambda: workbook({SHEET: sheet_of(b'<row r="99999999999"><c r="A1"><v>1</v></c></row>')}),
        Code.TOO_MANY,
    ),
    "far-column.xlsx": (
        lambda: workbook({SHEET: sheet_of(b'<row r="1"><c r="XFD1"><v>1</v></c></row>')}),
        Code.TOO_MANY,
    ),
    "outside.xlsx": (lambda: workbook({"../../etc/cron.d/x": b"x"}), Code.UNSAFE_PATH),
    "no-workbook.xlsx": (lambda: b"PK\x03\x04 not a workbook", Code.UNREADABLE_FILE),
    "only-a-zip.xlsx": (
        lambda: workbook({"[Content_Types].xml": b"<Types/>"}),
        Code.UNREADABLE_FILE,
    ),
    "laughs.yaml": (LAUGHS.encode, Code.SYNTAX),
    "anchors.yaml": (lambda: f"- {LAUGHS}".replace("\n", "\n  ").encode(), Code.FORBIDDEN_SYNTAX),
    "objects.yaml": (
        lambda: b"- id: !!python/object/apply:os.system [ls]\n",
        Code.FORBIDDEN_SYNTAX,
    ),
    "own-tag.yaml": (lambda: b"- !secret\n  id: a\n", Code.FORBIDDEN_SYNTAX),
    "deep.yaml": (lambda: b"- a: " + b"[" * MEGA, Code.FORBIDDEN_SYNTAX),
    "deep-blocks.yaml": (lambda: b"- " * MEGA, Code.FORBIDDEN_SYNTAX),
    "wide.yaml": (lambda: b"- tags: [" + b"a," * MEGA + b"]", Code.TOO_LONG),
    "deep.json": (lambda: b'[{"id": ' + b"[" * MEGA + b"]" * MEGA + b"}]", Code.TOO_LONG),
    "less-deep.json": (
        lambda: b'[{"id": ' + b"[" * 9000 + b"]" * 9000 + b"}]",
        Code.FORBIDDEN_SYNTAX,
    ),
    "wide.json": (lambda: b'[{"id": [' + b"[]," * 2 * MEGA + b"[]]}]", Code.TOO_LONG),
    "many.json": (lambda: b"[" + b"[]," * 100_000 + b"[]]", Code.TOO_MANY),
    "quotes.json": (lambda: b'["' + b'\\"' * 10 * MEGA, Code.SYNTAX),
    "digits.json": (lambda: b'[{"id": ' + b"9" * 500_000 + b"}]", Code.SYNTAX),
    "deep.jsonl": (lambda: b'{"id": ' * 100_000, Code.FORBIDDEN_SYNTAX),
    "cell.csv": (lambda: b'id,lang,question,answer\n"' + b"a" * 20 * MEGA, Code.SYNTAX),
    "columns.csv": (lambda: b"id," * 100_000, Code.TOO_MANY),
    "rows.csv": (lambda: b"id,lang,question,answer\n" + b"a\n" * 100_000, Code.TOO_MANY),
    "nul.csv": (lambda: b"id,lang,question,answer\na,en,\0,b\n", Code.CONTROL_CHARACTER),
    "empty-lines.jsonl": (lambda: b"\n" * 20 * MEGA, Code.TOO_MANY),
    "empty-lines.po": (lambda: b"\n" * 20 * MEGA, Code.TOO_MANY),
    "front.md": (lambda: b"---\n" + b"a\n" * MEGA, Code.SYNTAX),
    "aliases.md": (lambda: b"---\na: &a b\nc: *a\n---\n# x\n", Code.FORBIDDEN_SYNTAX),
    "lines.po": (lambda: b'msgid ""\nmsgstr ""\n' + b'"a"\n' * MEGA, Code.TOO_LONG),
    "deep.html": (lambda: b"<div>" * 100_000, Code.SYNTAX),
    "deep-answer.html": (
        lambda: (
            b"<div itemtype='https://schema.org/FAQPage'><div itemtype='https://schema.org/"
            b"Question'><p itemprop=name>q</p><div itemprop=text>" + b"<b>" * 9000 + b"x</div>"
        ),
        Code.FORBIDDEN_SYNTAX,
    ),
    "blank-answer.html": (
        lambda: (
            b"<div itemtype='https://schema.org/FAQPage'><div itemtype='https://schema.org/"
            b"Question'><p itemprop=name>q</p><div itemprop=text><p>" + b" " * 79_000 + b"x</div>"
        ),
        Code.MISSING_FIELD,
    ),
    "deep-data.html": (
        lambda: b"<script type='application/ld+json'>" + b"[" * MEGA + b"</script>",
        Code.FORBIDDEN_SYNTAX,
    ),
    "open.html": (lambda: b"<!--" * MEGA, Code.SYNTAX),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(MEMORY_BYTES), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers: dict[str, list[str]] = json.loads(done.stdout)
    return answers


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_for_the_right_reason(
    name: str, found: dict[str, list[str]]
) -> None:
    assert HOSTILE[name][1] in found[name]
    assert "0 records" in found[name]


def test_a_cell_of_100_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cell.csv"
    with path.open("wb") as file:
        file.truncate(100 * MEGA)

    content = read_file(path)

    assert [problem.code for problem in content.problems] == [Code.TOO_LARGE]
    assert content.files == ()


def test_all_files_together_are_bounded(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "c.json"):
        (tmp_path / name).write_text("[]".ljust(100))

    content = read_content([tmp_path], Limits(content_bytes=250))

    assert [problem.code for problem in content.errors] == [Code.TOO_LARGE]
    assert "c.json" in str(content.errors[0])


def test_a_named_pipe_does_not_keep_the_reader_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")

    content = read_content([tmp_path])

    assert [problem.code for problem in content.problems] == [Code.UNREADABLE_FILE]


def test_the_number_of_records_is_bounded_over_all_files(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        line = {"id": name, "lang": "en", "question": "q", "answer": "a"}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(line))

    content = read_content([tmp_path], Limits(records=2))

    assert len(content.records) == 2
    assert [problem.code for problem in content.errors] == [Code.TOO_MANY]


def test_the_number_of_files_is_bounded(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.json").write_text("[]")

    content = read_content([tmp_path], Limits(files=2))

    assert len(content.files) == 2
    assert [problem.code for problem in content.errors] == [Code.TOO_MANY]
