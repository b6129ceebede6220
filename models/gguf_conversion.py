"""GGUF files into folders that load quickly, once, when a model is installed."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import filelock

from models.chat_model import BYTES_BESIDE
from models.free_memory import free_memory
from models.generation import (
    ExtraMissingError,
    GenerationModelError,
    ModelDamagedError,
    ModelMissingError,
    ModelTooLargeError,
    NotAChatModelError,
)

_MAGIC = b"GGUF"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TEMPLATE = "tokenizer.chat_template"
# In 32 bits as they are read and as they are put in place, then in 16 bits as they are written.
_BYTES_PER_WEIGHT = 10


def install_gguf(
    file: Path,
    models_folder: Path,
    name: str,
    *,
    memory: Callable[[], int | None] = free_memory,
) -> Path:
    """Convert a chat model into a folder of the models folder, whole or not at all.

    The weights are kept in 16 bits, which is more than any quantised file holds of them.

    Args:
        file: The GGUF file.
        models_folder: Where models live; created if need be.
        name: What to call it.
        memory: Tells how many bytes are free; None where that is not known.

    Returns:
        The model's folder, which is replaced if it is there.

    Raises:
        ExtraMissingError: The extra `transformers` is not installed.
        ModelMissingError: There is no such file.
        ModelDamagedError: It is no whole GGUF file, or of a kind that cannot be converted.
        NotAChatModelError: It has no chat template.
        ModelTooLargeError: There is not enough memory to convert it.
        GenerationModelError: The name cannot be one, or the disk is full.
    """
    if not _NAME.fullmatch(name):
        raise GenerationModelError(
            f"{name!r} cannot be a model's name; use letters, digits, '.', '_' and '-'"
        )
    gguf, transformers = _libraries()
    _check(gguf, file, memory)
    target = models_folder / name
    partial = models_folder / f"{name}.partial"
    try:
        models_folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(models_folder / f".{name}.lock", timeout=0):
            shutil.rmtree(partial, ignore_errors=True)
            _convert(transformers, file, partial)
            replaced = models_folder / f"{name}.replaced"
            shutil.rmtree(replaced, ignore_errors=True)
            with suppress(FileNotFoundError):
                target.rename(replaced)
            partial.rename(target)
            shutil.rmtree(replaced, ignore_errors=True)
    except filelock.Timeout:
        raise GenerationModelError(
            f"another process is installing {name}; wait for it to finish"
        ) from None
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full" if full else str(error)
        raise GenerationModelError(f"{name} cannot be written: {why}") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return target


def _libraries() -> tuple[Any, Any]:
    try:
        return import_module("gguf"), import_module("transformers")
    except ImportError as error:
        raise ExtraMissingError(
            "a GGUF file needs packages that are not installed; run "
            "`pip install 'polyfaq[transformers]'`"
        ) from error


def _check(gguf: Any, file: Path, memory: Callable[[], int | None]) -> None:  # noqa: ANN401 - untyped
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(_MAGIC))
    except OSError as error:
        raise ModelMissingError(f"{file}: {error.strerror}; name a GGUF file") from None
    if begins != _MAGIC:
        raise ModelDamagedError(f"{file} is no GGUF file; fetch it again")
    try:
        reader = gguf.GGUFReader(file)
        weights = sum(int(tensor.n_elements) for tensor in reader.tensors)
        is_chat = reader.get_field(_TEMPLATE) is not None
    except Exception as error:
        raise ModelDamagedError(f"{file} is not whole: {error}; fetch it again") from error
    if not is_chat:
        raise NotAChatModelError(
            f"{file} has no chat template: it is no chat model; take one that was taught to "
            "follow instructions"
        )
    needed, free = weights * _BYTES_PER_WEIGHT + BYTES_BESIDE, memory()
    if free is not None and needed > free:
        raise ModelTooLargeError(
            f"converting {file} needs {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are "
            "free; take a smaller model, or let a server such as llama-server run the file"
        )


def _convert(transformers: Any, file: Path, folder: Path) -> None:  # noqa: ANN401 - untyped
    torch: Any = import_module("torch")
    transformers.utils.logging.disable_progress_bar()
    place, name = file.absolute().parent, file.name
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(place, gguf_file=name)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            place, gguf_file=name, dtype="float32"
        )
        model.config.architectures = [type(model).__name__]
        half = {key: value.to(torch.float16) for key, value in _own(model.state_dict()).items()}
        tokenizer.save_pretrained(folder)
        model.generation_config.save_pretrained(folder)
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.config.save_pretrained(folder)
    except OSError:
        raise
    except Exception as error:
        raise ModelDamagedError(
            f"{file} cannot be converted: {error}; let a server such as llama-server run it"
        ) from error
    weights = folder / "model.safetensors"
    import_module("safetensors.torch").save_file(half, weights, metadata={"format": "pt"})
    weights.chmod(0o644)


def _own(tensors: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is shared with another tensor, which is tied to it again when loaded."""
    own: dict[int, tuple[str, Any]] = {}
    for name, tensor in tensors.items():
        own.setdefault(tensor.data_ptr(), (name, tensor))
    return dict(own.values())
