"""`polyfaq index` against the bare model: `python -m benchmarks.indexing`.

10,000 made-up entries are indexed from nothing by the real command. The bare model embeds some of
the same texts, on as many threads, before and after; so whatever else the machine does is in both.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from app.settings import Settings
from benchmarks.companion import Companion
from benchmarks.figures import Figure, Remark, at_least, at_most, publish
from benchmarks.polyfaq_process import new_home
from indexer.passages import passages_of
from knowledge_base.entry import Record

ENTRIES = 10_000
BARE = 2_000
"""Passages that the bare model embeds, twice."""

_NOUNS = [
    "invoice",
    "parcel",
    "refund",
    "voucher",
    "password",
    "newsletter",
    "warranty",
    "deposit",
    "courier",
    "receipt",
]
_VERBS = [
    "change",
    "cancel",
    "find",
    "print",
    "resend",
    "extend",
    "activate",
    "download",
    "transfer",
    "check",
]
_PLACES = [
    "in the app",
    "on the website",
    "by phone",
    "at the counter",
    "from abroad",
    "without an account",
]
_STEPS = (
    "Open your account and choose {noun} {number}.",
    "Our team can {verb} it for you within {number} hours.",
    "You need the number that starts with {number} to {verb} it.",
    "This takes a day or two {place}.",
)


def measure() -> Iterator[Figure | Remark]:
    """Yield what one run finds."""
    entries = _entries()
    passages = [passage.embedded_text for passage in passages_of(map(_record, entries))]
    some = random.Random(0).sample(passages, BARE)  # noqa: S311 - a choice of texts, no secret
    threads = len(os.sched_getaffinity(0))
    yield Remark(f"{len(entries):,} entries, {len(passages):,} passages, {threads} cores")
    with (
        new_home() as home,
        Companion("bare_model", str(_model_folder())) as model,
    ):
        content = home.folder / "content.jsonl"
        _write(content, entries)
        before = model.do(passages=some, threads=threads)["seconds"]
        seconds, report = home.run("index", str(content), "--force")
        after = model.do(passages=some, threads=threads)["seconds"]
        bare = BARE / mean((before, after))
        rate = report["embedded"] / seconds
        yield Figure(
            "passages a second over those of the bare model",
            rate / bare,
            "%",
            at_least(0.85),
            f"{rate:.0f} over {bare:.0f} a second, the whole command of {seconds:.0f} s",
        )
        yield Figure(
            "the same, without reading, indexing and publishing", _embedding(report) / bare, "%"
        )
        unchanged, report = home.run("index", str(content), "--force")
        yield Figure(
            "nothing changed, the whole command", unchanged, "s", at_most(3), report["outcome"]
        )
        entries[ENTRIES // 2]["answer"] += " Ask us if it does not."
        _write(content, entries)
        changed, report = home.run("index", str(content), "--force")
        steps = sorted(report["seconds"].items(), key=lambda step: -step[1])[:3]
        longest = ", ".join(f"{name} {seconds:.1f}" for name, seconds in steps)
        yield Figure(
            "one answer changed, the whole command",
            changed,
            "s",
            note=f"{report['outcome']}, {report['embedded']} embedded; {longest}",
        )
        content.touch()
        touched, report = home.run("index", str(content), "--force")
        yield Figure("the file touched, its text the same", touched, "s", note=report["outcome"])


def _embedding(report: Mapping[str, Any]) -> float:
    return float(report["embedded"] / report["seconds"]["embed"])


def _entries() -> list[dict[str, str]]:
    chance = random.Random(0)  # noqa: S311 - made-up texts, no secret
    return [
        {
            "id": f"entry-{number:05}",
            "lang": "en",
            "question": _question(chance, number),
            "answer": _answer(chance),
        }
        for number in range(ENTRIES)
    ]


def _record(entry: Mapping[str, str]) -> Record:
    return Record(entry["id"], entry["lang"], entry["question"], entry["answer"])


def _question(chance: random.Random, number: int) -> str:
    verb, noun, place = chance.choice(_VERBS), chance.choice(_NOUNS), chance.choice(_PLACES)
    return f"How do I {verb} {noun} {number} {place}?"


def _answer(chance: random.Random) -> str:
    return " ".join(
        step.format(
            noun=chance.choice(_NOUNS),
            verb=chance.choice(_VERBS),
            place=chance.choice(_PLACES),
            number=chance.randint(10, 99_999),
        )
        for step in chance.sample(_STEPS, 3)
    )


def _write(content: Path, entries: Sequence[Mapping[str, str]]) -> None:
    with content.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(entry) + "\n" for entry in entries)


def _model_folder() -> Path:
    settings = Settings.load()
    return settings.models_folder / settings.embedding_model


if __name__ == "__main__":
    sys.exit(publish(measure))
