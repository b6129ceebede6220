"""Chat models in folders or on a hub: found, looked at, and loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download

from models.chat_folder import architecture_of, weights_of
from models.free_memory import free_memory
from models.generation import (
    ExtraMissingError,
    ModelDamagedError,
    ModelMissingError,
    ModelTooLargeError,
    NotAChatModelError,
)

_FILES = ("*.json", "*.safetensors", "*.jinja", "*.model", "*.txt")
_BYTES_PER_WEIGHT = 4
_REACH_SECONDS = 4.0
# The keys and values of what was read grow with the model.
_HEADROOM = 1.1
BYTES_BESIDE = 750_000_000
"""Memory that the libraries and a large vocabulary take, whatever the weights (measured)."""


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model that is ready to write; the libraries' own objects.

    Attributes:
        tokenizer: Knows the form of conversations.
        model: Writes.
        most_tokens: What it reads and writes together, at most.
    """

    tokenizer: Any
    model: Any
    most_tokens: int


def load_chat_model(name: str, *, memory: Callable[[], int | None] = free_memory) -> ChatModel:
    """Load a model for the CPU, in 32 bits.

    Args:
        name: A folder, or a repository on the hub; `HF_HUB_OFFLINE` is honoured.
        memory: Tells how many bytes are free; None where that is not known.

    Raises:
        ExtraMissingError: transformers is not installed.
        ModelMissingError: There is no such folder or repository.
        ModelDamagedError: Files are missing or cannot be read.
        NotAChatModelError: The model does not write, or does not know conversations.
        ModelTooLargeError: There is not enough memory.
    """
    transformers = _library()
    folder = _folder(name)
    architecture_of(folder)
    needed = int(weights_of(folder).count * _BYTES_PER_WEIGHT * _HEADROOM) + BYTES_BESIDE
    free = memory()
    if free is not None and needed > free:
        raise ModelTooLargeError(
            f"{folder} needs {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free; "
            "choose a smaller model, or a server that runs it in fewer bits"
        )
    transformers.utils.logging.disable_progress_bar()
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        _check_it_knows_conversations(tokenizer, folder)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype="float32",
        )
    except (NotAChatModelError, MemoryError):
        raise
    except Exception as error:
        raise ModelDamagedError(
            f"{folder} cannot be loaded: {_first_line(error)}; fetch the model again"
        ) from error
    model.eval()
    most = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return ChatModel(tokenizer, model, most if isinstance(most, int) else 2048)


def _library() -> Any:  # noqa: ANN401 - the library has no types
    try:
        import_module("torch")
        return import_module("transformers")
    except ImportError as error:
        raise ExtraMissingError(
            "the generator `transformers` needs packages that are not installed; run "
            "`pip install 'polyfaq[transformers]'`, or choose the generator `openai`"
        ) from error


def _folder(name: str) -> Path:
    path = Path(name)
    if path.is_dir():
        return path
    if path.suffix == ".gguf":
        raise ModelMissingError(
            f"{name} is a GGUF file, which takes long to read; convert it once with "
            f"`polyfaq models install --source {name} NAME`, and set POLYFAQ_GENERATOR_MODEL=NAME"
        )
    if path.exists():
        raise ModelMissingError(f"{name} is a file; name the folder that the model is in")
    if path.is_absolute() or name.startswith(".") or name.count("/") != 1:
        raise ModelMissingError(
            f"{name}: no such folder; correct POLYFAQ_GENERATOR_MODEL, or name a repository of "
            "the hub as OWNER/NAME"
        )
    try:
        return Path(
            snapshot_download(name, allow_patterns=list(_FILES), etag_timeout=_REACH_SECONDS)
        )
    except Exception as error:
        raise ModelMissingError(
            f"{name}: no such folder, and the hub does not give it: {_first_line(error)}"
        ) from error


def _check_it_knows_conversations(tokenizer: Any, folder: Path) -> None:  # noqa: ANN401 - untyped
    if not tokenizer.chat_template:
        raise NotAChatModelError(
            f"{folder} has no chat template: it is no chat model; name one that was taught to "
            "follow instructions"
        )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
