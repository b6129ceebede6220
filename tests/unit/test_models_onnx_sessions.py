import os
from pathlib import Path

import pytest

from models.idle_cores import IdleCores
from models.model_folder import GRAPH
from models.onnx_sessions import MOST_SPREAD, Sessions
from tests.tiny_model import install_tiny_model


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_tiny_model(tmp_path_factory.mktemp("models")) / GRAPH


@pytest.fixture
def load(tmp_path: Path) -> Path:
    return tmp_path / "loadavg"


def runs(load: Path, threads: int) -> None:
    load.write_text(f"0.00 0.00 0.00 {threads}/100 4242\n")


def with_cores(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(number)))


def test_a_run_is_spread_while_nothing_else_runs_and_only_then(
    graph: Path, load: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_cores(monkeypatch, 2)
    sessions = Sessions(graph, IdleCores(load))
    chosen = []

    for threads in (1, 2, 1, 3):
        runs(load, threads)
        chosen.append(sessions.choose())

    single, spread = sessions.single, sessions.spread
    assert spread is not None
    assert chosen == [spread, single, spread, single]


def test_a_run_is_spread_over_no_more_cores_than_help(
    graph: Path, load: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_cores(monkeypatch, 8)
    sessions = Sessions(graph, IdleCores(load))
    runs(load, 8 - MOST_SPREAD + 1)

    assert sessions.spread is not None
    assert sessions.spread.get_session_options().intra_op_num_threads == MOST_SPREAD
    assert sessions.choose() is sessions.spread


def test_with_one_core_there_is_nothing_to_spread_over(
    graph: Path, load: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_cores(monkeypatch, 1)
    runs(load, 1)
    sessions = Sessions(graph, IdleCores(load))

    assert sessions.spread is None
    assert sessions.choose() is sessions.single


def test_no_run_is_spread_where_nobody_asked_for_it(graph: Path) -> None:
    sessions = Sessions(graph)

    assert sessions.spread is None
    assert sessions.choose() is sessions.single
    assert sessions.single.get_session_options().intra_op_num_threads == 1


def test_what_does_not_know_the_load_spreads_nothing(
    graph: Path, load: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_cores(monkeypatch, 2)
    sessions = Sessions(graph, IdleCores(load))

    assert sessions.choose() is sessions.single
