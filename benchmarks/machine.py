"""What a run of the benchmarks was measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

_TELLING_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm")
_LIBRARIES = ("onnxruntime", "faiss-cpu", "numpy")


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine, and how busy it was.

    Attributes:
        processor: Its name.
        cores: How many this process may use.
        flags: Instructions that decide how fast a model of 8-bit weights is.
        memory_gb: Main memory.
        load: Processes that ran or waited during the last minute, when the run began.
        python: Version.
        libraries: Versions of those that do the work.
    """

    processor: str
    cores: int
    flags: tuple[str, ...]
    memory_gb: float
    load: float
    python: str
    libraries: dict[str, str]

    def __str__(self) -> str:
        libraries = ", ".join(f"{name} {number}" for name, number in self.libraries.items())
        return (
            f"{self.processor}, {self.cores} cores, {', '.join(self.flags) or 'no VNNI'}, "
            f"{self.memory_gb:.0f} GB; load {self.load:.1f}; Python {self.python}, {libraries}"
        )


def describe_machine() -> Machine:
    """Look at the machine."""
    name, flags = platform.processor() or platform.machine(), set[str]()
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                name = value.strip()
            elif key.strip().lower() in {"flags", "features"}:
                flags.update(value.split())
    return Machine(
        processor=name,
        cores=len(os.sched_getaffinity(0)),
        flags=tuple(flag for flag in _TELLING_FLAGS if flag in flags),
        memory_gb=psutil.virtual_memory().total / 1e9,
        load=os.getloadavg()[0],
        python=platform.python_version(),
        libraries={library: version(library) for library in _LIBRARIES},
    )
