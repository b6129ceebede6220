"""Content into drafts: what is written, what is refused, what is asked of the translator."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.translating.drafting import Drafter
from app.translating.memory import TranslationMemory
from app.translating.planning import Wanted, plan
from app.translating.refusal import Reason
from app.translating.routes import Routes
from app.translating.translating import TranslationReport, translate_content
from knowledge_base.amending.placing import Places
from knowledge_base.entry import Origin, Record, Status, source_hash
from knowledge_base.files import read_content
from knowledge_base.glossary import Glossary, Term
from knowledge_base.writing import write_file
from models.translation import TranslationFailedError
from tests.fake_translating import FakeTranslator, SilentTranslation

REFUND = Record(
    "refund",
    "en",
    "How do I get my money back?",
    "Send the **parcel** to [us](https://shop.example/x).\n\nIt takes 7 days.",
    alternates=("Where is my money?", "Money back", "refund 7"),
    tags=("money",),
    metadata={"product": "shop"},
)
GIFT = Record("gift", "en", "Do you wrap gifts?", "Yes, when you pay.")
KEPT = '<span translate="no" id="1">7</span>'
PHRASES = {
    "How do I get my money back?": "Comment récupérer mon argent ?",
    'Send the <b id="1">parcel</b> to <b id="2">us</b>.': (
        'Envoyez-<b id="2">nous</b> le <b id="1">colis</b>.'
    ),
    f"It takes {KEPT} days.": f"Comptez {KEPT} jours.",
    "Where is my money?": "Où est mon argent ?",
    "Money back": "Comment récupérer mon argent ?",
    f"refund {KEPT}": f"remboursement {KEPT}",
    "Do you wrap gifts?": "Emballez-vous les cadeaux ?",
    "Yes, when you pay.": "Oui, au moment du paiement.",
}


class Shop:
    """Content in a folder, and runs over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content = folder / "content"
        self.translator = FakeTranslator(PHRASES)
        self.glossary = Glossary("en")
        self.identify: Callable[[str], str] | None = None
        self.wanted = Wanted(("fr",), None, ("en",))

    def write(self, *records: Record, name: str = "faq.yaml") -> None:
        write_file(records, self.content / name)

    def run(self) -> TranslationReport:
        self.translator.calls.clear()
        records = read_content([self.content]).records
        planned = plan(records, self.wanted, lambda: Routes(self.translator.pairs(), ["en"]))
        with TranslationMemory(self.folder / "t.db") as memory:
            drafter = Drafter(self.translator, memory, self.glossary, self.identify)
            return translate_content(
                planned, drafter, Places(records, self.content), SilentTranslation()
            )

    def texts(self, lang: str = "fr") -> dict[str, Record]:
        records = read_content([self.content]).records
        return {record.id: record for record in records if record.lang == lang}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path)
    made.write(REFUND, GIFT)
    return made


def reasons(report: TranslationReport) -> list[tuple[str, str | None, Reason]]:
    return [(each.entry_id, each.field, each.reason) for each in report.refused]


def test_a_draft_is_the_translated_text_with_all_else_of_its_source(shop: Shop) -> None:
    report = shop.run()

    assert shop.texts()["refund"] == replace(
        REFUND,
        lang="fr",
        question="Comment récupérer mon argent ?",
        answer="Envoyez-[nous](https://shop.example/x) le **colis**.\n\nComptez 7 jours.",
        alternates=("Où est mon argent ?", "remboursement 7"),
        origin=Origin.MACHINE,
        status=Status.DRAFT,
        source_hash=source_hash(REFUND.question, REFUND.answer),
    )
    assert [record.id for record in report.kept] == ["refund", "gift"]
    assert (report.refused, report.failure) == ([], None)
    assert report.files == [shop.content / "faq.yaml"]
    assert report.translated == len(PHRASES)


def test_a_second_run_asks_for_nothing(shop: Shop) -> None:
    shop.run()
    before = (shop.content / "faq.yaml").read_bytes()

    report = shop.run()

    assert shop.translator.calls == []
    assert report.plan.current == {"fr": 2}
    assert (shop.content / "faq.yaml").read_bytes() == before


