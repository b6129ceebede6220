"""Which text of each kind, language and entry is closest to a question."""

import numpy as np
import pytest

from indexer.closeness import ABSENT, TextCells, closeness_of_listed
from indexer.dense import Neighbours
from indexer.entry_table import EntryFacts, EntryTable
from indexer.passages import Passage, PassageKind

QUESTION, ALTERNATE, ANSWER = PassageKind.QUESTION, PassageKind.ALTERNATE, PassageKind.ANSWER
PASSAGES = [
    ("de", "a", QUESTION),
    ("de", "a", ALTERNATE),
    ("de", "a", ANSWER),
    ("de", "a", ANSWER),
    ("en", "a", QUESTION),
    ("en", "a", ANSWER),
    ("en", "b", QUESTION),
    ("en", "b", ANSWER),
]
COSINES = np.array([0.1, 0.4, 0.3, 0.2, 0.5, -0.6, -0.7, 0.8], np.float32)


def table_of(passages: list[tuple[str, str, PassageKind]]) -> EntryTable:
    return EntryTable.of(
        [Passage(entry, lang, kind, "text") for lang, entry, kind in passages],
        [EntryFacts("a"), EntryFacts("b")],
    )


CELLS = TextCells(table_of(PASSAGES))


def test_the_best_of_an_entrys_texts_counts_by_kind_and_language() -> None:
    found = CELLS.closeness(COSINES, None)

    assert found.entries.tolist() == [0, 1]
    np.testing.assert_allclose(
        found.texts, [[[0.4, ABSENT], [0.5, -0.7]], [[0.3, ABSENT], [-0.6, 0.8]]]
    )


def test_a_passage_that_is_not_visible_is_as_if_it_were_not_there() -> None:
    visible = np.array([True, False, True, True, True, True, True, True])

    np.testing.assert_allclose(CELLS.closeness(COSINES, visible).texts[0, 0], [0.1, ABSENT])


def test_an_entry_without_a_visible_passage_is_not_looked_at() -> None:
    visible = np.array([False] * 6 + [True, True])
    found = CELLS.closeness(COSINES, visible)

    assert found.entries.tolist() == [1]
    np.testing.assert_allclose(found.texts, [[[ABSENT], [-0.7]], [[ABSENT], [0.8]]])


def test_a_text_that_is_hidden_is_no_closer_than_the_last_of_its_language() -> None:
    visible = np.array([True] * 4 + [False] + [True] * 3)
    found = CELLS.closeness(COSINES, visible)

    np.testing.assert_allclose(found.floor, [0.3, -0.7])


def test_a_language_in_which_nothing_is_visible_has_a_floor_too() -> None:
    visible = np.array([False] * 4 + [True] * 4)

    assert CELLS.closeness(COSINES, visible).floor[0] == 0.0


def test_what_the_lists_hold_gives_the_same() -> None:
    rows = np.array([[1, 2, 3, 0], [7, 4, 5, 6]], np.int64)
    listed = closeness_of_listed(
        table_of(PASSAGES), Neighbours(rows, COSINES[rows]), np.array([], np.int32)
    )

    np.testing.assert_allclose(listed.texts, CELLS.closeness(COSINES, None).texts)


def test_passages_that_do_not_stand_together_are_refused() -> None:
    with pytest.raises(ValueError, match="do not stand together"):
        TextCells(table_of([("en", "a", QUESTION), ("en", "b", QUESTION), ("en", "a", QUESTION)]))
