"""What there is to translate, by which way, and what is remembered."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.translating.memory import MemoryUnusableError, TranslationMemory
from app.translating.planning import Only, Plan, Wanted, plan
from app.translating.refusal import Reason
from app.translating.routes import Routes
from knowledge_base.entry import Origin, Record, Status, source_hash
from models.marked_text import Kept, Marked
from models.translation import Pair, Translated

ENGLISH = Record("refund", "en", "My money?", "Soon.")
HASH = source_hash(ENGLISH.question, ENGLISH.answer)
FRENCH = replace(ENGLISH, lang="fr", question="Et ?", answer="Oui", source_hash=HASH)
DRAFT = replace(FRENCH, origin=Origin.MACHINE, status=Status.DRAFT)
STALE = replace(DRAFT, source_hash="0" * 16)
GERMAN = replace(ENGLISH, lang="de", question="Geld?", answer="Bald.")


def routes(*pairs: str) -> Routes:
    return Routes([Pair(*pair.split(">")) for pair in pairs], ["en"])


EVERYWHERE = routes("en>fr", "en>es", "de>fr", "de>es", "fr>es", "es>fr")


def planned(
    *records: Record, only: Only | None = None, source: str | None = None, to: str = "fr"
) -> Plan:
    wanted = Wanted(tuple(to.split(",")), source, ("en",), only)
    return plan(records, wanted, lambda: EVERYWHERE)


def pairs_of(route: Sequence[Pair] | None) -> list[str]:
    return [f"{pair.source}>{pair.target}" for pair in route or ()]


def test_a_missing_text_is_made_from_the_default_language() -> None:
    (job,) = planned(GERMAN, ENGLISH).jobs

    assert (job.source, job.lang, job.replaced) == (ENGLISH, "fr", None)
    assert pairs_of(job.route) == ["en>fr"]


def test_it_is_made_from_the_best_approved_text_else() -> None:
    machine = replace(GERMAN, lang="es", origin=Origin.MACHINE)
    draft = replace(ENGLISH, status=Status.DRAFT)

    (job,) = planned(draft, machine, GERMAN).jobs

    assert job.source == GERMAN


def test_it_is_made_from_a_text_that_the_translator_can_read() -> None:
    wanted = Wanted(("fr",), None, ("en",))

    (job,) = plan([ENGLISH, GERMAN], wanted, lambda: routes("de>fr")).jobs

    assert job.source == GERMAN


def test_it_is_made_from_the_language_that_is_named_alone() -> None:
    (job,) = planned(ENGLISH, GERMAN, source="de").jobs
    nothing = planned(ENGLISH, source="de")

    assert job.source == GERMAN
    assert (nothing.jobs, nothing.sourceless) == ([], ["refund"])


def test_a_current_draft_is_left_alone() -> None:
    found = planned(ENGLISH, DRAFT)

    assert (found.jobs, found.current) == ([], {"fr": 1})


def test_a_draft_made_from_another_approved_text_is_current() -> None:
    hashed = source_hash(GERMAN.question, GERMAN.answer)

    assert planned(ENGLISH, GERMAN, replace(DRAFT, source_hash=hashed)).jobs == []


def test_a_stale_draft_is_made_anew() -> None:
    (job,) = planned(ENGLISH, STALE).jobs

    assert job.replaced == STALE


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": Origin.HUMAN, "status": Status.APPROVED},
        {"origin": Origin.MACHINE, "status": Status.APPROVED},
        {"origin": Origin.HUMAN, "status": Status.DRAFT},
        {"origin": Origin.MACHINE, "status": Status.ARCHIVED},
    ],
)
def test_what_people_decided_on_is_left_to_them(changes: dict[str, Origin | Status]) -> None:
    found = planned(ENGLISH, replace(STALE, **changes))  # type: ignore[arg-type] # its fields

    assert (found.jobs, found.stale_approved) == ([], {"fr": 1})


@pytest.mark.parametrize(("only", "made"), [(Only.MISSING, ["es"]), (Only.STALE, ["fr"])])
def test_only_some_are_made(only: Only, made: list[str]) -> None:
    assert [job.lang for job in planned(ENGLISH, STALE, only=only, to="fr,es").jobs] == made


def test_the_source_itself_is_no_translation() -> None:
    found = planned(ENGLISH, to="en,fr")

    assert [job.lang for job in found.jobs] == ["fr"]
    assert found.current == {}


def test_archived_entries_are_left_alone() -> None:
    found = planned(replace(ENGLISH, status=Status.ARCHIVED))

    assert (found.jobs, found.sourceless) == ([], [])


def test_an_entry_of_drafts_has_no_source() -> None:
    assert planned(DRAFT, to="es").sourceless == ["refund"]


def test_no_way_into_a_language_is_told_for_the_entry() -> None:
    (refusal,) = planned(ENGLISH, to="ja").refused

    assert (refusal.entry_id, refusal.lang, refusal.reason) == ("refund", "ja", Reason.NO_ROUTE)
    assert "from en to ja" in refusal.message


def test_the_translator_is_not_asked_where_nothing_is_to_be_done() -> None:
    def unreachable() -> Routes:
        raise AssertionError

    wanted = Wanted(("fr",), None, ("en",))

    assert plan([ENGLISH, DRAFT], wanted, unreachable).jobs == []


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("en", "es", ["eng>spa"]),
        ("en-GB", "es-MX", ["eng>spa"]),
        ("es", "pt-BR", ["spa>pt_BR"]),
        ("es", "pt-PT", ["spa>pt"]),
        ("en", "pt", ["eng>spa", "spa>pt"]),
        ("fr", "es", ["fr>eng", "eng>spa"]),
        ("fr", "pt", None),
        ("de", "en", None),
        ("no", "en", ["nob>eng"]),
    ],
)
def test_ways_are_direct_or_over_one_language(
    source: str, target: str, expected: list[str] | None
) -> None:
    known = routes("eng>spa", "spa>pt", "spa>pt_BR", "fr>eng", "nob>eng", "speller>x", "fr>it")
    found = known.between("nb" if source == "no" else source, target)

    assert (None if found is None else pairs_of(found)) == expected


def test_the_way_over_the_default_language_is_preferred() -> None:
    known = routes("de>ca", "de>en", "ca>fr", "en>fr")

    assert pairs_of(known.between("de", "fr")) == ["de>en", "en>fr"]


TEXT = ("Pay ", Marked(1, ("now",)), Kept(2, "4.90 €"))


def test_what_was_translated_is_remembered(tmp_path: Path) -> None:
    with TranslationMemory(tmp_path / "home" / "t.db") as memory:
        memory.keep("one", Pair("en", "fr"), {TEXT: Translated(TEXT, 3)})

    with TranslationMemory(tmp_path / "home" / "t.db") as memory:
        assert memory.find("one", Pair("en", "fr"), TEXT) == Translated(TEXT, 3)
        assert memory.find("two", Pair("en", "fr"), TEXT) is None
        assert memory.find("one", Pair("en", "es"), TEXT) is None
        assert memory.find("one", Pair("en", "fr"), TEXT[:1]) is None


def test_a_file_that_is_no_memory_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_bytes(b"no database" * 1000)

    with pytest.raises(MemoryUnusableError, match=r"t\.db: .*delete the file"):
        TranslationMemory(tmp_path / "t.db")


def test_a_memory_of_other_columns_is_named(tmp_path: Path) -> None:
    store = sqlite3.connect(tmp_path / "t.db")
    store.execute("CREATE TABLE translations (key BLOB)")
    store.close()

    with (
        TranslationMemory(tmp_path / "t.db") as memory,
        pytest.raises(MemoryUnusableError, match="delete the file"),
    ):
        memory.find("one", Pair("en", "fr"), TEXT)


def test_a_damaged_row_is_translated_anew(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    with TranslationMemory(file) as memory:
        memory.keep("one", Pair("en", "fr"), {TEXT: Translated(TEXT)})
    store = sqlite3.connect(file)
    store.execute("UPDATE translations SET markup = '<b id=\"1\">'")
    store.commit()
    store.close()

    with TranslationMemory(file) as memory:
        assert memory.find("one", Pair("en", "fr"), TEXT) is None
