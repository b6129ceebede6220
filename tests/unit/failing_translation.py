"""Translates over and over in processes that die, or run out of disk, ever a step later.

Run as `python -m tests.unit.failing_translation kill|full FOLDER`. After each end another process
looks whether all files can be read, what people wrote is as it was, and whether the next run
finishes the work. Prints one JSON object that counts what was seen.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from functools import partial
from itertools import count
from pathlib import Path

from knowledge_base.entry import Origin, Record
from knowledge_base.files import read_content
from tests.unit.failing_indexer import DONE, TOLD, expect, fail_at, run_apart
from tests.unit.test_translating_runs import GIFT, REFUND, Shop

_FILES = ("faq.yaml", "more.wide.csv", "en.jsonl")


def main(mode: str, folder: Path) -> None:
    """Count how runs end and what they leave."""
    shop = folder / "shop"
    expect(run_apart(partial(_begin, shop)) == DONE, "the content was not written")
    seen: Counter[str] = Counter()
    for step in count():
        trial = folder / "trial"
        shutil.rmtree(trial, ignore_errors=True)
        shutil.copytree(shop, trial)
        end = run_apart(partial(_translate, trial, mode, step))
        seen["ended early"] += end != DONE
        found = run_apart(partial(_look, trial))
        expect(found >= 10, f"after step {step}: found {found}")
        seen["none found" if found == 10 else "drafts found"] += 1
        if end == DONE:
            break
        expect(run_apart(partial(_translate, trial, "", 0)) == DONE, "the next run failed")
        expect(run_apart(partial(_look, trial)) == 16, "the next run did not finish the work")
    sys.stdout.write(json.dumps(seen))


def _records() -> dict[str, list[Record]]:
    return {
        name: [
            Record(f"{each.id}-{place}", "en", each.question, each.answer)
            for each in (REFUND, GIFT)
        ]
        for place, name in enumerate(_FILES)
    }


def _begin(folder: Path) -> int:
    shop = Shop(folder)
    for name, records in _records().items():
        shop.write(*records, name=name)
    return DONE


def _translate(folder: Path, mode: str, step: int) -> int:
    shop = Shop(folder)
    if mode:
        fail_at(step, mode)
    try:
        report = shop.run()
    except OSError as error:
        expect("No space left on device" in str(error), f"the message is {error}")
        left = [path.name for path in shop.content.rglob(".*")]
        expect(not left, f"{left} is left over")
        return TOLD
    return DONE if report.failure is None else 1


def _look(folder: Path) -> int:
    content = read_content([folder / "content"])
    if content.has_errors:
        return 1
    people = [record for record in content.records if record.origin is Origin.HUMAN]
    wanted = [record for records in _records().values() for record in records]
    if sorted(people, key=lambda each: each.id) != sorted(wanted, key=lambda each: each.id):
        return 2
    return 10 + len(content.records) - len(people)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