def test_what_was_refused_is_not_asked_for_again(shop: Shop) -> None:
    shop.translator.phrases["Do you wrap gifts?"] = ""
    first = shop.run()

    second = shop.run()

    assert shop.translator.calls == []
    assert reasons(first) == reasons(second) == [("gift", "question", Reason.EMPTY)]


def test_only_what_changed_is_asked_for(shop: Shop) -> None:
    shop.run()
    answer = "Send the **parcel** to [us](https://shop.example/x).\n\nIt takes 9 days."
    days = '<span translate="no" id="1">9</span>'
    shop.translator.phrases[f"It takes {days} days."] = f"Comptez {days} jours."
    shop.write(replace(REFUND, answer=answer), GIFT, *shop.texts().values())

    report = shop.run()

    assert shop.translator.asked == [f"It takes {days} days."]
    assert [record.id for record in report.kept] == ["refund"]
    assert shop.texts()["refund"].answer.endswith("Comptez 9 jours.")


@pytest.mark.parametrize("status", [Status.APPROVED, Status.ARCHIVED])
def test_approved_text_stays_when_its_source_changes(shop: Shop, status: Status) -> None:
    shop.run()
    theirs = replace(shop.texts()["refund"], status=status)
    shop.write(replace(REFUND, answer="Otherwise."), GIFT, theirs, name="faq.yaml")

    report = shop.run()

    assert shop.texts()["refund"] == theirs
    assert report.plan.stale_approved == {"fr": 1}


def test_the_rest_of_an_entry_goes_on(shop: Shop) -> None:
    shop.translator.known |= FakeTranslator(pairs=[("en", "es")]).pairs()
    shop.wanted = replace(shop.wanted, languages=("fr", "ja", "es"))
    shop.translator.phrases["Yes, when you pay."] = "Oui, 2 fois."

    report = shop.run()

    assert reasons(report) == [
        ("refund", None, Reason.NO_ROUTE),
        ("gift", None, Reason.NO_ROUTE),
        ("gift", "answer", Reason.PIECES),
        ("gift", "answer", Reason.PIECES),
    ]
    assert set(shop.texts("fr")) == set(shop.texts("es")) == {"refund"}


def test_a_refused_alternate_is_left_out_and_told(shop: Shop) -> None:
    shop.translator.phrases["Where is my money?"] = "Mon argent à 3 heures"

    report = shop.run()

    assert reasons(report) == [("refund", "alternates", Reason.PIECES)]
    assert "'3' is not in the source" in report.refused[0].message
    assert shop.texts()["refund"].alternates == ("remboursement 7",)


def test_the_language_is_looked_at(shop: Shop) -> None:
    shop.identify = lambda text: "fr" if "argent" in text or "colis" in text else "es"

    assert reasons(shop.run()) == [
        ("gift", "question", Reason.LANGUAGE),
        ("gift", "answer", Reason.LANGUAGE),
    ]


def test_unknown_words_are_counted_over_the_whole_text(shop: Shop) -> None:
    shop.translator.unknown = {"Yes, when you pay.": 3, "Money back": 1}

    assert reasons(shop.run()) == [("gift", "answer", Reason.UNKNOWN_WORDS)]


def test_control_characters_are_refused(shop: Shop) -> None:
    shop.translator.phrases["Yes, when you pay."] = "Oui \x1b[31m au moment."

    assert reasons(shop.run()) == [("gift", "answer", Reason.STRUCTURE)]


def test_terms_of_the_glossary_are_settled(shop: Shop) -> None:
    shop.glossary = Glossary("en", (Term("gifts", {"fr": "présents"}),))
    gifts = '<span translate="no" id="1">présents</span>'
    shop.translator.phrases[f"Do you wrap {gifts}?"] = f"Emballez-vous les {gifts} ?"

    shop.run()

    assert shop.texts()["gift"].question == "Emballez-vous les présents ?"


