"""What lies in the folder of a chat model, without loading it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

from safetensors import SafetensorError, safe_open

from models.generation import (
    GenerationModelError,
    ModelDamagedError,
    ModelMissingError,
    NotAChatModelError,
)

_CONFIG = "config.json"
_WEIGHTS = "*.safetensors"
_WRITERS = ("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")
_UNFINISHED = (".partial", ".replaced")


@dataclass(frozen=True, slots=True)
class Weights:
    """What a model has learnt.

    Attributes:
        count: How many numbers.
        forms: What they are kept as, such as `F16`, each once.
        size: Bytes of their files.
    """

    count: int
    forms: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class ChatFolder:
    """A chat model among the installed ones.

    Attributes:
        path: Its folder, which is named as it is.
        architecture: Its kind, such as `Qwen2ForCausalLM`.
        weights: Its weights; None where they cannot be read.
        fault: Why not; None where they can.
    """

    path: Path
    architecture: str
    weights: Weights | None
    fault: str | None = None


def chat_folders(models_folder: Path, known: Collection[str]) -> Iterator[ChatFolder]:
    """Find the chat models among the folders of installed models, in alphabetical order.

    Args:
        models_folder: Where models live; need not exist.
        known: Names of folders that hold something else.
    """
    folders = sorted(models_folder.iterdir()) if models_folder.is_dir() else []
    for folder in folders:
        if folder.name in known or folder.suffix in _UNFINISHED or not folder.is_dir():
            continue
        try:
            architecture = architecture_of(folder)
        except GenerationModelError:
            continue
        try:
            yield ChatFolder(folder, architecture, weights_of(folder))
        except GenerationModelError as error:
            yield ChatFolder(folder, architecture, None, str(error))


def architecture_of(folder: Path) -> str:
    """Tell what kind of model writes.

    Raises:
        ModelMissingError: There is no model.
        ModelDamagedError: What describes it cannot be read.
        NotAChatModelError: It does not write.
    """
    config = _config(folder)
    listed = config.get("architectures")
    architectures = [str(each) for each in listed] if isinstance(listed, list) else []
    writing = next((each for each in architectures if each.endswith(_WRITERS)), None)
    if writing is None:
        kind = ", ".join(architectures) or config.get("model_type") or "unknown"
        raise NotAChatModelError(
            f"{folder} holds a model of kind {kind}, which does not write texts; name a chat model"
        )
    return writing


def weights_of(folder: Path) -> Weights:
    """Count a model's weights without loading them.

    Raises:
        ModelMissingError: There are none.
        ModelDamagedError: They cannot be read.
    """
    files = sorted(folder.glob(_WEIGHTS))
    if not files:
        raise ModelMissingError(
            f"{folder} has no weights in safetensors files; other forms are not loaded, since "
            "they can run code"
        )
    count = size = 0
    forms: dict[str, None] = {}
    for path in files:
        try:
            with safe_open(path, framework="np") as tensors:
                for name in tensors.keys():  # noqa: SIM118 - no mapping
                    tensor = tensors.get_slice(name)
                    count += prod(tensor.get_shape())
                    forms[tensor.get_dtype()] = None
            size += path.stat().st_size
        except (OSError, SafetensorError) as error:
            first = next(iter(str(error).strip().splitlines()), type(error).__name__)
            raise ModelDamagedError(
                f"{path} cannot be read: {first}; fetch the model again"
            ) from None
    return Weights(count, tuple(forms), size)


def _config(folder: Path) -> Mapping[str, object]:
    path = folder / _CONFIG
    try:
        config = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelMissingError(f"{folder} holds no model: there is no {_CONFIG}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelDamagedError(f"{path} cannot be read: {error}; fetch the model again") from None
    if not isinstance(config, dict):
        raise ModelDamagedError(f"{path} holds no object; fetch the model again")
    return config
