"""Metrics of several processes are kept in one folder while they run."""

import os
from pathlib import Path

import pytest

from app.shared_metrics import forget_metrics, shared_metrics

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@pytest.fixture(autouse=True)
def nothing_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_several_processes_share_a_folder_as_long_as_they_run() -> None:
    with shared_metrics(2):
        folder = Path(os.environ[VARIABLE])
        assert folder.is_dir()

    assert not folder.exists()
    assert VARIABLE not in os.environ


def test_one_process_shares_nothing() -> None:
    with shared_metrics(1):
        assert VARIABLE not in os.environ


def test_what_a_process_was_doing_when_it_ended_is_forgotten() -> None:
    with shared_metrics(2):
        at_work = Path(os.environ[VARIABLE]) / "gauge_livesum_4711.db"
        at_work.touch()

        forget_metrics(4711)

        assert not at_work.exists()


def test_where_nothing_is_shared_nothing_is_forgotten() -> None:
    forget_metrics(4711)