def test_a_language_is_reached_over_another(shop: Shop) -> None:
    shop.write(GIFT)
    shop.translator = FakeTranslator(pairs=[("en", "fr"), ("fr", "es")])
    shop.translator.phrases = {"oD uoy parw stfig?": "¿Envuelven ustedes regalos?"}
    shop.wanted = replace(shop.wanted, languages=("es",))

    first = shop.run()
    shop.translator.phrases["seY, nehw uoy yap."] = "Sí, al pagar."
    shop.translator.unknown = {"oD uoy parw stfig?": 1, "Do you wrap gifts?": 2}
    (shop.folder / "t.db").unlink()
    second = shop.run()

    assert [pair.target for pair, _ in shop.translator.calls] == ["fr", "es"]
    assert reasons(first) == [("gift", "answer", Reason.UNTRANSLATED)]
    assert reasons(second) == [("gift", "question", Reason.UNKNOWN_WORDS)]


def test_a_failure_concerns_no_other_entry(shop: Shop) -> None:
    shop.translator.broken = {"Do you wrap gifts?"}

    report = shop.run()

    assert reasons(report) == [("gift", None, Reason.FAILED)]
    assert set(shop.texts()) == {"refund"}
    assert report.failure is None


def test_what_failed_is_tried_again_by_the_next_run(shop: Shop) -> None:
    shop.translator.broken = {"Do you wrap gifts?"}
    shop.run()
    shop.translator.broken = set()

    assert [record.id for record in shop.run().kept] == ["gift"]


def test_a_translator_that_fails_time_and_again_is_given_up(shop: Shop) -> None:
    shop.write(*(replace(GIFT, id=f"gift-{number}") for number in range(9)))
    shop.translator.broken = {"Do you wrap gifts?"}

    report = shop.run()

    assert report.failure == str(TranslationFailedError("the test broke these texts"))
    assert len(shop.translator.calls) == 4
    assert shop.texts() == {}


def test_what_was_written_before_the_translator_went_stays(shop: Shop) -> None:
    many = [replace(GIFT, id=f"gift-{number}", question=f"Gift {number}?") for number in range(40)]
    shop.write(*many)
    alive = shop.translator.translate
    calls = iter([alive])

    def dying(*asked: object) -> object:
        shop.translator.is_down = next(calls, None) is None
        return alive(*asked)  # type: ignore[arg-type] # handed through

    shop.translator.translate = dying  # type: ignore[method-assign, assignment] # for this test

    report = shop.run()

    assert report.failure == "the test took the translator down"
    assert 0 < len(shop.texts()) < 40
    assert len(report.kept) == len(shop.texts())


def test_a_file_that_cannot_be_amended_refuses_its_drafts_alone(shop: Shop) -> None:
    shop.write(GIFT, name="other.json")
    shop.write(REFUND)
    flow = {"id": "refund", "lang": "en", "question": GIFT.question, "answer": GIFT.answer}
    (shop.content / "faq.yaml").write_text(json.dumps([flow]))

    report = shop.run()

    assert reasons(report) == [("refund", None, Reason.UNWRITABLE)]
    assert set(shop.texts()) == {"gift"}


def test_a_text_that_people_write_meanwhile_wins(shop: Shop) -> None:
    theirs = replace(GIFT, lang="fr", question="Cadeau ?", answer="Non.")
    alive = shop.translator.translate

    def slow(*asked: object) -> object:
        shop.write(REFUND, GIFT, theirs)
        return alive(*asked)  # type: ignore[arg-type] # handed through

    shop.translator.translate = slow  # type: ignore[method-assign, assignment] # for this test

    report = shop.run()

    assert shop.texts()["gift"] == theirs
    assert reasons(report) == [("gift", None, Reason.UNWRITABLE)]


@pytest.mark.parametrize("mode", ["kill", "full"])
def test_every_end_leaves_whole_files_and_the_next_run_goes_on(tmp_path: Path, mode: str) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "tests.unit.failing_translation", mode, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 0, process.stderr
    seen = json.loads(process.stdout)
    assert seen["ended early"] > 5
    assert seen["drafts found"] > 0
    assert seen["none found"] > 0
