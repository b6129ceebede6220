import threading
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import GenerationDamagedError
from indexer.record_lines import decode_record, encode_record, encode_records
from indexer.record_store import RecordStore
from knowledge_base.entry import Location, Origin, Record, Status

FULL = Record(
    id="orders/cancel",
    lang="pt-BR",
    question="Posso cancelar?",
    answer="Sim, em **24 horas**.",
    alternates=("Dá para desistir?", "cancelar pedido"),
    tags=("orders", "money"),
    url="https://shop.example/cancel",
    valid_from=date(2026, 1, 2),
    valid_until=date(2026, 12, 31),
    related=("orders/return",),
    metadata=MappingProxyType({"product": "x", "audience": "all"}),
    origin=Origin.MACHINE,
    status=Status.DRAFT,
    source_hash="0123456789abcdef",
    location=Location("faq.csv", 7),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def record(entry_id: str, lang: str, question: str = "Why?") -> Record:
    return Record(id=entry_id, lang=lang, question=question, answer="Because.")


def stored(folder: Path, *records: Record) -> RecordStore:
    RecordStore.write(folder, encode_records(records))
    return RecordStore.read(folder)


def test_a_record_comes_back_with_every_field_but_its_place() -> None:
    back = decode_record(encode_record(FULL))

    assert back == FULL
    assert back.location is None


@given(question=TEXT, answer=TEXT, alternates=st.lists(TEXT), metadata=st.dictionaries(TEXT, TEXT))
def test_any_text_comes_back_unchanged(
    question: str, answer: str, alternates: list[str], metadata: dict[str, str]
) -> None:
    original = Record(
        id="a",
        lang="en",
        question=question,
        answer=answer,
        alternates=tuple(alternates),
        metadata=metadata,
    )

    assert decode_record(encode_record(original)) == original


def test_equal_records_are_encoded_equally_whatever_the_order_of_their_metadata() -> None:
    one = Record("a", "en", "Why?", "So.", metadata={"x": "1", "y": "2"})
    other = Record("a", "en", "Why?", "So.", metadata={"y": "2", "x": "1"})

    assert encode_record(one) == encode_record(other)


def test_records_are_found_by_entry_and_language(tmp_path: Path) -> None:
    store = stored(
        tmp_path, record("b", "fr"), record("a", "en"), record("b", "de", "Warum?"), FULL
    )

    assert len(store) == 4
    assert store.record("b", "de") == record("b", "de", "Warum?")
    assert store.record("orders/cancel", "pt-BR") == FULL
    assert store.languages_of("b") == ("de", "fr")
    assert set(store.records_of("b")) == {"de", "fr"}
    assert [(each.id, each.lang) for each in store] == [
        ("a", "en"),
        ("b", "de"),
        ("b", "fr"),
        ("orders/cancel", "pt-BR"),
    ]


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    store = stored(tmp_path, record("a", "en"))

    assert store.record("a", "fr") is None
    assert store.record("b", "en") is None
    assert store.records_of("b") == {}
    assert store.languages_of("b") == ()


def test_a_store_may_be_empty(tmp_path: Path) -> None:
    assert list(stored(tmp_path)) == []


def test_the_encoded_lines_come_back_for_comparing(tmp_path: Path) -> None:
    lines = encode_records([record("b", "en"), record("a", "fr"), record("a", "en")])
    RecordStore.write(tmp_path, lines)

    assert RecordStore.read(tmp_path).lines() == lines


def test_many_threads_may_read_at_once(tmp_path: Path) -> None:
    store = stored(tmp_path, *(record(f"e{n}", "en", f"Question {n}?") for n in range(200)))
    wrong: list[str] = []

    def read_all() -> None:
        for number in range(200):
            found = store.record(f"e{number}", "en")
            if found is None or found.question != f"Question {number}?":
                wrong.append(f"e{number}")

    threads = [threading.Thread(target=read_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("records.jsonl", b'{"id":"a"}\n'),
        ("records.jsonl", b""),
        ("records.positions.json", b"[]"),
        ("records.positions.json", b"{}"),
        ("records.positions.json", b"\xff"),
        (
            "records.positions.json",
            b'{"languages":["en"],"entries":["a"],"records":[2],"row_languages":[0],"ends":[-1]}',
        ),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused_with_the_way_out(
    tmp_path: Path, name: str, content: bytes
) -> None:
    RecordStore.write(tmp_path, encode_records([record("a", "en")]))
    (tmp_path / name).write_bytes(content)

    with pytest.raises(GenerationDamagedError, match=rf"{name}.*polyfaq index --full"):
        RecordStore.read(tmp_path)
