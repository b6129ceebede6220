"""What translations differ in counts less, in vectors that tell what a sentence says."""

import numpy as np

from indexer.support_texts import SupportText
from indexer.whitening import translations, whitening

CHANCE = np.random.default_rng(3)


def test_what_translations_differ_in_counts_less() -> None:
    differences = CHANCE.normal(size=(400, 8)).astype(np.float32) * 0.1
    differences[:, 0] *= 20.0

    matrix = whitening(differences)

    scales = np.linalg.norm(matrix, axis=1)
    assert scales[0] < 0.6 * scales[1:].min()
    assert np.allclose(scales[1:], scales[1], atol=0.05)


def test_few_translations_change_little() -> None:
    differences = np.zeros((2, 64), np.float32)
    differences[:, 0] = 1.0

    few = whitening(differences)
    many = whitening(np.repeat(differences, 500, axis=0))

    assert np.array_equal(whitening(differences[:0]), np.eye(64, dtype=np.float32))
    assert many[0, 0] < few[0, 0] < 1.0
    assert np.allclose(few[1:, 1:], np.eye(63), atol=1e-5)


def test_translations_that_do_not_differ_change_nothing() -> None:
    assert np.allclose(whitening(np.zeros((5, 4), np.float32)), np.eye(4), atol=1e-5)


def test_translations_are_each_others_nearest_of_one_entry() -> None:
    texts = [
        SupportText("a", "de", "eins"),
        SupportText("a", "de", "zwei"),
        SupportText("a", "en", "two"),
        SupportText("a", "en", "an aside"),
        SupportText("b", "en", "one"),
    ]
    placed = np.array([[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0.6, 0.8], [1, 0, 0]], np.float32)

    assert (1, 2) in [tuple(pair) for pair in translations(texts, placed).tolist()]
    assert all(4 not in pair for pair in translations(texts, placed).tolist())
    assert translations(texts[4:], placed[4:]).shape == (0, 2)
