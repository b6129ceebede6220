"""Parts of the benchmarks end with all that they have started."""

import os
from select import poll

from benchmarks.part_process import started

PATIENCE_MILLISECONDS = 60_000
WITH_A_SERVER = ["sh", "-c", "sleep 90 & echo serving; wait"]
LEAVING_A_SERVER = ["sh", "-c", "sleep 90 & echo serving"]


def test_a_part_that_takes_too_long_is_ended_with_its_server() -> None:
    with started(WITH_A_SERVER, seconds=1) as process:
        assert process.stdout is not None
        assert nobody_writes_to(process.stdout.fileno())
        assert process.wait() != 0


def test_a_server_that_a_part_leaves_behind_ends_with_it() -> None:
    with started(LEAVING_A_SERVER, seconds=300) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "serving\n"
        told = os.dup(process.stdout.fileno())
    assert nobody_writes_to(told)
    os.close(told)


def nobody_writes_to(pipe: int) -> bool:
    """Wait until all processes that could are gone; tell whether they are."""
    end = poll()
    end.register(pipe, 0)
    return bool(end.poll(PATIENCE_MILLISECONDS))
