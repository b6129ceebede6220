import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer.durable import FileDigest
from indexer.errors import GenerationDamagedError, GenerationFormatError, GenerationMissingError
from indexer.golden import GoldenSummary
from indexer.manifest import FORMAT, LanguageManifest, Manifest, read_manifest, write_manifest
from models.embedding import ModelIdentity

NAME = "2026-11-22T10-38-11Z-1f3a"
MANIFEST = Manifest(
    format=FORMAT,
    id=NAME,
    created=datetime(2026, 11, 22, 10, 38, 11, tzinfo=UTC),
    polyfaq="0.1.0",
    default_language="en",
    entries=3,
    passages=9,
    languages=(LanguageManifest("en", 3, 9, "exact", 1.0, 0, 0.8, None),),
    model=ModelIdentity("tiny", "ab" * 32, 5),
    metric="inner product",
    confidence="a rule",
    threshold=0.8,
    coverage=0.7,
    support="another rule",
    error_budget=0.05,
    inputs="cd" * 32,
    sources=(FileDigest("content/en.yaml", 12, "ef" * 32),),
    golden=GoldenSummary(4, 3, 3, 1, 0),
    files=(FileDigest("a/b.bin", 7, "01" * 32), FileDigest("c.json", 5, "23" * 32)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).mkdir()
    write_manifest(tmp_path / NAME, MANIFEST)
    return tmp_path / NAME


def edited(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    document = json.loads(path.read_text())
    document["manifest"].update(changes)
    path.write_text(json.dumps(document))


def test_a_manifest_comes_back_as_it_was_written(folder: Path) -> None:
    assert read_manifest(folder) == MANIFEST
    assert read_manifest(folder).size == 12


def test_its_formatting_does_not_matter(folder: Path) -> None:
    edited(folder)

    assert read_manifest(folder) == MANIFEST


def test_a_missing_generation_is_told_from_a_damaged_one(folder: Path) -> None:
    with pytest.raises(GenerationMissingError, match=r"no generation 2026-01-01.*index list"):
        read_manifest(folder.with_name("2026-01-01T00-00-00Z-0000"))
    (folder / "manifest.json").unlink()
    with pytest.raises(GenerationDamagedError, match=r"manifest\.json is missing.*rollback"):
        read_manifest(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"text"', b"{}", b"\xff\xfe", b'{"manifest": 1}']
)
def test_what_is_no_manifest_is_refused(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)

    with pytest.raises(GenerationDamagedError, match=r"manifest\.json is no manifest"):
        read_manifest(folder)


def test_a_changed_manifest_is_refused(folder: Path) -> None:
    edited(folder, entries=4)

    with pytest.raises(GenerationDamagedError, match="checksum"):
        read_manifest(folder)


def test_another_format_is_refused_with_the_way_out(folder: Path) -> None:
    edited(folder, format=FORMAT + 1)

    with pytest.raises(GenerationFormatError, match=rf"format {FORMAT + 1}.*Run `polyfaq index`"):
        read_manifest(folder)


def test_the_manifest_of_another_generation_is_refused(folder: Path) -> None:
    other = folder.rename(folder.with_name("2026-11-22T10-38-12Z-aaaa"))

    with pytest.raises(GenerationDamagedError, match=f"belongs to generation {NAME}"):
        read_manifest(other)


def test_a_manifest_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").mkdir()

    with pytest.raises(GenerationDamagedError, match="cannot be read"):
        read_manifest(folder)
