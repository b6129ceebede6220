"""Records come back from every format as they went in."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge_base.entry import Location, Origin, Record, Status
from knowledge_base.files import read_content, write_content
from knowledge_base.limits import Limits
from knowledge_base.record_rules import build_record
from knowledge_base.record_values import plain_values

TARGETS = [
    "out.csv",
    "out.tsv",
    "out.wide.csv",
    "out.wide.tsv",
    "out.xlsx",
    "out.wide.xlsx",
    "out.json",
    "out.jsonl",
    "out.yaml",
    "pages",
    "{lang}.po",
    "{lang}.yaml",
    "out.html",
]

TROUBLE = st.sampled_from(
    [
        "=1+1",
        "+49 30 1234",
        "-",
        "- a list",
        "@name",
        "'=quoted",
        "''",
        "no",
        "null",
        "~",
        "1",
        "1.0",
        "2026-01-01",
        "true",
        "# not a heading",
        "---",
        "a: b",
        "a #b",
        "*alias",
        "&anchor",
        "!tag",
        "{lang}",
        "[x",
        '"',
        "'",
        "a;b",
        "a,b",
        "a\tb",
        "\\n",
        "\\",
        "<b>x</b>",
        "</script>",
        "&amp;",
        "_x000D_",
        "#N/A",
        "#REF!",
        "x\u00a0?",
        "\u3000全角",
        "e\u0301",
        "👩\u200d💻",
        "\u200fשלום",
        "नमस्ते",
        "%",
        "|",
        ">",
        "`",
        "@",
        "fuzzy",
        "none",
        "sep=;",
    ]
)
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"
)
WORDS = st.one_of(TROUBLE, st.text(LETTERS, min_size=1, max_size=12))
LINES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
BLOCKS = st.lists(st.one_of(LINES, st.just("")), min_size=1, max_size=4).map("\n".join)
KEYS = st.text(string.ascii_lowercase + "_-.", min_size=1, max_size=6).map(lambda end: f"k{end}")
IDS = st.sampled_from(["a", "a/b", "x.y-z_1", "1", "orders/track", "A1", "007", "1.0", "no"])
DATES = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@st.composite
def records(draw: st.DrawFn) -> Record | None:
    """A record in the form that every reader gives it, so that it can be compared."""
    origin = draw(st.sampled_from(Origin))
    start, end = sorted([draw(DATES), draw(DATES)])
    values = {
        "id": draw(IDS),
        "lang": draw(st.sampled_from(["en", "fr", "pt-BR", "zh-Hant", "nb"])),
        "question": draw(LINES),
        "answer": draw(BLOCKS),
        "alternates": draw(st.lists(LINES, max_size=3)),
        "tags": [tag.replace(",", "") for tag in draw(st.lists(LINES, max_size=2))],
        "url": draw(st.sampled_from([None, "https://shop.example/a?b=c&d", "/help#x"])),
        "valid_from": draw(st.sampled_from([None, start])),
        "valid_until": draw(st.sampled_from([None, end])),
        "related": draw(st.lists(IDS, max_size=2)),
        "metadata": draw(st.dictionaries(KEYS, LINES, max_size=2)),
        "origin": origin.value,
        "status": draw(st.sampled_from([None, *Status])),
        "source_hash": draw(st.sampled_from([None, "0123456789abcdef", "1234567890123456"])),
    }
    record, _ = build_record(values, Location("drawn"), Limits())
    return record


def distinct(drawn: Sequence[Record | None]) -> list[Record]:
    return list({(r.id, r.lang): r for r in drawn if r is not None}.values())


CONTENTS = st.lists(records(), min_size=1, max_size=4).map(distinct).filter(bool)


def by_key(found: Sequence[Record]) -> dict[tuple[str, str], Record]:
    assert len({(record.id, record.lang) for record in found}) == len(found)
    return {(record.id, record.lang): record for record in found}


@pytest.mark.parametrize("target", TARGETS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=CONTENTS)
def test_every_format_holds_every_field(
    target: str, content: list[Record], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("content")

    files = write_content(content, folder / target)
    found = read_content(files)

    assert found.problems == ()
    assert by_key(found.records) == by_key(content)


@settings(max_examples=100, deadline=None)
@given(record=records().filter(lambda record: record is not None))
def test_the_canonical_form_of_a_record_is_final(record: Record) -> None:
    again, problems = build_record(plain_values(record), Location("again"), Limits())

    assert problems == []
    assert again == record


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_at_all_comes_back_as_nothing(target: str, tmp_path: Path) -> None:
    files = write_content([], tmp_path / target)

    content = read_content(files)

    assert content.records == ()
    assert content.problems == ()


def test_texts_keep_their_unicode_composition(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "à é")
    record = Record("a", "fr", decomposed, decomposed)

    write_content([record], tmp_path / "out.csv")

    assert read_content([tmp_path / "out.csv"]).records == (record,)
