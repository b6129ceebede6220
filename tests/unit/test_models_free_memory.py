from __future__ import annotations

from pathlib import Path

import pytest

from models.free_memory import free_memory


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:  9000 kB\nMemFree:  10 kB\nMemAvailable:  4000 kB\n")
    return file


def container(folder: Path, limit: str, used: str) -> Path:
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{used}\n")
    return folder


def test_what_is_available_on_the_machine_is_free(machine: Path, tmp_path: Path) -> None:
    assert free_memory(machine, tmp_path / "none") == 4_096_000


def test_a_container_may_have_less(machine: Path, tmp_path: Path) -> None:
    assert free_memory(machine, container(tmp_path, "3000000", "1000000")) == 2_000_000
    assert free_memory(machine, container(tmp_path, "3000000", "4000000")) == 0


def test_a_container_without_a_limit_has_what_the_machine_has(
    machine: Path, tmp_path: Path
) -> None:
    assert free_memory(machine, container(tmp_path, "max", "1000000")) == 4_096_000


@pytest.mark.parametrize("content", ["", "MemAvailable:\n", "MemAvailable: much kB\n"])
def test_what_is_not_told_is_not_known(tmp_path: Path, content: str) -> None:
    file = tmp_path / "meminfo"
    file.write_text(content)

    assert free_memory(file, tmp_path / "none") is None
    assert free_memory(tmp_path / "nowhere", tmp_path / "none") is None
