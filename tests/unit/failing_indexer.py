"""Builds an index over and over in processes that die, or run out of disk, ever a step later.

Run as `python -m tests.unit.failing_indexer kill|full FOLDER`. Every step that writes is one at
which a process may end: opening a file for writing, writing through a descriptor, making a folder,
renaming, waiting for the disk. After each end another process looks at what is left, and builds
again. Prints one JSON object that counts what was seen.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

from indexer.build_report import BuildOutcome
from indexer.confidence import ConfidenceModel
from indexer.errors import IndexWriteError
from tests.sample_shop import ENTRIES, Shop, row

OLD_ANSWER, NEW_ANSWER = ENTRIES["refund"][1], "We changed our mind."
DONE, TOLD = 0, 7
P = ParamSpec("P")
T = TypeVar("T")


def main(mode: str, folder: Path) -> None:
    """Count how builds end and what they leave."""
    # Learning writes nothing, and would take most of the time.
    setattr(ConfidenceModel, "fit", lambda *_args, **_options: ConfidenceModel.shipped(0))  # noqa: B010 - a plain assignment is refused by the type checker
    shop = folder / "shop"
    shop.mkdir(parents=True)
    run_apart(partial(_publish_old, shop))
    seen: Counter[str] = Counter()
    for step in count():
        trial = folder / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(shop, trial)
        end = run_apart(partial(_build_new, trial, mode, step))
        seen[f"ended {end}"] += 1
        expect(end in (DONE, -signal.SIGKILL if mode == "kill" else TOLD), f"ended {end}")
        found = run_apart(partial(_look, trial))
        seen[{10: "old", 11: "new"}.get(found, f"found {found}")] += 1
        if end == DONE:
            break
        expect(run_apart(partial(_build_again, trial)) == DONE, "the next build failed")
    sys.stdout.write(json.dumps(seen))


def _publish_old(folder: Path) -> int:
    shop = Shop(folder)
    shop.write_golden(("How do I get my money back?", "refund"))
    return DONE if shop.build(force=True).outcome is BuildOutcome.PUBLISHED else 1


def _build_new(folder: Path, mode: str, step: int) -> int:
    shop = Shop(folder)
    shop.write_golden(("How do I get my money back?", "refund"))
    shop.write([row("refund", answer=NEW_ANSWER), *(row(name) for name in list(ENTRIES)[1:])])
    fail_at(step, mode)
    try:
        report = shop.build(force=True, keep=1)
    except IndexWriteError as error:
        expect("No space left on device" in str(error), f"the message is {error}")
        left = [path.name for path in shop.generations.folder.rglob(".*")]
        expect(not left, f"{left} is left over")
        return TOLD
    return DONE if report.outcome is BuildOutcome.PUBLISHED else 1


def _look(folder: Path) -> int:
    shop = Shop(folder)
    record = shop.live().record("refund", "en")
    expect(record is not None, "the entry is gone")
    answer = record.answer if record else ""
    best = shop.best("How do I get my money back?")
    expect(best == "refund", f"the best entry is {best}")
    return {OLD_ANSWER: 10, NEW_ANSWER: 11}[answer]


def _build_again(folder: Path) -> int:
    shop = Shop(folder)
    shop.write_golden(("How do I get my money back?", "refund"))
    shop.build(force=True)
    left = [path.name for path in shop.generations.folder.rglob(".*")]
    expect(not left, f"{left} is left over")
    return DONE if _look(folder) == 11 else 1


def fail_at(step: int, mode: str) -> None:
    """Let the process die at its `step`-th step that writes, or find the disk full from then."""
    steps = count()

    def fail() -> None:
        now = next(steps)
        if mode == "kill" and now == step:
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == "full" and now >= step:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def failing(function: Callable[P, T], writes: Callable[P, bool]) -> Callable[P, T]:
        def maybe_failing(*args: P.args, **kwargs: P.kwargs) -> T:
            if writes(*args, **kwargs):
                fail()
            return function(*args, **kwargs)

        return maybe_failing

    # A full disk still lets go of what it has.
    names = ("fsync", "mkdir", "write", *(("rename", "replace", "unlink") * (mode == "kill")))
    for name in names:
        setattr(os, name, failing(getattr(os, name), lambda *_args, **_kwargs: True))
    plain_open: Callable[..., IO[Any]] = io.open
    opening = failing(plain_open, _opens_for_writing)
    setattr(io, "open", opening)  # noqa: B010 - a plain assignment is refused by the type checker
    setattr(builtins, "open", opening)  # noqa: B010 - the same


def _opens_for_writing(_file: object, mode: str = "r", *_args: object, **_kwargs: object) -> bool:
    return not set(mode).isdisjoint("wax+")


def run_apart(function: Callable[[], int]) -> int:
    """Call a function in a process of its own; how that ended, as `subprocess` tells it."""
    child = os.fork()
    if child == 0:
        end = 1
        try:
            end = function()
        except BaseException:  # noqa: BLE001 - nothing may get past the fork
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(end)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def expect(met: bool, otherwise: str) -> None:
    if not met:
        sys.exit(otherwise)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
