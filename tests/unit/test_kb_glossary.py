"""The glossary beside the content."""

from pathlib import Path

import pytest

from knowledge_base.files import read_content
from knowledge_base.glossary import Glossary, read_glossary
from knowledge_base.problems import ContentError, MissingPathError

TERMS = """\
term,fr,de-AT
Acme Pay,,
basket,panier,Warenkorb
"account, your",votre compte,
"""


def glossary(folder: Path, text: str = TERMS) -> Glossary:
    file = folder / "glossary.csv"
    file.write_text(text, encoding="utf-8")
    return read_glossary(file, "en")


def test_terms_stay_or_are_settled(tmp_path: Path) -> None:
    read = glossary(tmp_path)

    assert read.between("en", "fr-CA") == {
        "Acme Pay": "Acme Pay",
        "basket": "panier",
        "account, your": "votre compte",
    }
    assert read.between("en", "de") == {"Acme Pay": "Acme Pay", "basket": "Warenkorb"}
    assert read.between("en", "ar") == {"Acme Pay": "Acme Pay"}


def test_terms_are_found_in_other_languages_too(tmp_path: Path) -> None:
    read = glossary(tmp_path)

    assert read.between("fr", "de") == {"Acme Pay": "Acme Pay", "panier": "Warenkorb"}
    assert read.between("fr", "en")["panier"] == "basket"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_it_is_a_table_as_spreadsheets_write_it(tmp_path: Path, separator: str) -> None:
    read = glossary(tmp_path, f"\ufeffTerm{separator}fr\r\n\r\nbasket{separator}panier\r\n")

    assert read.between("en", "fr") == {"basket": "panier"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("word,fr\nx,y\n", r"glossary\.csv:1: .*'word'; call it term"),
        ("term,tlh-x-y-z!\nx,y\n", r"glossary\.csv:1: .*is not a language tag"),
        ("term,fr\nx,y,z\n", r"glossary\.csv:2: .*more cells"),
        ("term,fr\n,y\n", r"glossary\.csv:2: .*no term"),
        ("term,fr\nx,y\nx,z\n", r"glossary\.csv:3: .*'x' stands twice"),
        ('term,fr\n"x"y,z\n', r"glossary\.csv:2: .*cannot be read"),
    ],
)
def test_faults_are_named_with_their_row(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ContentError, match=message):
        glossary(tmp_path, text)


def test_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "glossary.csv").write_bytes(b"term\n\xff\xff\n")

    with pytest.raises(ContentError, match="UTF-8"):
        read_glossary(tmp_path / "glossary.csv", "en")


def test_more_than_anyone_writes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="larger than"):
        glossary(tmp_path, "term\n" + "x" * 5_000_000)
    with pytest.raises(ContentError, match="more than 2000 terms"):
        glossary(tmp_path, "term\n" + "".join(f"word{number}\n" for number in range(2_001)))


def test_a_glossary_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match=r"glossary\.csv"):
        read_glossary(tmp_path / "glossary.csv", "en")


def test_it_is_no_content(tmp_path: Path) -> None:
    glossary(tmp_path)

    assert read_content([tmp_path]).problems == ()
