from pathlib import Path

import numpy as np
import pytest

from models.e5_file import read_e5_file
from models.embedding import ModelDamagedError
from tests.tiny_model import HEADS, LAYERS, PIECES, WORDS, piece_scores, tiny_model


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bin"
    path.write_bytes(tiny_model().data)
    return path


def test_weights_come_out_as_they_were_written(path: Path) -> None:
    written = tiny_model().tensors

    weights = read_e5_file(path).weights

    np.testing.assert_array_equal(weights.words.rows(np.arange(WORDS)), written["emb.word"])
    np.testing.assert_array_equal(weights.positions, written["emb.pos"])
    np.testing.assert_array_equal(weights.types, written["emb.type"])
    assert len(weights.layers) == LAYERS
    assert weights.heads == HEADS
    for number, layer in enumerate(weights.layers):
        np.testing.assert_array_equal(layer.query.weight, written[f"l{number}.q.w"])
        np.testing.assert_array_equal(layer.output.weight, written[f"l{number}.fo.w"])
        np.testing.assert_array_equal(layer.intermediate.bias, written[f"l{number}.fi.b"])
        np.testing.assert_array_equal(layer.output_norm.weight, written[f"l{number}.oln.w"])


def test_the_vocabulary_comes_out_as_it_was_written(path: Path) -> None:
    vocabulary = read_e5_file(path).vocabulary

    assert vocabulary.pieces == PIECES
    np.testing.assert_array_equal(vocabulary.scores, piece_scores())
    special = (vocabulary.start, vocabulary.padding, vocabulary.end, vocabulary.unknown)
    assert [PIECES[token] for token in special] == ["<s>", "<pad>", "</s>", "<unk>"]


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(100))

    with pytest.raises(ModelDamagedError, match=r"other\.bin.*polyfaq models install"):
        read_e5_file(path)


@pytest.mark.parametrize("part", [0.0, 0.001, 0.01, 0.03, 0.1, 0.5, 0.999])
def test_a_file_cut_anywhere_is_refused(path: Path, part: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])

    with pytest.raises(ModelDamagedError, match=r"tiny\.bin"):
        read_e5_file(path)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (b"emb.pos", b"emb.poz", "emb.pos is missing"),
        (b"\x20\x00\x00\x00\x02\x00\x00\x00\x02", b"\x60\x00\x00\x00\x02\x00\x00\x00\x02", "size"),
        (b"\x20\x00\x00\x00\x02\x00\x00\x00\x02", b"\x21\x00\x00\x00\x02\x00\x00\x00\x02", "fit"),
        (
            b"\x20\x00\x00\x00\x02\x00\x00\x00\x02",
            b"\x20\x00\x00\x00\xff\xff\xff\xff\x02",
            "no such",
        ),
        ("▁que".encode(), b"\xff\xfe\xfd\xfc\xfb\xfa", "not UTF-8"),
    ],
)
def test_a_changed_file_is_refused_with_what_is_wrong(
    path: Path, before: bytes, after: bytes, why: str
) -> None:
    data = path.read_bytes()
    assert before in data
    path.write_bytes(data.replace(before, after, 1))

    with pytest.raises(ModelDamagedError, match=why):
        read_e5_file(path)
