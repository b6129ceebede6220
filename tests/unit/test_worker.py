from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

import app.worker
from app.worker import SIGN_OF_LIFE_SECONDS, AnsweringWorker


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(app.worker, "monotonic", clock)
    return clock


@pytest.fixture
def worker() -> Iterator[AnsweringWorker]:
    configuration = Config()
    no_app: Any = None
    log = Logger(configuration)
    answering = AnsweringWorker(1, os.getppid(), [], no_app, 30, configuration, log)
    yield answering
    answering.tmp.close()
    answering.method_queue.close()


@pytest.mark.usefixtures("clock")
def test_a_busy_worker_does_not_touch_its_file_with_every_request(worker: AnsweringWorker) -> None:
    worker.notify()
    shown = worker.tmp.last_update()
    worker.notify()
    assert worker.tmp.last_update() == shown


def test_the_master_sees_a_sign_of_life_every_second(worker: AnsweringWorker, clock: Clock) -> None:
    worker.notify()
    shown = worker.tmp.last_update()
    clock.now += SIGN_OF_LIFE_SECONDS
    worker.notify()
    assert worker.tmp.last_update() > shown
