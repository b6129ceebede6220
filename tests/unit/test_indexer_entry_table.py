"""Which passage belongs to which entry, and which entries a filter lets through."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.entry_table import KINDS, EntryFacts, EntryTable
from indexer.passages import Passage, PassageKind
from indexer.query import Filters

FACTS = (
    EntryFacts("refund", frozenset({"money", "returns"}), {"product": "shop", "plan": "pro"}),
    EntryFacts("track", frozenset({"parcel"}), {"product": "shop"}),
    EntryFacts("login"),
)
PASSAGES = tuple(
    Passage(entry_id, lang, kind, "text")
    for lang, entry_ids in (("de", ("refund",)), ("en", ("login", "refund", "track")))
    for entry_id in entry_ids
    for kind in (PassageKind.QUESTION, PassageKind.ANSWER)
)


@pytest.fixture
def table() -> EntryTable:
    return EntryTable.of(PASSAGES, FACTS)


def test_every_passage_knows_its_entry_its_kind_and_its_language(table: EntryTable) -> None:
    found = [
        (FACTS[entry].entry_id, table.languages[language], KINDS[kind])
        for entry, language, kind in zip(
            table.entry_of, table.language_of, table.kind_of, strict=True
        )
    ]

    assert found == [(passage.entry_id, passage.lang, passage.kind) for passage in PASSAGES]
    assert table.passages_per_language == {"de": 2, "en": 6}


def test_an_entry_knows_the_languages_it_has_a_text_in(table: EntryTable) -> None:
    assert table.languages == ("de", "en")
    assert table.has_text.tolist() == [[True, True], [False, True], [False, True]]


def test_the_share_of_translated_entries_is_known_by_language(table: EntryTable) -> None:
    np.testing.assert_allclose(table.translated_share, [1.0, 1 / 3])


def test_a_question_takes_the_answer_under_it_along(table: EntryTable) -> None:
    """Rows 0, 2, 4, 6 are questions, each with its answer after it; row 0 and 1 are German."""
    for rows, expected in (({0}, {0, 1}), ({4}, {4, 5}), ({3}, {3}), (set(), set())):
        mask = np.isin(np.arange(len(PASSAGES)), list(rows))
        assert set(np.flatnonzero(table.with_answers(mask)).tolist()) == expected


def test_passages_that_are_not_sorted_by_language_are_refused() -> None:
    with pytest.raises(ValueError, match="not sorted by language: de comes again"):
        EntryTable.of([*PASSAGES, PASSAGES[0]], FACTS)


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(), {"refund", "track", "login"}),
        (Filters(frozenset({"money"})), {"refund"}),
        (Filters(frozenset({"money", "parcel"})), {"refund", "track"}),
        (Filters(frozenset({"Money"})), set()),
        (Filters(metadata={"product": "shop"}), {"refund", "track"}),
        (Filters(metadata={"product": "shop", "plan": "pro"}), {"refund"}),
        (Filters(metadata={"product": "shop", "colour": "red"}), set()),
        (Filters(metadata={"product": ""}), set()),
        (Filters(frozenset({"parcel"}), {"plan": "pro"}), set()),
        (Filters(frozenset({"money"}), {"plan": "pro"}), {"refund"}),
    ],
)
def test_a_filter_wants_one_of_the_tags_and_all_of_the_metadata(
    table: EntryTable, filters: Filters, passing: set[str]
) -> None:
    found = table.passing(filters)

    assert {entry.entry_id for entry, passes in zip(FACTS, found, strict=True) if passes} == passing


@given(
    st.frozensets(st.sampled_from("abc")),
    st.dictionaries(st.sampled_from("xy"), st.sampled_from("12")),
    st.frozensets(st.sampled_from("abc")),
    st.dictionaries(st.sampled_from("xy"), st.sampled_from("12")),
)
def test_asking_for_more_metadata_or_fewer_tags_never_lets_more_through(
    tags: frozenset[str],
    metadata: dict[str, str],
    wanted: frozenset[str],
    wanted_metadata: dict[str, str],
) -> None:
    entry = EntryFacts("a", tags, metadata)

    if entry.passes(Filters(wanted, wanted_metadata)):
        assert not wanted or tags & wanted
        assert wanted_metadata.items() <= metadata.items()
        assert entry.passes(Filters(frozenset(), wanted_metadata))
        assert entry.passes(Filters(wanted | {"d"} if wanted else wanted))


def test_a_table_without_passages_is_empty() -> None:
    table = EntryTable.of([], [])

    assert table.languages == ()
    assert table.passing(Filters(frozenset({"money"}))).tolist() == []


def test_reads_back_what_it_wrote(table: EntryTable, tmp_path: Path) -> None:
    table.write(tmp_path)
    again = EntryTable.read(tmp_path)

    assert again.facts == FACTS
    assert again.passages_per_language == table.passages_per_language
    for name in ("entry_of", "kind_of", "language_of", "has_text", "translated_share"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
