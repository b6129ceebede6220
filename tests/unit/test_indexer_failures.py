"""Whatever ends a build, the old generation or the new one serves, and the next build works."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from indexer.build_report import BuildOutcome
from indexer.confidence import ConfidenceModel
from indexer.errors import IndexerRunningError, IndexWriteError
from tests.sample_shop import Shop

HOLD = """
import sys
from pathlib import Path
from indexer.build import build
from tests.sample_shop import Shop

shop = Shop(Path(sys.argv[1]))

def load():
    print("embedding", flush=True)
    sys.stdin.readline()
    return shop.embedder

print(build(shop.request, shop.generations, shop.model(load)).outcome, flush=True)
"""

LIMITED = """
import json, resource, sys
from pathlib import Path
from indexer.errors import IndexWriteError
from tests.sample_shop import Shop, row

shop = Shop(Path(sys.argv[1]))
first = shop.build().generation
shop.write([row("refund"), row("track"), row("gift")])
shop.build(dry_run=True)
told = []
for size in range(40, 100_000, 40):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        shop.build()
        break
    except IndexWriteError as error:
        told.append(str(error))
    assert shop.live().id == first
    assert not list(shop.generations.folder.rglob(".*"))
print(json.dumps(told))
"""


def failing(mode: str, folder: Path) -> dict[str, int]:
    """Run builds that fail at every step that writes; how often each ending was seen."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.unit.failing_indexer", mode, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert process.returncode == 0, process.stderr
    seen: dict[str, int] = json.loads(process.stdout)
    return seen


@contextmanager
def held_build(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A real process that builds, and waits where it would embed until its input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "embedding\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: a kill does not depend on the disk, the time does."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def test_killed_at_every_step_that_writes(folder: Path) -> None:
    seen = failing("kill", folder)

    assert seen.keys() == {"ended -9", "ended 0", "old", "new"}
    assert seen["ended 0"] == 1
    assert seen["old"] > 20
    assert seen["new"] > 1, "also killed after the pointer was replaced"


def test_disk_full_at_every_step_that_writes(folder: Path) -> None:
    seen = failing("full", folder)

    assert seen["old"] > 20


def test_two_indexers_at_once_are_told_apart(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    with held_build(tmp_path) as other:
        with pytest.raises(IndexerRunningError, match=rf"Another indexer.*pid {other.pid}\b"):
            shop.build()

        out, _ = other.communicate(input="\n")

    assert out == "published\n"
    assert shop.build().outcome is BuildOutcome.UNCHANGED


def test_a_killed_indexer_does_not_lock_others_out(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    with held_build(tmp_path) as other:
        other.kill()
        other.wait()

        assert shop.build().outcome is BuildOutcome.PUBLISHED


def test_a_disk_that_is_full_for_some_file_is_noticed_whichever_library_writes_it(
    folder: Path,
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )

    assert process.returncode == 0, process.stderr
    told: list[str] = json.loads(process.stdout)
    assert len(told) > 20
    assert all("File too large" in message for message in told)
    assert all("still serves" in message for message in told)


def test_what_cannot_be_read_back_is_never_pointed_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(tmp_path)
    first = shop.build().generation

    def write_half(_model: ConfidenceModel, folder: Path) -> None:
        (folder / "confidence.json").write_text('{"right": {')

    monkeypatch.setattr(ConfidenceModel, "write", write_half)
    with pytest.raises(IndexWriteError, match=r"cannot be read back.*still serves"):
        shop.build(full=True)

    assert shop.live().id == first
    assert shop.generations.ids() == (first,)
