"""Every number of the README: `python -m benchmarks [PART...] [--json]`.

Each part runs in a process of its own and within a limit of time. Times differ from machine to
machine; the ratios, which are measured side by side in one run, are what to compare.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from time import perf_counter

from benchmarks.figures import Figure
from benchmarks.machine import describe_machine
from benchmarks.part_process import started


@dataclass(frozen=True, slots=True)
class Part:
    """A module of this package that measures something.

    Attributes:
        about: What it measures.
        seconds: How long it may take.
        prints_figures: Whether it knows `--json`; the others print text.
    """

    about: str
    seconds: int
    prints_figures: bool = True


PARTS = {
    "speed": Part("the server against the bare model", 360),
    "indexing": Part("`polyfaq index` against the bare model", 300),
    "search": Part("retrieval over 100,000 passages", 300),
    "real_knowledge_base": Part("a real knowledge base in 50 languages, indexed and asked", 600),
    "retrieval": Part("the right entry first, on public question sets", 600),
    "confidence": Part("what is delivered, and how much of it is wrong", 600),
    "embedding": Part("the embedding model alone", 60, prints_figures=False),
    "language_id": Part("language identification, against other libraries", 240),
    "dialogue": Part("wishes for a person and small talk, and questions taken for them", 180),
    "translation": Part("drafts of the sample content by apertium, kept and refused", 180),
    "generation": Part("answers that a generator writes, checked and delivered", 1800),
    "redaction": Part("redaction of personal data", 60, prints_figures=False),
}


@dataclass(slots=True)
class Result:
    """What a part found."""

    part: str
    figures: list[Figure] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    failure: str | None = None
    seconds: float = 0.0


def main() -> int:
    """Run the parts in turn; exit with 1 when one could not be measured."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    arguments.add_argument("--json", action="store_true", help="print one JSON document")
    options = arguments.parse_args()
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        arguments.error(f"there is no part {unknown[0]!r}; choose from {', '.join(PARTS)}")
    machine = describe_machine()
    shown = sys.stderr if options.json else sys.stdout
    print(machine, file=shown)
    results = []
    for name in options.parts or PARTS:
        print(f"\n{name}: {PARTS[name].about}", file=shown, flush=True)
        result = Result(name)
        results.append(result)
        for line in _run(name, result):
            print(line, file=shown, flush=True)
    if options.json:
        document = {"machine": asdict(machine), "parts": [_document(each) for each in results]}
        print(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        _sum_up(results)
    return 1 if any(result.failure for result in results) else 0


def _run(name: str, result: Result) -> Iterator[str]:
    part = PARTS[name]
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    begun = perf_counter()
    if part.prints_figures:
        command.append("--json")
    with started(command, part.seconds) as process:
        for line in process.stdout or ():
            if part.prints_figures and line.startswith("{"):
                figure = Figure.from_json(line)
                result.figures.append(figure)
                yield figure.line()
            else:
                result.text.append(line.rstrip())
                yield f"  {line.rstrip()}"
        code = process.wait()
    result.seconds = perf_counter() - begun
    if code != 0:
        timed_out = result.seconds >= part.seconds
        result.failure = f"took over {part.seconds} s" if timed_out else f"ended with status {code}"
        yield f"  {name} {result.failure}"
    yield f"  took {result.seconds:.0f} s"


def _document(result: Result) -> dict[str, object]:
    return {
        "part": result.part,
        "figures": [json.loads(figure.to_json()) for figure in result.figures],
        "text": result.text,
        "failure": result.failure,
        "seconds": round(result.seconds, 1),
    }


def _sum_up(results: list[Result]) -> None:
    bound = [figure for result in results for figure in result.figures if figure.bound]
    missed = [figure for figure in bound if not figure.is_kept]
    print(f"\n{len(bound) - len(missed)} of {len(bound)} bounds kept", end="")
    print("; missed:" if missed else "")
    for figure in missed:
        print(figure.line())


if __name__ == "__main__":
    sys.exit(main())
