"""What benchmarks print: figures, each with the bound that it was to keep, if there is one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

_NAME_WIDTH = 58


class Direction(StrEnum):
    """Which side of a bound is the good one."""

    AT_MOST = "at most"
    AT_LEAST = "at least"
    MORE_THAN = "more than"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure was to reach."""

    direction: Direction
    value: float

    def is_kept(self, value: float) -> bool:
        """Tell whether a figure is within the bound."""
        if self.direction is Direction.AT_MOST:
            return value <= self.value
        return value >= self.value if self.direction is Direction.AT_LEAST else value > self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured.

    Attributes:
        name: What it is.
        value: How much.
        unit: Of the value; empty for a plain number, `x` for a ratio, `%` for a share in [0, 1].
        bound: What it was to reach; None for a figure that explains others.
        note: Whatever a reader should know of how it came about.
    """

    name: str
    value: float
    unit: str = ""
    bound: Bound | None = None
    note: str = ""

    @property
    def is_kept(self) -> bool | None:
        """Whether the figure keeps its bound; None without one."""
        return None if self.bound is None else self.bound.is_kept(self.value)

    def line(self) -> str:
        """One line for people."""
        text = f"  {self.name:{_NAME_WIDTH}} {_amount(self.value, self.unit):>11}"
        if self.bound is not None:
            verdict = "kept" if self.is_kept else "MISSED"
            limit = _amount(self.bound.value, self.unit)
            text += f"   {verdict}: {self.bound.direction} {limit}"
        return f"{text}   ({self.note})" if self.note else text

    def to_json(self) -> str:
        """One line for programs, which `from_json` reads back."""
        return json.dumps({**asdict(self), "is_kept": self.is_kept}, ensure_ascii=False)

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read a line of `to_json`."""
        fields = json.loads(line)
        bound = fields["bound"]
        return cls(
            fields["name"],
            fields["value"],
            fields["unit"],
            bound and Bound(Direction(bound["direction"]), bound["value"]),
            fields["note"],
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """A line between figures: a heading, or why something is not measured."""

    text: str


def at_most(value: float) -> Bound:
    """Bound a figure from above."""
    return Bound(Direction.AT_MOST, value)


def at_least(value: float) -> Bound:
    """Bound a figure from below."""
    return Bound(Direction.AT_LEAST, value)


def more_than(value: float) -> Bound:
    """Bound a figure by one that it has to beat."""
    return Bound(Direction.MORE_THAN, value)


def publish(measure: Callable[[], Iterable[Figure | Remark]]) -> int:
    """Run a part of the benchmarks as a command of its own; `--json` prints for programs."""
    arguments = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    arguments.add_argument("--json", action="store_true", help="a line of JSON a figure")
    show(measure(), as_json=arguments.parse_args().json)
    return 0


def show(measured: Iterable[Figure | Remark], *, as_json: bool) -> None:
    """Print figures as they come, for people or for programs."""
    for found in measured:
        if isinstance(found, Figure):
            print(found.to_json() if as_json else found.line(), flush=True)
        else:
            print(found.text, flush=True)


def shares(figures: Mapping[str, float]) -> str:
    """List shares by name, as a note has them."""
    return ", ".join(f"{name} {share:.3f}" for name, share in figures.items())


def _amount(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.1%}"
    digits = 3 if abs(value) < 2 else 2 if abs(value) < 100 else 0
    return f"{value:,.{digits}f} {unit}".rstrip()
