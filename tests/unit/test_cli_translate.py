"""`polyfaq translate`."""

from __future__ import annotations

import re
import stat
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from app.cli import translate as command
from knowledge_base.entry import Origin, Status
from knowledge_base.files import read_content
from models.translation import TranslatorUnavailableError
from tests.fake_translating import FakeTranslator
from tests.unit.cli_run import Home, Ran

CONTENT = """\
- id: gift
  lang: en
  question: Do you wrap gifts for me?
  alternates: [Gift wrap please]
  answer: Yes, for 4.90 euro when you pay.
- id: refund
  lang: en
  question: How do I get my money back?
  answer: Send the parcel back to us.
"""
EURO = '<span translate="no" id="1">4.90</span>'
PHRASES = {
    "Do you wrap gifts for me?": "Pouvez-vous emballer les cadeaux pour moi ?",
    "Gift wrap please": "Un emballage cadeau, s'il vous plaît",
    f"Yes, for {EURO} euro when you pay.": f"Oui, pour {EURO} euros au moment du paiement.",
    "How do I get my money back?": "Comment puis-je récupérer mon argent ?",
    "Send the parcel back to us.": "Renvoyez-nous le colis par la poste.",
}


@pytest.fixture
def translator(home: Home, monkeypatch: pytest.MonkeyPatch) -> FakeTranslator:
    made = FakeTranslator(PHRASES)
    monkeypatch.setattr(command, "translator_for", lambda *_: made)
    home.write("en.yaml", CONTENT)
    return made


