from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn

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


MakeWorker = Callable[[int], AnsweringWorker]


@pytest.fixture
def make_worker() -> Iterator[MakeWorker]:
    made = []

    def make(workers: int) -> AnsweringWorker:
        configuration = Config()
        configuration.set("workers", workers)
        no_app: Any = None
        log = Logger(configuration)
        made.append(AnsweringWorker(1, os.getppid(), [], no_app, 30, configuration, log))
        return made[-1]

    yield make
    for worker in made:
        worker.tmp.close()
        worker.method_queue.close()


@pytest.fixture
def worker(make_worker: MakeWorker) -> AnsweringWorker:
    return make_worker(1)


class Closing(ThreadPoolExecutor):
    """Closes connections in place of answering them."""

    def submit(self, _: object, connection: TConn) -> Future[Any]:  # type: ignore[override]
        connection.close()
        return Future()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        with socket.create_connection(listening.getsockname()):
            yield listening


def in_its_place(monkeypatch: pytest.MonkeyPatch, do: Callable[[float], None]) -> list[float]:
    """Have something done while a worker waits; gives how long it meant to."""
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        do(seconds)

    monkeypatch.setattr(app.worker, "sleep", wait)
    return waited


def test_a_new_connection_goes_to_the_process_that_has_fewer(
    make_worker: MakeWorker, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, idle = make_worker(2), make_worker(2)
    busy.tpool, idle.tpool = Closing(), Closing()
    busy.nr_conns = 3
    in_its_place(monkeypatch, lambda seconds: idle.accept(listener) if seconds else None)

    busy.accept(listener)

    assert (busy.nr_conns, idle.nr_conns) == (3, 1)


def test_a_process_waits_the_longer_the_more_connections_it_has_and_never_long(
    make_worker: MakeWorker, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = in_its_place(monkeypatch, lambda _: None)
    worker = make_worker(2)
    worker.tpool = Closing()

    for connections in (0, 1, 2, 1000):
        worker.nr_conns = connections
        worker.accept(listener)

    assert waited[0] == 0
    assert waited == sorted(set(waited))
    assert waited[-1] <= 0.001


def test_a_process_that_is_alone_takes_connections_at_once(
    worker: AnsweringWorker, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = in_its_place(monkeypatch, lambda _: None)
    worker.tpool = Closing()
    worker.nr_conns = 3

    worker.accept(listener)

    assert (waited, worker.nr_conns) == ([], 4)


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
