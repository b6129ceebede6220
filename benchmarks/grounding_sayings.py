"""What people wrote in several languages, and what says the contrary or names another."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.grounding_material import Case, Kind
from knowledge_base.entry import Record

_DENIED = Path(__file__).with_name("denied_sentences.toml")
_NAMED = Path(__file__).with_name("invented_names.toml")


def denials(seed: int, count: int) -> Iterator[Case]:
    """Draw sentences that deny what the passage says, or say what it denies."""
    yield from _said_by_people(_DENIED, Kind.NEGATION, seed, count)


def affirmations(seed: int, count: int) -> Iterator[Case]:
    """Draw the same sentences faithfully rendered in another language."""
    yield from _said_by_people(_DENIED, None, seed, count)


def inventions(seed: int, count: int) -> Iterator[Case]:
    """Draw sentences that name another country, company or button than the passage does."""
    yield from _said_by_people(_NAMED, Kind.NAME, seed, count)


def namings(seed: int, count: int) -> Iterator[Case]:
    """Draw the same sentences faithfully rendered in another language, with their names."""
    yield from _said_by_people(_NAMED, None, seed, count)


def _said_by_people(file: Path, kind: Kind | None, seed: int, count: int) -> Iterator[Case]:
    topics: dict[str, dict[str, list[str]]] = tomllib.loads(file.read_text(encoding="utf-8"))
    chance = random.Random(seed)  # noqa: S311 - a choice of texts, no secret
    for number in range(count):
        topic = chance.choice(sorted(topics))
        sentences = topics[topic]
        lang = chance.choice(sorted(sentences))
        is_same = kind is not None and number % 2 == 0
        other = lang if is_same else chance.choice(sorted(sentences.keys() - {lang}))
        which = chance.randrange(2)
        beside = [topics[each][other][0] for each in sorted(topics) if each != topic]
        passage = chance.sample(beside, 2)
        passage.insert(chance.randrange(3), sentences[other][which])
        record = Record(f"made/{topic}", other, "?", " ".join(passage))
        written = sentences[lang][which if kind is None else 1 - which]
        yield Case(kind, topic, (record,), lang, (written,))
