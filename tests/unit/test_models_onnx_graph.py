from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from models.calibration import find_divisors
from models.e5_file import read_e5_file
from models.embedding import FloatArray
from models.encoder_weights import EncoderWeights
from models.onnx_graph import Divisors, build_encoder_graph, build_observed_graph
from models.quantisation import quantise_table
from models.unigram_model import build_unigram_model
from models.unigram_tokenizer import UnigramTokenizer
from tests.tiny_model import (
    HIDDEN,
    INNER,
    MAX_TOKENS,
    POSITIONS,
    WORDS,
    reference_embedding,
    tiny_model,
)

TEXTS = ([0, 2], [0, 9, 10, 11, 2], [0, *range(4, 14), 2], [0, 3, 3, WORDS - 1, 2])
PLAIN = (Divisors(), Divisors())


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> EncoderWeights:
    path: Path = tmp_path_factory.mktemp("tiny") / "tiny.bin"
    path.write_bytes(tiny_model().data)
    return read_e5_file(path).weights


def run(model: onnx.ModelProto, ids: list[int]) -> list[FloatArray]:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return list(session.run(None, {"input_ids": np.array([ids])}))


@pytest.mark.parametrize("ids", TEXTS)
def test_the_graph_in_float32_is_bert(weights: EncoderWeights, ids: list[int]) -> None:
    vector = run(build_observed_graph(weights), ids)[0][0]

    np.testing.assert_allclose(vector, reference_embedding(tiny_model(), ids), atol=1e-5)


@pytest.mark.parametrize("ids", TEXTS)
def test_the_quantised_graph_is_close_to_bert(weights: EncoderWeights, ids: list[int]) -> None:
    vector = run(build_encoder_graph(weights, PLAIN), ids)[0][0]

    assert vector @ reference_embedding(tiny_model(), ids) > 0.999
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


def test_an_8_bit_word_table_gives_nearly_the_same(weights: EncoderWeights) -> None:
    words = quantise_table(weights.words.rows(np.arange(WORDS)))
    wide = EncoderWeights(
        words=words,
        positions=weights.positions,
        types=weights.types,
        embedding_norm=weights.embedding_norm,
        layers=weights.layers,
        heads=weights.heads,
        epsilon=weights.epsilon,
    )

    vector = run(build_encoder_graph(wide, PLAIN), TEXTS[1])[0][0]

    assert vector @ reference_embedding(tiny_model(), TEXTS[1]) > 0.999


def test_the_longest_text_fills_all_positions(weights: EncoderWeights) -> None:
    ids = [0, *[5] * (POSITIONS - 2), 2]

    vector = run(build_encoder_graph(weights, PLAIN), ids)[0][0]

    assert vector @ reference_embedding(tiny_model(), ids) > 0.999


def test_dividing_activations_changes_the_numbers_in_between_only(
    weights: EncoderWeights,
) -> None:
    divisors = Divisors(
        inner=np.linspace(1, 3, HIDDEN, dtype=np.float32),
        output=np.linspace(2, 1, INNER, dtype=np.float32),
    )

    vector = run(build_encoder_graph(weights, (divisors, divisors)), TEXTS[2])[0][0]

    assert vector @ reference_embedding(tiny_model(), TEXTS[2]) > 0.999


def test_every_layer_needs_its_divisors(weights: EncoderWeights) -> None:
    with pytest.raises(ValueError, match="shorter"):
        build_encoder_graph(weights, PLAIN[:1])


def test_a_channel_with_large_activations_is_found_and_divided(tmp_path: Path) -> None:
    model = tiny_model()
    outlier = 5
    path = tmp_path / "tiny.bin"
    path.write_bytes(model.data)
    file = read_e5_file(path)
    file.weights.layers[0].attention_norm.weight[outlier] = 60.0
    tokenizer = UnigramTokenizer(build_unigram_model(file.vocabulary), MAX_TOKENS)

    first, second = find_divisors(file.weights, tokenizer, ("query: ", "passage: "))

    assert first.inner is not None
    assert first.inner.argmax() == outlier
    assert first.inner[outlier] > 5
    assert np.median(first.inner) == 1
    assert second.inner is None or second.inner.max() < first.inner[outlier]
