import numpy as np
import pytest

from indexer.vectors import normalized, unit


@pytest.mark.parametrize("length", [1e-20, 1e-3, 1.0, 1e6])
def test_one_vector_is_brought_to_length_1_as_many_are(length: float) -> None:
    vector = np.random.default_rng(3).normal(size=384).astype(np.float32)
    vector *= np.float32(length) / np.linalg.norm(vector)

    assert unit(vector).dtype == np.float32
    np.testing.assert_allclose(unit(vector), normalized(vector[None])[0], atol=1e-6)


def test_a_vector_of_length_0_stays_as_it_is() -> None:
    assert not unit(np.zeros(8, np.float32)).any()


def test_one_number_that_is_none_makes_all_of_a_vector_none() -> None:
    assert np.isnan(unit(np.array([0.6, np.nan, 0.8], np.float32))).all()
