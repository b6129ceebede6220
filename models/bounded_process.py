"""Running another program within a bound on its time and on what it may print."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

_CHUNK = 65_536
_MOST_ERROR_BYTES = 2_000


class ProcessTooSlowError(Exception):
    """The program did not end in time, and was killed."""


class ProcessTooLoudError(Exception):
    """The program printed more than it may, and was killed."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    Attributes:
        status: Its exit code.
        output: What it printed.
        errors: The beginning of what it printed on stderr.
    """

    status: int
    output: bytes
    errors: str


def run_bounded(command: Sequence[str], given: bytes, *, seconds: float, most_bytes: int) -> Ended:
    """Run a program with all that it starts, and kill all of it when it exceeds a bound.

    Args:
        command: The program and its arguments; no shell.
        given: What it reads.
        seconds: How long it may take.
        most_bytes: How much it may print.

    Raises:
        OSError: It cannot be started.
        ProcessTooSlowError: It took longer.
        ProcessTooLoudError: It printed more.
    """
    end = monotonic() + seconds
    with tempfile.TemporaryFile() as source:
        source.write(given)
        source.seek(0)
        process = subprocess.Popen(  # noqa: S603 - no shell; the caller names the program
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            output, errors = _read(process, end, most_bytes)
            status = process.wait(max(end - monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            raise ProcessTooSlowError from None
        finally:
            # Whatever it started may outlive it, and is in its group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
            process.wait()
    return Ended(status, output, errors.decode("utf-8", "replace").strip())


def _read(process: subprocess.Popen[bytes], end: float, most_bytes: int) -> tuple[bytes, bytes]:
    output, errors = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe, kept in ((process.stdout, output), (process.stderr, errors)):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ, kept)
        while selector.get_map():
            left = end - monotonic()
            ready = selector.select(left) if left > 0 else []
            if not ready:
                raise ProcessTooSlowError
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                if not chunk:
                    selector.unregister(key.fileobj)
                elif key.data is output:
                    output += chunk
                elif len(errors) < _MOST_ERROR_BYTES:
                    errors += chunk[:_MOST_ERROR_BYTES]
            if len(output) > most_bytes:
                raise ProcessTooLoudError
    return bytes(output), bytes(errors)
