"""From what a source gives to what a model folder holds."""

from dataclasses import dataclass
from pathlib import Path

import onnx

from models.calibration import find_divisors
from models.catalogue import CatalogueModel
from models.e5_file import read_e5_file
from models.encoder_weights import EncoderWeights
from models.onnx_adoption import adopt_onnx_graph
from models.onnx_graph import build_encoder_graph
from models.repository_folder import (
    CONFIG,
    ONNX_GRAPH,
    TENSORS,
    TOKENIZER_JSON,
    UnsupportedModelError,
    check_mean_pooling,
    read_repository_vocabulary,
    read_repository_weights,
)
from models.unigram_model import build_unigram_model
from models.unigram_tokenizer import UnigramTokenizer


@dataclass(frozen=True, slots=True)
class Conversion:
    """A model in the form that serves, not yet on disk.

    Attributes:
        graph: Reads token ids, gives one normalised vector.
        tokenizer: Bytes of a SentencePiece model.
        method: How it was made, for the model card.
        origin: The file that the weights came from.
    """

    graph: onnx.ModelProto
    tokenizer: bytes
    method: str
    origin: Path


def convert_e5_file(path: Path, model: CatalogueModel) -> Conversion:
    """Convert a 4-bit `E5S1` file.

    Args:
        path: The file.
        model: What it is.

    Returns:
        The model.

    Raises:
        ModelDamagedError: The file is cut, or is something else.
    """
    file = read_e5_file(path)
    tokenizer = build_unigram_model(file.vocabulary)
    return Conversion(
        graph=_quantised_graph(file.weights, tokenizer, model),
        tokenizer=tokenizer,
        method=(
            "The 4-bit matrices were widened and quantised again, to 7 bits with a scale for each "
            "output, after the few channels with large activations were scaled down; the word "
            "embeddings are the 4-bit blocks of the source, unchanged."
        ),
        origin=path,
    )


def convert_repository(folder: Path, model: CatalogueModel) -> Conversion:
    """Convert a repository as model hubs hold them.

    Args:
        folder: Holds `tokenizer.json`, and `config.json` with `model.safetensors` or an
            `onnx/model.onnx`; tensors are preferred.
        model: What it is.

    Returns:
        The model.

    Raises:
        UnsupportedModelError: Files are missing or unreadable, or the model is of another kind.
    """
    check_mean_pooling(folder)
    if (folder / TENSORS).is_file():
        tokenizer = build_unigram_model(read_repository_vocabulary(folder))
        return Conversion(
            graph=_quantised_graph(read_repository_weights(folder), tokenizer, model),
            tokenizer=tokenizer,
            method=(
                "The matrices were quantised to 7 bits with a scale for each output, after the few "
                "channels with large activations were scaled down; the word embeddings to 8 bits "
                "with a scale for each 32 numbers."
            ),
            origin=folder / TENSORS,
        )
    if (folder / ONNX_GRAPH).is_file():
        return Conversion(
            graph=adopt_onnx_graph(folder / ONNX_GRAPH),
            tokenizer=build_unigram_model(read_repository_vocabulary(folder)),
            method=(
                "The matrices of the ONNX export were quantised to 7 bits with a scale for each "
                "output; the word embeddings are as they were."
            ),
            origin=folder / ONNX_GRAPH,
        )
    raise UnsupportedModelError(
        f"{folder} holds no model that can be converted: it needs {CONFIG}, {TOKENIZER_JSON} and "
        f"{TENSORS} or {ONNX_GRAPH}."
    )


def _quantised_graph(
    weights: EncoderWeights, tokenizer: bytes, model: CatalogueModel
) -> onnx.ModelProto:
    hidden, positions = weights.hidden, weights.positions.shape[0]
    if hidden != model.dimension or positions < model.max_tokens:
        raise UnsupportedModelError(
            f"The weights are of another model than {model.name}: vectors of {hidden} numbers "
            f"instead of {model.dimension}, {positions} tokens where {model.max_tokens} are read."
        )
    divisors = find_divisors(
        weights,
        UnigramTokenizer(tokenizer, model.max_tokens),
        (model.query_prefix, model.passage_prefix),
    )
    return build_encoder_graph(weights, divisors)