def drafts(home: Home) -> str:
    return (home.content / "fr.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("translator")
def test_drafts_are_written_beside_their_source(home: Home) -> None:
    ran = home.run("translate", "--to", "fr")

    assert ran.code == 0, ran.err
    assert "2 drafts written into 1 file; 5 passages translated, 0 known from before" in ran.out
    assert "visitors do not see drafts" in ran.out
    assert "Making 2 drafts" in ran.err
    assert drafts(home).count("status: draft") == 2
    assert home.run("check").code == 0


def test_a_second_run_does_nothing(home: Home, translator: FakeTranslator) -> None:
    home.run("translate", "--to", "fr")
    translator.calls.clear()

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 0
    assert "nothing to translate" in ran.out
    assert translator.calls == []


def test_a_dry_run_shows_what_there_is(home: Home, translator: FakeTranslator) -> None:
    ran = home.run("translate", "--to", "fr", "--dry-run")
    told = home.run("translate", "--to", "fr", "--dry-run", "--json")

    assert ran.code == 0
    assert [line.split() for line in ran.out.splitlines()][:2] == [
        ["LANGUAGE", "MISSING", "STALE", "CURRENT"],
        ["fr", "2", "-", "-"],
    ]
    assert told.json["jobs"][0] == {
        "entry_id": "gift",
        "lang": "fr",
        "from": "en",
        "replaces_stale": False,
    }
    assert translator.calls == []
    assert not (home.content / "fr.yaml").exists()
    assert not (home.folder / "var").exists()


def test_refusals_are_told_by_entry_and_field(home: Home, translator: FakeTranslator) -> None:
    translator.phrases["Gift wrap please"] = "Emballage à 3 euros"
    translator.phrases["Send the parcel back to us."] = ""

    ran = home.run("translate", "--to", "fr")
    told = home.run("translate", "--to", "fr", "--json")

    assert ran.code == 0
    assert "refused: [gift fr] alternates: '3' is not in the source (pieces)" in ran.err
    assert "refused: [refund fr] answer: nothing came back (empty)" in ran.err
    rows = [line.split() for line in ran.out.splitlines()]
    assert ["fr", "1", "1", "1", "-", "-"] in rows
    assert ["empty", "-", "1", "-", "-"] in rows
    assert told.json["written"] == []
    assert told.json["refused"] == [
        {
            "entry_id": "refund",
            "lang": "fr",
            "field": "answer",
            "reason": "empty",
            "message": "nothing came back",
        }
    ]


def test_what_was_done_is_json_for_programs(home: Home, translator: FakeTranslator) -> None:
    ran = home.run("translate", "--to", "fr", "--json")

    assert ran.code == 0
    assert ran.err == ""
    assert ran.json["written"] == [
        {"entry_id": "gift", "lang": "fr"},
        {"entry_id": "refund", "lang": "fr"},
    ]
    assert ran.json["files"] == [str(home.content / "fr.yaml")]
    assert (ran.json["translated"], ran.json["failure"]) == (len(translator.phrases), None)


def test_the_wrong_language_is_refused(home: Home, translator: FakeTranslator) -> None:
    translator.phrases["Send the parcel back to us."] = "Senden Sie uns das Paket zurück bitte."
    home.write("de.yaml", "- {id: x, lang: de, question: Wie?, answer: So.}\n")

    ran = home.run("translate", "--to", "fr", "--from", "en", "--json")

    assert [(each["field"], each["reason"]) for each in ran.json["refused"]] == [
        ("answer", "language")
    ]
    assert ran.json["without_source"] == ["x"]


def test_terms_of_the_glossary_beside_the_content_are_settled(
    home: Home, translator: FakeTranslator
) -> None:
    home.write("glossary.csv", "term,fr\ngifts,présents\n")
    term = '<span translate="no" id="1">présents</span>'
    translator.phrases[f"Do you wrap {term} for me?"] = f"Emballez-vous les {term} pour moi ?"

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 0
    assert "Emballez-vous les présents pour moi ?" in drafts(home)


@pytest.mark.usefixtures("translator")
def test_a_file_stands_for_its_entries_wherever_their_texts_are(home: Home) -> None:
    home.write("more.yaml", CONTENT.replace("gift", "box").replace("refund", "money"))
    home.write("autre.csv", "id,lang,question,answer\ngift,fr,Cadeau ?,Oui.\n")

    ran = home.run("translate", "--to", "fr", home.content / "en.yaml", "--json")

    assert ran.json["written"] == [{"entry_id": "refund", "lang": "fr"}]
    assert ran.json["files"] == [str(home.content / "autre.csv")]
    assert home.run("check").code == 0


@pytest.mark.usefixtures("translator")
def test_a_file_elsewhere_is_all_there_is(home: Home) -> None:
    file = home.folder / "elsewhere.yaml"
    file.write_text(CONTENT, encoding="utf-8")

    ran = home.run("translate", "--to", "fr", file)

    assert ran.code == 0, ran.err
    assert file.read_text(encoding="utf-8").count("lang: fr") == 2
    assert not (home.content / "fr.yaml").exists()


@pytest.mark.usefixtures("translator")
def test_a_glossary_with_faults_is_wrong_input(home: Home) -> None:
    other = home.folder / "terms.csv"
    other.write_text("word,fr\n")

    ran = home.run("translate", "--to", "fr", "--glossary", other)
    missing = home.run("translate", "--to", "fr", "--glossary", home.folder / "none.csv")

    assert (ran.code, missing.code) == (1, 1)
    assert "terms.csv:1: error:" in ran.err
    assert "none.csv" in missing.err


@pytest.mark.usefixtures("translator")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "fr,xx-yy-zz-1"], "--to: 'xx-yy-zz-1' is not a language tag"),
        (["--to", " , "], "--to names no language"),
        (["--to", "fr", "--from", "gb"], "--from: 'gb' names no known language"),
        (["--to", "fr", "--only", "some"], "'some' is not one of"),
        ([], "Missing option '--to'"),
    ],
)
def test_wrong_usage_is_told(home: Home, arguments: list[str], message: str) -> None:
    ran = home.run("translate", *arguments)

    assert ran.code == 2
    assert message in ran.err


def test_the_sample_is_not_written_to(home: Home) -> None:
    ran = run_without_content(home)

    assert ran.code == 2
    assert "no content of yours is named" in ran.err


def run_without_content(home: Home) -> Ran:
    environment = {**home.environment, "POLYFAQ_CONTENT": None}
    return Home(home.folder, environment).run("translate", "--to", "nl")


def test_a_translator_must_be_chosen(home: Home) -> None:
    home.write("en.yaml", CONTENT)

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 2
    assert "POLYFAQ_TRANSLATOR" in ran.err
    assert "apertium or libretranslate" in ran.err


