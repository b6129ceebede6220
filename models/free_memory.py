"""How much memory there is for more."""

from __future__ import annotations

from pathlib import Path

_MACHINE = Path("/proc/meminfo")
_CONTAINER = Path("/sys/fs/cgroup")


def free_memory(machine: Path = _MACHINE, container: Path = _CONTAINER) -> int | None:
    """Tell how many bytes can be had, by the machine and by the limit of the container.

    Returns:
        None where neither is known.
    """
    known = [free for free in (_of_machine(machine), _of_container(container)) if free is not None]
    return min(known, default=None)


def _of_machine(path: Path) -> int | None:
    try:
        for line in path.read_text("ascii").splitlines():
            name, _, value = line.partition(":")
            if name == "MemAvailable":
                return int(value.split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def _of_container(folder: Path) -> int | None:
    try:
        limit = int((folder / "memory.max").read_text("ascii"))
        used = int((folder / "memory.current").read_text("ascii"))
    except (OSError, ValueError):
        return None
    return max(limit - used, 0)
