"""Reader of a model's official repository, as a hub has it or as it was copied into a folder."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import safetensors
import safetensors.numpy
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from models.embedding import EmbedderError, FloatArray
from models.encoder_weights import EncoderLayer, EncoderWeights, LayerNorm, Linear
from models.quantisation import quantise_table
from models.unigram_model import UnigramVocabulary

CONFIG = "config.json"
TENSORS = "model.safetensors"
ONNX_GRAPH = "onnx/model.onnx"
TOKENIZER_JSON = "tokenizer.json"
POOLING = "1_Pooling/config.json"


class UnsupportedModelError(EmbedderError):
    """A repository holds a model that cannot be converted."""


class _Config(BaseModel):
    model_config = ConfigDict(extra="ignore")

    model_type: str
    hidden_act: str = "gelu"
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    layer_norm_eps: float = 1e-12
    position_embedding_type: str = "absolute"


class _Unigram(BaseModel):
    type: str
    unk_id: int
    vocab: tuple[tuple[str, float], ...]


class _TokenizerFile(BaseModel):
    model: _Unigram
    normalizer: dict[str, Any] | None = None


ParsedT = TypeVar("ParsedT", bound=BaseModel)

_POOLING = TypeAdapter(dict[str, Any])


def read_repository_weights(folder: Path) -> EncoderWeights:
    """Read a BERT encoder.

    Args:
        folder: Holds `config.json` and `model.safetensors`.

    Returns:
        The encoder, its word table quantised to 8 bits.

    Raises:
        UnsupportedModelError: A file is missing or unreadable, or the model is of another kind.
    """
    config = _parsed(_Config, folder / CONFIG)
    if config.model_type != "bert" or config.position_embedding_type != "absolute":
        raise _unsupported(folder / CONFIG, f"model_type {config.model_type!r} is not a plain BERT")
    if config.hidden_act != "gelu":
        raise _unsupported(folder / CONFIG, f"hidden_act {config.hidden_act!r} is not 'gelu'")
    if config.hidden_size % 32 or config.hidden_size % config.num_attention_heads:
        raise _unsupported(folder / CONFIG, f"hidden_size {config.hidden_size} has no whole blocks")
    return _weights(folder / TENSORS, config)


def check_mean_pooling(folder: Path) -> None:
    """See that a model takes the mean of its tokens' vectors.

    Args:
        folder: May hold `1_Pooling/config.json`; without it, the mean is taken for granted.

    Raises:
        UnsupportedModelError: It pools in another way, or does not say how.
    """
    path = folder / POOLING
    if not path.is_file():
        return
    try:
        pooling = _POOLING.validate_json(path.read_bytes())
    except ValidationError as error:
        raise _unsupported(path, str(error)) from error
    modes = [key for key, value in pooling.items() if key.startswith("pooling_mode") and value]
    if modes not in (["pooling_mode_mean_tokens"], ["pooling_mode"]):
        raise _unsupported(path, f"only mean pooling can be converted, not {modes}")
    if modes == ["pooling_mode"] and pooling["pooling_mode"] != "mean":
        raise _unsupported(path, f"only mean pooling can be converted, not {modes}")


def read_repository_vocabulary(folder: Path) -> UnigramVocabulary:
    """Read a unigram tokenizer.

    Args:
        folder: Holds `tokenizer.json`.

    Returns:
        Its vocabulary, special tokens and normalisation.

    Raises:
        UnsupportedModelError: The file is missing or unreadable, or is of another kind.
    """
    path = folder / TOKENIZER_JSON
    tokenizer = _parsed(_TokenizerFile, path)
    if tokenizer.model.type != "Unigram":
        raise _unsupported(path, f"the tokenizer is {tokenizer.model.type}, not Unigram")
    pieces = tuple(piece for piece, _ in tokenizer.model.vocab)
    ids = {piece: token for token, piece in enumerate(pieces[:16])}
    try:
        start, padding, end = ids["<s>"], ids["<pad>"], ids["</s>"]
    except KeyError as error:
        raise _unsupported(path, f"the special token {error} is not among its first") from error
    return UnigramVocabulary(
        pieces=pieces,
        scores=np.array([score for _, score in tokenizer.model.vocab], np.float32),
        start=start,
        end=end,
        padding=padding,
        unknown=tokenizer.model.unk_id,
        normalisation=_character_map(tokenizer.normalizer),
    )


def _character_map(normalizer: Mapping[str, Any] | None) -> bytes | None:
    steps = (normalizer or {}).get("normalizers", [normalizer or {}])
    for step in steps:
        if step.get("type") == "Precompiled":
            return base64.b64decode(step["precompiled_charsmap"])
    return None


def _weights(path: Path, config: _Config) -> EncoderWeights:
    try:
        tensors = safetensors.numpy.load_file(path)
    except (OSError, safetensors.SafetensorError, KeyError) as error:
        raise _unsupported(path, str(error)) from error

    def tensor(name: str) -> FloatArray:
        found = tensors.get(name, tensors.get(f"bert.{name}"))
        if found is None:
            raise _unsupported(path, f"it has no tensor {name}")
        return np.asarray(found, dtype=np.float32)

    def linear(name: str) -> Linear:
        return Linear(tensor(f"{name}.weight"), tensor(f"{name}.bias"))

    def norm(name: str) -> LayerNorm:
        return LayerNorm(tensor(f"{name}.weight"), tensor(f"{name}.bias"))

    def layer(name: str) -> EncoderLayer:
        return EncoderLayer(
            query=linear(f"{name}.attention.self.query"),
            key=linear(f"{name}.attention.self.key"),
            value=linear(f"{name}.attention.self.value"),
            attention_output=linear(f"{name}.attention.output.dense"),
            attention_norm=norm(f"{name}.attention.output.LayerNorm"),
            intermediate=linear(f"{name}.intermediate.dense"),
            output=linear(f"{name}.output.dense"),
            output_norm=norm(f"{name}.output.LayerNorm"),
        )

    return EncoderWeights(
        words=quantise_table(tensor("embeddings.word_embeddings.weight")),
        positions=tensor("embeddings.position_embeddings.weight"),
        types=tensor("embeddings.token_type_embeddings.weight"),
        embedding_norm=norm("embeddings.LayerNorm"),
        layers=tuple(layer(f"encoder.layer.{i}") for i in range(config.num_hidden_layers)),
        heads=config.num_attention_heads,
        epsilon=config.layer_norm_eps,
    )


def _parsed(kind: type[ParsedT], path: Path) -> ParsedT:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise _unsupported(path, str(error)) from error


def _unsupported(path: Path, why: str) -> UnsupportedModelError:
    return UnsupportedModelError(
        f"{path} cannot be converted: {why}. Models of other kinds can be used with "
        "`pip install 'polyfaq[transformers]'` by naming them in the settings."
    )
