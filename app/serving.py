"""Serving over HTTP with gunicorn.

The master process never loads the model: a session of ONNX Runtime does not survive a fork. Each
worker loads its own, while what else it needs is imported beside it.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.glogging import Logger

from app.choices import load_embedder_for
from app.first_process import FirstProcess
from app.listening import check_address
from app.logs import configure_logs
from app.own_core import OwnCore, Seats
from app.settings import Settings, SettingsError
from app.shared_metrics import forget_metrics, shared_metrics

if TYPE_CHECKING:
    from gunicorn.config import Config

    from app.answering.turns import Turns
    from app.services import Services
    from app.worker import AnsweringWorker

    Build = Callable[[Settings, Turns], Services]
    OnReady = Callable[[int, str | None], None]

_LOG = logging.getLogger(__name__)
# Threads of numerical libraries spin after each product: with several requests at a time they
# take the cores from one another. The libraries read these when they are imported.
_THREADS_OF_LIBRARIES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
_KEEP_ALIVE_SECONDS = 75
_STUCK_SECONDS = 120


def build_beside_model(settings: Settings, turns: Turns) -> Services:
    """Build the services while the model and the language detector are loaded.

    Both spend their time outside the interpreter, which imports the rest meanwhile.

    Raises:
        EmbedderError: The model cannot be used.
        StoreError: The store cannot be used.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        embedder = pool.submit(load_embedder_for, settings)
        from app.answering.dialogue_acts import dialogue_acts  # noqa: PLC0415 - beside the model
        from app.composition import (  # noqa: PLC0415 - the same
            build_services,
            identifier_of_published,
        )

        identifier = pool.submit(identifier_of_published, settings)
        import_module("app.api.application")
        dialogue_acts()
        return build_services(settings, embedder.result, identifier.result(), turns)


def _say_nothing(_: int, __: str | None) -> None:
    pass


def serve(
    settings: Settings,
    build: Build = build_beside_model,
    on_ready: OnReady = _say_nothing,
) -> int:
    """Serve until told to stop.

    Args:
        settings: Of the service.
        build: Makes the services, in each worker.
        on_ready: Told once the first worker listens: the port, and why it has nothing to answer
            from, None where it has.

    Returns:
        0 after a stop that was asked for, 3 when the server could not start.

    Raises:
        AddressError: It cannot listen where it should.
        StoreError: The store cannot be used.
    """
    check_address(settings.host, settings.port)
    for name in _THREADS_OF_LIBRARIES:
        os.environ.setdefault(name, "1")
    configure_logs(settings.log_level, settings.log_format)
    _prepare_store(settings)
    with shared_metrics(settings.processes):
        try:
            Arbiter(Server(settings, build, on_ready)).run()
        except SystemExit as stop:
            return 3 if stop.code else 0
        except HaltServer:
            # Two workers fail to start: the second is met while halting for the first.
            return 3
    return 0


class Server(BaseApplication):
    """gunicorn around our services, configured by our settings alone.

    Attributes:
        own_core: Of this process; there once it has loaded.
    """

    own_core: OwnCore

    def __init__(self, settings: Settings, build: Build, on_ready: OnReady = _say_nothing) -> None:
        self._settings = settings
        self._build = build
        self._on_ready = on_ready
        self._services: Services | None = None
        self._worker: Any = None
        self._seats = Seats(settings.processes)
        self._first = FirstProcess()
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what we want of it."""
        settings = self._settings
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        for name, value in {
            "bind": f"{host}:{settings.port}",
            "workers": settings.processes,
            "threads": settings.threads,
            "worker_class": "app.worker.AnsweringWorker",
            "graceful_timeout": settings.graceful_timeout,
            "keepalive": _KEEP_ALIVE_SECONDS,
            "timeout": _STUCK_SECONDS,
            "proc_name": "polyfaq",
            "http_parser": "python",
            "control_socket_disable": True,
            "logger_class": GunicornLog,
            "pre_fork": self._seat,
            "post_fork": self._note,
            "child_exit": self._forget,
            "post_worker_init": self._announce,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - as gunicorn has it
        """Make the application; in the worker, after the fork.

        What cannot be mended by trying again stops the server, with one line that says why.
        """
        from app.answering.turns import Turns  # noqa: PLC0415 - only the worker needs it
        from app.store import StoreError  # noqa: PLC0415 - only the worker needs it
        from models.embedding import EmbedderError  # noqa: PLC0415 - only the worker needs it

        if self._worker.age > 1:
            self._first.wait(lambda: self._worker.alive)
        if not self._worker.alive:
            sys.exit(0)
        self.own_core = OwnCore(self._seats, self._worker.seat)
        # What is loaded here stays. Looking for garbage in it takes a tenth of a second, now, and
        # later once in some hundred questions.
        gc.disable()
        try:
            self._services = self._build(self._settings, Turns(self.own_core))
        except (EmbedderError, SettingsError, StoreError) as error:
            _LOG.critical("the server cannot start: %s", error)
            sys.exit(Arbiter.APP_LOAD_ERROR)
        from app.api.application import create_app  # noqa: PLC0415 - only the worker needs it

        self._services.start()
        app = create_app(self._services)
        gc.freeze()
        gc.enable()
        return app

    def drain(self) -> None:
        """Be ready no more."""
        if self._services is not None:
            self._services.readiness.drain()

    def close(self) -> None:
        """Store what waits, and let go of everything."""
        if self._services is not None:
            self._services.close()

    def _seat(self, arbiter: Arbiter, worker: AnsweringWorker) -> None:
        others = cast("list[AnsweringWorker]", list(arbiter.WORKERS.values()))
        worker.seat = self._seats.choose(other.seat for other in others)

    def _note(self, _: Arbiter, worker: AnsweringWorker) -> None:
        self._worker = worker

    def _forget(self, _: Arbiter, worker: AnsweringWorker) -> None:
        self._seats.note(worker.seat, has_questions=False)
        forget_metrics(int(worker.pid))

    def _announce(self, worker: Any) -> None:  # noqa: ANN401 - as gunicorn has it
        self._first.announce()
        if worker.age == 1 and self._services is not None:
            self._on_ready(worker.sockets[0].getsockname()[1], self._services.live.fault)


class GunicornLog(Logger):
    """gunicorn's own lines, among ours and in their form."""

    def setup(self, cfg: Config) -> None:
        """Leave handlers and levels to ours; requests are logged by the application."""
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.setLevel(logging.NOTSET)
        self._access_log_enabled = False


def _prepare_store(settings: Settings) -> None:
    from app.store import prepare  # noqa: PLC0415 - SQLAlchemy, which only servers wait for

    prepare(settings.database)
