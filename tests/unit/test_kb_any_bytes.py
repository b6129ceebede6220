"""Whatever bytes a content file holds, reading it gives records and problems and never raises."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.entry import Record
from knowledge_base.files import read_file, write_content, write_file
from knowledge_base.formats import SUFFIXES
from knowledge_base.golden import read_golden

RECORDS = [
    Record("a/b", "en", "Q?", "A **b** [x](/y)\n\n- z", ("1", "2"), ("t",), metadata={"k": "v"}),
    Record("a/b", "fr", "Qf ?", "Af", source_hash="0" * 16),
]
TOKENS = (
    "\" ' { } [ ] : , \n \r \\ --- - # &a *a !x | > < </ <! <![ &# \\ud800 msgid msgctxt #~ #| "
    'msgstr[0] %TAG 1e999 NaN itemprop=text \ufeff \udcff\udcfe @type = t="d" r="A0"'
)
PIECES = st.one_of(
    st.binary(max_size=4),
    st.sampled_from([token.encode("utf-8", "surrogateescape") for token in TOKENS.split(" ")]),
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(0, 20), PIECES), min_size=1, max_size=5
)


def changed(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        start = place % (len(data) + 1)
        data = data[:start] + piece + data[start + length :]
    return data


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A sound file for each suffix."""
    folder = tmp_path_factory.mktemp("sound")
    files = {}
    for suffix in SUFFIXES:
        page = suffix in {".md", ".markdown"}
        path = folder / f"faq{suffix}"
        write_file(RECORDS[:1] if page else RECORDS, path)
        files[suffix] = path.read_bytes()
    return files


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=40, deadline=None)
@given(changes=CHANGES)
def test_a_damaged_file_is_described_and_never_raises(
    suffix: str,
    changes: list[tuple[int, int, bytes]],
    sound: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("damaged") / f"faq{suffix}"
    path.write_bytes(changed(sound[suffix], changes))

    content = read_file(path)

    assert all(problem.message and problem.location for problem in content.problems)
    write_content(content.records, path.parent / "again.jsonl")
    assert read_file(path.parent / "again.jsonl").records == content.records


@settings(max_examples=60, deadline=None)
@given(part=st.integers(0, 100), changes=CHANGES)
def test_a_workbook_with_damaged_parts_is_described_and_never_raises(
    part: int,
    changes: list[tuple[int, int, bytes]],
    sound: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound[".xlsx"])) as source, zipfile.ZipFile(out, "w") as target:
        names = source.namelist()
        for name in names:
            data = source.read(name)
            chosen = name == names[part % len(names)]
            target.writestr(name, changed(data, changes) if chosen else data)
    path = tmp_path_factory.mktemp("damaged") / "faq.xlsx"
    path.write_bytes(out.getvalue())

    content = read_file(path)

    assert all(problem.message and problem.location for problem in content.problems)


@settings(max_examples=100, deadline=None)
@given(changes=CHANGES)
def test_damaged_golden_questions_are_described_and_never_raise(
    changes: list[tuple[int, int, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.mktemp("damaged") / "golden.jsonl"
    line = b'{"question": "wo paket??", "lang": "de", "expect": "orders/track", "note": "short"}\n'
    path.write_bytes(changed(line * 3, changes))

    questions, problems = read_golden(path)

    assert questions or problems
