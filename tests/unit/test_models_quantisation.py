import numpy as np

from models.quantisation import quantise_outputs, quantise_table


def test_outputs_are_within_half_a_step_of_a_63rd_of_their_largest_weight() -> None:
    weight = np.random.default_rng(1).normal(size=(8, 64)).astype(np.float32)

    quantised = quantise_outputs(weight)

    restored = quantised.values * quantised.scales[:, None]
    half_step = np.abs(weight).max(axis=1, keepdims=True) / 63 / 2
    assert (np.abs(restored - weight) <= half_step * 1.001).all()
    assert np.abs(quantised.values).max() == 63


def test_sums_of_two_products_with_8_bit_activations_fit_16_bits() -> None:
    weight = np.array([[5.0, -5.0, 5.0, 5.0]], dtype=np.float32)

    values = quantise_outputs(weight).values.astype(int)

    assert 255 * (abs(values[0, 0]) + abs(values[0, 1])) <= 32767


def test_tables_keep_a_scale_for_each_block_of_a_row() -> None:
    table = np.random.default_rng(2).normal(size=(5, 64)).astype(np.float32)
    table[:, 32:] *= 1000

    quantised = quantise_table(table)

    restored = quantised.rows(np.arange(5))
    np.testing.assert_allclose(restored[:, :32], table[:, :32], atol=4 / 127 / 2)
    np.testing.assert_allclose(restored[:, 32:], table[:, 32:], atol=4000 / 127 / 2)


def test_rows_of_zeros_stay_zeros() -> None:
    nothing = np.zeros((2, 32), dtype=np.float32)

    assert not quantise_outputs(nothing).values.any()
    assert not quantise_table(nothing).rows(np.arange(2)).any()
    assert np.isfinite(quantise_outputs(nothing).scales).all()
