"""How much personal data `redact` finds, and what it spares: `python -m benchmarks.redaction`.

Reads the `pii` folder of the shared data, which is no part of the project; says so where it is
absent. Each value is put into a sentence, since that is how visitors write them.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from app.answering.redact import redact

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "pii"
PLACEHOLDERS = {
    "EMAIL": "[email]",
    "IBAN": "[iban]",
    "CREDIT_CARD": "[card]",
    "MOBILE_PHONE": "[phone]",
}
RECOGNIZERS = {
    "email": "[email]",
    "iban": "[iban]",
    "credit_card": "[card]",
    "phone": "[phone]",
    "tr_phone_number": "[phone]",
    "ph_mobile_number": "[phone]",
}


def main() -> int:
    """Print shares found and shares wrongly taken, by kind."""
    if not DATA.is_dir():
        print(f"{DATA} is absent: nothing to measure")
        return 0
    values()
    recognizers()
    return 0


def values() -> None:
    """Print what becomes of single valid and invalid values."""
    found: dict[tuple[str, bool], Counter[bool]] = defaultdict(Counter)
    for row in _rows("values.jsonl"):
        placeholder = PLACEHOLDERS.get(row["type"])
        if placeholder is not None:
            text = f"Hello, {row['value']} thank you"
            found[row["type"], row["valid"]][placeholder in redact(text)] += 1
    print("single values in a sentence                 redacted")
    for (kind, valid), counts in sorted(found.items()):
        share = counts[True] / counts.total()
        print(f"  {kind:13} {'valid' if valid else 'invalid':8} {counts.total():5}   {share:6.1%}")


def recognizers() -> None:
    """Print what becomes of texts with and without personal data of a kind, and of others."""
    found: dict[tuple[str, bool], Counter[bool]] = defaultdict(Counter)
    for row in _rows("recognizers.jsonl"):
        kind = row["recognizer"]
        redacted = redact(row["text"])
        if kind in RECOGNIZERS:
            found[kind, bool(row["spans"])][RECOGNIZERS[kind] in redacted] += 1
        else:
            found["any other", bool(row["spans"])][redacted != row["text"]] += 1
    print("texts                                       redacted")
    for (kind, holds), counts in sorted(found.items()):
        share = counts[True] / counts.total()
        print(f"  {kind:17} {'with' if holds else 'without':8} {counts.total():5}   {share:6.1%}")


def _rows(name: str) -> list[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    sys.exit(main())
