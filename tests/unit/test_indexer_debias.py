"""What tells only the language is taken out of vectors."""

from pathlib import Path

import numpy as np
import pytest

from indexer.debias import KEPT, PRIOR_TEXTS, LanguageDebias
from indexer.query import FloatArray
from models.embedding import Role

DIMENSION = 48
TEXTS = 60
MEANINGS = np.random.default_rng(1).normal(size=(TEXTS, DIMENSION))
ACCENTS = {
    language: 1.5 * np.random.default_rng(seed).normal(size=DIMENSION)
    for seed, language in enumerate(("de", "en", "th"), start=2)
}
LANGUAGES = [language for language in ACCENTS for _ in range(TEXTS)]
ROLES = [Role.QUERY, Role.PASSAGE] * (len(LANGUAGES) // 2)


def normalized(vectors: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: FloatArray = (vectors / lengths).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def vectors() -> FloatArray:
    return normalized(np.concatenate([MEANINGS + accent for accent in ACCENTS.values()]))


@pytest.fixture(scope="module")
def debias(vectors: FloatArray) -> LanguageDebias:
    return LanguageDebias.fit(vectors, LANGUAGES, ROLES)


def nearest_elsewhere(vectors: FloatArray) -> float:
    """Share of German texts whose nearest text among the others has the same meaning."""
    cosines = vectors[:TEXTS] @ vectors.T
    cosines[np.arange(TEXTS), np.arange(TEXTS)] = -1.0
    return float(np.mean(cosines.argmax(axis=1) % TEXTS == np.arange(TEXTS)))


def test_texts_are_near_by_what_they_mean_not_by_their_language(
    debias: LanguageDebias, vectors: FloatArray
) -> None:
    assert nearest_elsewhere(vectors) < 0.1
    assert nearest_elsewhere(debias.apply(vectors, LANGUAGES, ROLES)) > 0.9


def test_vectors_keep_length_one(debias: LanguageDebias, vectors: FloatArray) -> None:
    lengths = np.linalg.norm(debias.apply(vectors, LANGUAGES, ROLES), axis=1)

    np.testing.assert_allclose(lengths, 1.0, atol=1e-5)


def test_a_question_is_debiased_as_an_indexed_question_of_its_language_is(
    debias: LanguageDebias, vectors: FloatArray
) -> None:
    applied = debias.apply(vectors[:1], ["de"], [Role.QUERY])

    np.testing.assert_allclose(debias.question(vectors[0], "de"), applied[0], atol=1e-6)


def test_roles_have_means_of_their_own(debias: LanguageDebias, vectors: FloatArray) -> None:
    both = debias.apply(vectors[[0, 0]], ["de", "de"], [Role.QUERY, Role.PASSAGE])

    assert not np.allclose(both[0], both[1])


@pytest.mark.parametrize("language", ["und", "ja", ""])
def test_a_question_in_a_language_that_is_not_indexed_is_debiased_by_all(
    debias: LanguageDebias, vectors: FloatArray, language: str
) -> None:
    questions = vectors[np.array([role is Role.QUERY for role in ROLES])]
    expected = vectors[0] - (1.0 - KEPT) * questions.mean(axis=0)

    np.testing.assert_allclose(
        debias.question(vectors[0], language), expected / np.linalg.norm(expected), atol=1e-5
    )


def test_a_single_text_does_not_lose_its_meaning_to_its_language() -> None:
    others = normalized(np.random.default_rng(0).normal(size=(50, DIMENSION)))
    lonely = normalized(np.random.default_rng(9).normal(size=(1, DIMENSION)))
    texts = np.concatenate([others, lonely])
    languages, roles = ["en"] * 50 + ["is"], [Role.QUERY] * 51

    debias = LanguageDebias.fit(texts, languages, roles)

    left = float(debias.question(lonely[0], "is") @ lonely[0])
    assert left > 0.9
    assert PRIOR_TEXTS > 1


def test_a_role_that_no_text_has_takes_nothing_away() -> None:
    vectors = np.eye(4, dtype=np.float32)
    debias = LanguageDebias.fit(vectors, ["en"] * 4, [Role.PASSAGE] * 4)

    np.testing.assert_allclose(debias.question(vectors[0], "en"), vectors[0])


def test_texts_that_are_all_the_same_give_finite_vectors() -> None:
    same = np.tile(np.eye(4, dtype=np.float32)[0], (3, 1))
    debias = LanguageDebias.fit(same, ["en"] * 3, [Role.QUERY] * 3)

    assert np.isfinite(debias.apply(same, ["en"] * 3, [Role.QUERY] * 3)).all()


def test_no_texts_at_all_take_nothing_away() -> None:
    debias = LanguageDebias.fit(np.zeros((0, 4), np.float32), [], [])

    assert debias.apply(np.zeros((0, 4), np.float32), [], []).shape == (0, 4)
    assert debias.question(np.eye(4, dtype=np.float32)[1], "en").tolist() == [0, 1, 0, 0]


def test_reads_back_what_it_wrote(
    debias: LanguageDebias, vectors: FloatArray, tmp_path: Path
) -> None:
    debias.write(tmp_path)
    again = LanguageDebias.read(tmp_path)

    for language in (*ACCENTS, "und"):
        np.testing.assert_array_equal(
            again.question(vectors[3], language), debias.question(vectors[3], language)
        )