@pytest.mark.usefixtures("translator")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_faulty_content_is_not_translated(home: Home, more: list[str]) -> None:
    file = home.write("de.csv", "id,lang,question,answer\ngift,de,,Ja.\n")

    ran = home.run("translate", "--to", "fr", *more)

    assert ran.code == 1
    assert str(file) in ran.out
    assert "question is missing" in ran.out
    assert not (home.content / "fr.yaml").exists()


@pytest.mark.usefixtures("translator")
def test_entries_that_stand_twice_are_told(home: Home) -> None:
    home.write("more.yaml", CONTENT)

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 1
    assert "the entry has several texts in this language" in ran.out


@pytest.mark.usefixtures("translator")
def test_a_folder_without_content_is_wrong_input(home: Home) -> None:
    (home.folder / "empty").mkdir()

    ran = home.run("translate", "--to", "fr", home.folder / "empty")

    assert ran.code == 1
    assert "holds no content" in ran.err


def test_a_translator_that_goes_is_a_failure_of_the_system(
    home: Home, translator: FakeTranslator
) -> None:
    translator.is_down = True

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 3
    assert "the test took the translator down" in ran.err
    assert "Traceback" not in ran.err


def test_a_translator_that_cannot_be_asked_is_a_failure_of_the_system(
    home: Home, translator: FakeTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> None:
        raise TranslatorUnavailableError("nobody is there")

    monkeypatch.setattr(translator, "pairs", down)

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 3
    assert "nobody is there" in ran.err


@pytest.mark.usefixtures("translator")
def test_two_runs_do_not_write_at_once(home: Home) -> None:
    (home.folder / "var").mkdir()
    with FileLock(home.folder / "var" / "translate.lock"):
        ran = home.run("translate", "--to", "fr")

    assert ran.code == 3
    assert "another `polyfaq translate` runs" in ran.err


@pytest.mark.usefixtures("translator")
def test_a_home_that_cannot_be_written_is_told(home: Home) -> None:
    (home.folder / "var").mkdir()
    (home.folder / "var" / "translations.db").mkdir()

    ran = home.run("translate", "--to", "fr")

    assert ran.code == 3
    assert "translations.db" in ran.err


@pytest.mark.parametrize("name", ["apertium", "libretranslate"])
def test_the_settings_choose_the_translator(home: Home, name: str) -> None:
    home.write("en.yaml", CONTENT)
    programs = home.folder / "bin"
    programs.mkdir()
    stand_in(programs / "apertium")

    ran = home.run(
        "translate",
        "--to",
        "fr",
        PATH=str(programs),
        POLYFAQ_TRANSLATOR=name,
        POLYFAQ_LIBRETRANSLATE_URL="http://127.0.0.1:1",
        POLYFAQ_LIBRETRANSLATE_KEY="secret",
    )

    assert ran.code == 3
    expected = {
        "apertium": "apertium -l ended with status 9",
        "libretranslate": "http://127.0.0.1:1 was not reached",
    }
    assert expected[name] in ran.err
    assert "secret" not in ran.err


def stand_in(file: Path) -> None:
    file.write_text(f"#!{sys.executable}\nraise SystemExit(9)\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


ORDERS = """\
- id: orders/change-address
  lang: en
  question: Can I change the address of my order?
  answer: |
    Yes, until 14:00. Open [My orders](https://shop.example/orders) and choose **Address**.

    - It costs 4.90 euro.
    - Your code is `SAVE-10`.
"""


@pytest.mark.usefixtures("apertium")
def test_apertium_writes_drafts_that_keep_what_they_must(home: Home) -> None:
    home.write("en.yaml", ORDERS)

    ran = home.run("translate", "--to", "es", POLYFAQ_TRANSLATOR="apertium")

    assert ran.code == 0, ran.err
    (draft,) = read_content([home.content / "es.yaml"]).records
    assert (draft.origin, draft.status) == (Origin.MACHINE, Status.DRAFT)
    assert re.fullmatch(
        r".* 14:00\. .*\[.+\]\(https://shop\.example/orders\).* \*\*\w+\*\*\.\n\n"
        r"- \w+ 4\.90 euros\.\n- .+ `SAVE-10`\.",
        draft.answer,
    )
    assert "dirección" in draft.question or "alocución" in draft.question
    assert home.run("check").code == 0
