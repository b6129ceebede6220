"""The editors' documentation says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge_base.entry import Record, source_hash
from knowledge_base.fields import FIELDS
from knowledge_base.files import read_content
from knowledge_base.formats import SUFFIXES
from knowledge_base.problems import Code

EDITORS = Path(__file__).parents[2] / "docs" / "editors"
FORMATS = (EDITORS / "formats.md").read_text(encoding="utf-8")
EXAMPLES: dict[str, str] = dict(
    re.findall(r"^```\w+ (\S+)\n(.*?)^```$", FORMATS, re.MULTILINE | re.DOTALL)
)
ENGLISH = Record(
    "orders/track",
    "en",
    "Where is my order?",
    "Open **My orders** and choose it.",
    ("Track my parcel", "Has it been shipped?"),
    ("orders",),
    metadata={"product": "shop"},
)
FRENCH = Record(
    "orders/track",
    "fr",
    "Où est ma commande ?",
    "Ouvrez **Mes commandes** et choisissez-la.",
    ("Suivre mon colis",),
    ("orders",),
    metadata={"product": "shop"},
)
ONE_LANGUAGE = {"en/orders/track.md": [ENGLISH], "en.po": [ENGLISH], "fr/orders/track.md": [FRENCH]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_holds_the_same_two_texts(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(EXAMPLES[name], encoding="utf-8")

    content = read_content([tmp_path])

    assert content.problems == ()
    if name == "fr.po":
        (translated,) = content.records
        assert translated.question == FRENCH.question
        assert translated.source_hash == source_hash(ENGLISH.question, ENGLISH.answer)
    else:
        assert list(content.records) == ONE_LANGUAGE.get(name, [ENGLISH, FRENCH])


def test_every_format_has_an_example_and_every_suffix_is_named() -> None:
    shown = {Path(name).suffix for name in EXAMPLES}

    assert shown == {".csv", ".json", ".jsonl", ".yaml", ".md", ".po", ".html"}
    assert all(f"`{suffix}`" in FORMATS for suffix in SUFFIXES)


def test_every_field_is_described() -> None:
    described = FORMATS.replace("`metadata.KEY`", "`metadata`")

    assert [field for field in FIELDS if f"`{field}`" not in described] == []


def test_every_kind_of_problem_is_described() -> None:
    checks = (EDITORS / "checks.md").read_text(encoding="utf-8")

    assert [code for code in Code if f"`{code}`" not in checks] == []
