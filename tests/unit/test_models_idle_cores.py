import os
from pathlib import Path

import pytest

from models.idle_cores import IdleCores


@pytest.fixture(autouse=True)
def _four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 4, 5})


def idle(tmp_path: Path, load: bytes) -> int:
    (tmp_path / "loadavg").write_bytes(load)
    return IdleCores(tmp_path / "loadavg").count()


@pytest.mark.parametrize(("running", "idle_cores"), [(1, 3), (2, 2), (4, 0), (70, 0)])
def test_cores_are_idle_where_the_caller_and_all_else_that_runs_leave_them(
    tmp_path: Path, running: int, idle_cores: int
) -> None:
    assert idle(tmp_path, b"3.25 2.80 1.72 %d/908 25580\n" % running) == idle_cores


def test_the_caller_runs_even_if_it_was_not_counted(tmp_path: Path) -> None:
    assert idle(tmp_path, b"0.00 0.00 0.00 0/908 25580\n") == 3


def test_each_count_is_of_that_moment(tmp_path: Path) -> None:
    load = tmp_path / "loadavg"
    load.write_bytes(b"0.00 0.00 0.00 1/908 25580\n")
    cores = IdleCores(load)
    before = cores.count()
    load.write_bytes(b"0.00 0.00 0.00 3/908 25580\n")

    assert (before, cores.count()) == (3, 1)


def test_a_thread_that_keeps_to_one_core_has_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = tmp_path / "loadavg"
    load.write_bytes(b"0.00 0.00 0.00 1/908 25580\n")
    cores = IdleCores(load)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {4})

    assert cores.count() == 0


@pytest.mark.parametrize("load", [b"", b"0.1 0.1 0.1", b"0.1 0.1 0.1 many/908 1\n", b"\xff" * 500])
def test_none_are_idle_where_the_load_cannot_be_read(tmp_path: Path, load: bytes) -> None:
    assert idle(tmp_path, load) == 0


def test_none_are_idle_where_nothing_tells_the_load(tmp_path: Path) -> None:
    assert IdleCores(tmp_path / "nothing").count() == 0


def test_this_machine_tells_no_more_than_its_other_cores() -> None:
    assert 0 <= IdleCores().count() <= 3
