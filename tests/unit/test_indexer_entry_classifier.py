"""Which entry a question belongs to, learnt from all phrasings at once."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from indexer import entry_classifier
from indexer.entry_classifier import EntryClassifier
from indexer.query import FloatArray
from tests.sample_index import DIMENSION, direction

ENTRIES = 6
EVERY = np.arange(ENTRIES, dtype=np.int32)


def phrasing(entry: int, number: int) -> FloatArray:
    mixed = direction(entry) + 0.7 * direction(entry, number)
    unit: FloatArray = mixed / np.linalg.norm(mixed)
    return unit


def content(*counts: int) -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """As many phrasings of each entry."""
    entry_of = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    rows = [phrasing(entry, n) for entry, count in enumerate(counts) for n in range(count)]
    return np.stack(rows), entry_of


@pytest.fixture(scope="module")
def classifier() -> EntryClassifier:
    return EntryClassifier.fit(*content(*[4] * ENTRIES), ENTRIES)


def test_a_phrasing_it_has_not_seen_is_most_likely_its_entrys(classifier: EntryClassifier) -> None:
    for entry in range(ENTRIES):
        assert classifier.log_likelihoods(phrasing(entry, 9), EVERY).argmax() == entry


def test_likelihoods_of_the_entries_asked_for_add_up_to_one(classifier: EntryClassifier) -> None:
    for entries in (EVERY, EVERY[:1], EVERY[2:4]):
        found = classifier.log_likelihoods(phrasing(2, 9), entries)
        assert found.shape == entries.shape
        assert np.exp(found).sum() == pytest.approx(1.0, abs=1e-5)


def test_what_lies_between_two_entries_is_less_sure(classifier: EntryClassifier) -> None:
    clear = classifier.log_likelihoods(phrasing(0, 9), EVERY).max()
    between = classifier.log_likelihoods(phrasing(0, 9) + phrasing(1, 9), EVERY) / 2

    assert set(np.argsort(between)[-2:]) == {0, 1}
    assert between.max() < clear


def test_an_entry_with_many_phrasings_is_not_the_likelier_for_it() -> None:
    classifier = EntryClassifier.fit(*content(40, 2, 2), 3)
    strange = direction("something else")

    found = classifier.log_likelihoods(strange, EVERY[:3])

    assert found.argmax() in (1, 2) or found[0] < -0.5


def test_an_entry_without_phrasings_is_as_likely_as_the_least_likely() -> None:
    vectors, entry_of = content(3, 3, 3)
    classifier = EntryClassifier.fit(vectors, np.where(entry_of == 2, 3, entry_of), 4)

    found = classifier.log_likelihoods(phrasing(0, 9), EVERY[:4])

    assert found[2] == pytest.approx(min(found[1], found[3]))


def test_entries_that_nothing_is_known_of_are_all_as_likely() -> None:
    vectors, entry_of = content(3, 3)
    classifier = EntryClassifier.fit(vectors, entry_of, 4)

    found = classifier.log_likelihoods(phrasing(0, 9), EVERY[2:4])

    assert found == pytest.approx(np.log([0.5, 0.5]))


@pytest.mark.parametrize("counts", [(1, 1, 1), (5,), (1,)])
def test_too_little_to_learn_from_makes_all_as_likely(counts: tuple[int, ...]) -> None:
    entries = len(counts)
    classifier = EntryClassifier.fit(*content(*counts), entries)

    found = classifier.log_likelihoods(phrasing(0, 0), EVERY[:entries])

    assert found == pytest.approx(np.log(np.full(entries, 1 / entries)))


def test_no_content_can_be_learnt_from() -> None:
    nothing = np.zeros((0, DIMENSION), np.float32)

    classifier = EntryClassifier.fit(nothing, np.zeros(0, np.int32), 2)

    assert classifier.log_likelihoods(phrasing(0, 0), EVERY[:2]) == pytest.approx(np.log([0.5] * 2))


def test_too_much_to_learn_from_is_not_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_classifier, "MOST_PRODUCTS", 12 * 3 - 1)

    classifier = EntryClassifier.fit(*content(4, 4, 4), 3)

    assert classifier.log_likelihoods(phrasing(0, 0), EVERY[:3]) == pytest.approx(
        np.log([1 / 3] * 3)
    )


def test_leaving_a_phrasing_out_is_about_the_same_as_never_having_seen_it() -> None:
    vectors, entry_of = content(*[5] * ENTRIES)
    classifier = EntryClassifier.fit(vectors, entry_of, ENTRIES)
    without = np.zeros((ENTRIES, DIMENSION), np.float32)
    without[0] = classifier.pulls[0] * vectors[0]
    unseen = EntryClassifier.fit(vectors[1:], entry_of[1:], ENTRIES)

    seen = classifier.log_likelihoods(vectors[0], EVERY)[0]
    left_out = classifier.log_likelihoods(vectors[0], EVERY, without)[0]
    honest = unseen.log_likelihoods(vectors[0], EVERY)[0]

    assert left_out < seen
    assert abs(left_out - honest) < 0.7 * abs(seen - honest)


def test_reads_back_what_it_wrote(classifier: EntryClassifier, tmp_path: Path) -> None:
    classifier.write(tmp_path)
    again = EntryClassifier.read(tmp_path)

    asked = phrasing(3, 9)
    np.testing.assert_array_equal(
        again.log_likelihoods(asked, EVERY), classifier.log_likelihoods(asked, EVERY)
    )
    np.testing.assert_array_equal(again.pulls, classifier.pulls)
