"""A machine's text, a sentence at a time, through all checks."""

from collections.abc import Sequence

import pytest

from app.grounding.fault import Fault, UngroundedError
from app.grounding.grounding import Grounding, TextCheck
from benchmarks.grounding_cases import faithful, faulty
from benchmarks.grounding_material import Case, Kind
from benchmarks.grounding_spoilers import CANARY, SYSTEM_TEXT
from indexer.query import FloatArray
from knowledge_base.entry import Record
from models.embedding import Role
from models.language_id import LanguageIdentifier
from models.py3langid_detector import Py3langidDetector
from tests.fakes import FakeEmbedder, FakeIndex

EMBEDDER = FakeEmbedder()
IDENTIFIER = LanguageIdentifier(("en", "de", "es"), Py3langidDetector(("en", "de", "es")))


def embed(texts: Sequence[str]) -> FloatArray:
    return EMBEDDER.embed(texts, Role.PASSAGE).vectors


GROUNDING = Grounding(embed, lambda _: lambda text: IDENTIFIER.identify(text).tag)

RETURNS = {
    "en": """You can return unused goods within 30 days of delivery. Register the parcel on our \
[returns page](https://shop.example/returns) and print the label.""",
    "de": """Sie können unbenutzte Ware innerhalb von 30 Tagen nach der Lieferung zurückgeben. \
Melden Sie das Paket auf unserer [Rückgabeseite](https://shop.example/returns) an und drucken Sie \
das Etikett.""",
    "es": """Puede devolver los artículos sin usar en los 30 días posteriores a la entrega. \
Registre el paquete en la [página de devoluciones](https://shop.example/returns) e imprima la \
etiqueta.""",
}
EXPRESS = {
    "en": """Express parcels ordered before 14:00 arrive on the next working day. Express costs \
9.90 euro at the checkout, insured 14.50 euro.""",
    "de": """Expresspakete, die vor 14:00 Uhr bestellt werden, kommen am nächsten Werktag an. \
Express kostet an der Kasse 9,90 Euro, versichert 14,50 Euro.""",
    "es": """Los paquetes exprés pedidos antes de las 14:00 llegan el siguiente día laborable. El \
envío exprés cuesta 9,90 euros al pagar, asegurado 14,50 euros.""",
}
RECORDS = [
    Record(entry_id, lang, "?", answer)
    for entry_id, answers in {"returns": RETURNS, "express": EXPRESS}.items()
    for lang, answer in answers.items()
]


def begin(case: Case) -> TextCheck:
    return GROUNDING.begin(
        FakeIndex(RECORDS),
        case.records,
        case.reader,
        case.records[0].question,
        canaries=(CANARY,),
        system_text=SYSTEM_TEXT,
    )


def fault_of(case: Case) -> Fault | None:
    check = begin(case)
    try:
        for sentence in case.sentences:
            check.sentence(sentence)
        check.whole()
    except UngroundedError as error:
        return error.fault
    return None


def test_what_people_wrote_passes_in_whole_and_in_part() -> None:
    cases = [case for case in faithful(RECORDS, seed=3, count=60) if not case.is_across]

    assert len(cases) == 30
    assert [case for case in cases if fault_of(case) is not None] == []


@pytest.mark.parametrize(
    ("kind", "faults"),
    [
        (Kind.LINK, {Fault.FACTS}),
        (Kind.LANGUAGE, {Fault.LANGUAGE, Fault.UNSUPPORTED}),
        (Kind.OTHER_ENTRY, {Fault.FACTS, Fault.UNSUPPORTED}),
        (Kind.INJECTION, set(Fault)),
        (Kind.EXCHANGE, {Fault.FACTS}),
    ],
)
def test_faults_put_into_them_are_found(kind: Kind, faults: set[Fault]) -> None:
    cases = [each for each in faulty(RECORDS, seed=3, each=16) if each.kind is kind]
    cases = [case for case in cases if not case.is_across]

    found = [fault_of(case) for case in cases]

    assert cases
    assert None not in found
    assert set(found) <= faults


def test_nearly_all_changed_numbers_are_found() -> None:
    cases = [each for each in faulty(RECORDS, seed=3, each=30) if each.kind is Kind.NUMBER]
    found = [fault_of(case) for case in cases if not case.is_across]

    assert sum(fault is Fault.FACTS for fault in found) >= 0.9 * len(found)


def test_a_sentence_gives_the_record_and_the_passage_that_it_rests_on() -> None:
    english = [record for record in RECORDS if record.lang == "en"]
    check = GROUNDING.begin(FakeIndex(RECORDS), english, "en", "How fast?")

    ground = check.sentence("Express costs 9.90 euro at the checkout, insured 14.50 euro.")
    assert (ground.record.id, ground.record.lang) == ("express", "en")
    assert ground.passage in ground.record.answer
    returned = check.sentence(" Register the parcel on our returns page and print the label.")
    assert returned.record.id == "returns"
    check.whole()


def test_a_refused_sentence_is_as_if_it_had_not_been_written() -> None:
    check = GROUNDING.begin(FakeIndex(RECORDS), RECORDS[:1], "en", "May I?")
    with pytest.raises(UngroundedError):
        check.sentence("You can return unused goods within 90 days of delivery.")

    with pytest.raises(UngroundedError, match="empty"):
        check.whole()

    check.sentence("You can return unused goods within 30 days of delivery.")
    check.whole()


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u200b", "[", "*", "](", "<", "\ud800"])
def test_whatever_is_no_sentence_is_refused(text: str) -> None:
    check = GROUNDING.begin(FakeIndex(RECORDS), RECORDS[:1], "en", "May I?")

    with pytest.raises(UngroundedError):
        check.sentence(text)


def test_soft_breaks_may_be_repeated_and_hide_nothing() -> None:
    record = Record("returns", "en", "?", RETURNS["en"].replace("unused", "un\u200bused"))
    check = GROUNDING.begin(FakeIndex(RECORDS), [record], "en", "May I?")

    check.sentence("You can return un\u200bused goods within 30 days of delivery.")
    with pytest.raises(UngroundedError):
        check.sentence("You can return unused goods within 9\u200b0 days of delivery.")
    with pytest.raises(UngroundedError, match="invisible"):
        begin(Case(None, "", tuple(RECORDS[:1]), "en", ())).sentence("un\u200bused goods.")
