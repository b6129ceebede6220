import json
from pathlib import Path

import pytest

from models.embedding import ModelDamagedError, ModelMissingError
from models.model_folder import (
    ModelManifest,
    read_manifest,
    record_of,
    verify_folder,
    write_manifest,
)

FILES = {"model.onnx": b"graph", "model.onnx.data": b"weights", "tokenizer.model": b"pieces"}


def write_folder(folder: Path, prefix: str = "query: ") -> ModelManifest:
    folder.mkdir(exist_ok=True)
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    manifest = ModelManifest(
        format=1,
        name="tiny",
        dimension=8,
        max_tokens=16,
        query_prefix=prefix,
        passage_prefix="passage: ",
        source="wheel",
        source_sha256="0" * 64,
        files={name: record_of(folder / name) for name in FILES},
    )
    write_manifest(folder, manifest)
    return manifest


def test_a_whole_model_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    written = write_folder(tmp_path)

    assert read_manifest(tmp_path) == written
    assert verify_folder(tmp_path, read_manifest) == written


def test_verifying_reports_every_byte(tmp_path: Path) -> None:
    write_folder(tmp_path)
    done: list[int] = []

    verify_folder(tmp_path, read_manifest, done.append)

    assert sum(done) == sum(map(len, FILES.values()))


def test_everything_that_decides_vectors_decides_the_identity(tmp_path: Path) -> None:
    identity = write_folder(tmp_path).identity

    assert write_folder(tmp_path).identity == identity
    assert write_folder(tmp_path, prefix="").identity != identity
    for name in FILES:
        folder = tmp_path / name.replace(".", "-")
        write_folder(folder)
        (folder / name).write_bytes(b"other")
        manifest = json.loads((folder / "model.json").read_bytes())
        record = record_of(folder / name)
        manifest["files"][name] = {"size": record.size, "sha256": record.sha256}
        (folder / "model.json").write_text(json.dumps(manifest))
        assert read_manifest(folder).identity != identity


@pytest.mark.parametrize("name", [*FILES, "model.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path)
    (tmp_path / name).unlink()

    with pytest.raises(ModelMissingError, match=rf"{name}.*polyfaq models install"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_cut_file_is_named_at_once(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path)
    (tmp_path / name).write_bytes(FILES[name][:-1])

    with pytest.raises(ModelDamagedError, match=rf"{name} has \d bytes instead of \d"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_bit_is_found_by_verifying(tmp_path: Path, name: str) -> None:
    write_folder(tmp_path)
    data = bytearray(FILES[name])
    data[0] ^= 1
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ModelDamagedError, match=rf"{name} is damaged"):
        verify_folder(tmp_path, read_manifest)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"format": 99}, "format 99"),
        ({"files": {}}, "does not list model.onnx"),
        ({"dimension": "many"}, "dimension"),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(
    tmp_path: Path, change: dict[str, object], why: str
) -> None:
    write_folder(tmp_path)
    path = tmp_path / "model.json"
    manifest = json.loads(path.read_bytes())
    path.write_text(json.dumps(manifest | change))

    with pytest.raises(ModelDamagedError, match=why):
        read_manifest(tmp_path)


def test_files_outside_the_folder_are_never_read(tmp_path: Path) -> None:
    write_folder(tmp_path)
    path = tmp_path / "model.json"
    manifest = json.loads(path.read_bytes())
    manifest["files"]["../secret"] = {"size": 1, "sha256": "0" * 64}
    path.write_text(json.dumps(manifest))

    with pytest.raises(ModelDamagedError, match="no plain file name"):
        read_manifest(tmp_path)


def test_a_description_that_is_not_json_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path)
    (tmp_path / "model.json").write_bytes(b"\xff{")

    with pytest.raises(ModelDamagedError, match=r"model\.json cannot be read"):
        read_manifest(tmp_path)
