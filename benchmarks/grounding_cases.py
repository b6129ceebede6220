"""Texts as a machine might write them, made from what people wrote: faithful ones, and faulty ones.

Each case says what the machine was given: the records, the question and the prompt. Everything is
drawn by a seed: tests and benchmarks use different ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from benchmarks.grounding_material import Case, Material, written
from benchmarks.grounding_sayings import denials, inventions
from benchmarks.grounding_spoilers import SPOILERS
from knowledge_base.entry import Record

_TRIES = 100


def faithful(records: Sequence[Record], seed: int, count: int) -> Iterator[Case]:
    """Draw texts in which nothing is wrong, half of them from passages in another language.

    Whole answers, single sentences, re-ordered and shortened ones.
    """
    material = Material(records, seed)
    makers = (_whole, _single, _reordered, _shortened)
    for number in range(count):
        text, passage = material.pair(same=number % 2 == 0)
        maker = makers[number // 2 % len(makers)]
        sentences = maker(written(text.answer), material.chance)
        yield Case(None, maker.__name__.strip("_"), (passage,), text.lang, tuple(sentences))


def _whole(sentences: list[str], _chance: random.Random) -> list[str]:
    return sentences


def _single(sentences: list[str], chance: random.Random) -> list[str]:
    return [chance.choice(sentences)]


def _reordered(sentences: list[str], chance: random.Random) -> list[str]:
    return chance.sample(sentences, len(sentences))


def _shortened(sentences: list[str], chance: random.Random) -> list[str]:
    kept = sorted(chance.sample(range(len(sentences)), max(1, len(sentences) // 2)))
    return [sentences[place] for place in kept]


def faulty(
    records: Sequence[Record], seed: int, each: int, *, or_fewer: bool = False
) -> Iterator[Case]:
    """Draw texts with one fault each, as many of every kind.

    Args:
        records: Approved texts, several languages of each entry.
        seed: Decides everything that is drawn.
        each: How many of every kind.
        or_fewer: Whether fewer do of a kind that the records hardly have what it needs for.

    Raises:
        ValueError: The records hardly have what a kind needs, such as two numbers in a sentence.
    """
    material = Material(records, seed)
    for kind, spoil in SPOILERS.items():
        made = 0
        for _ in range(each * _TRIES):
            text, passage = material.pair(same=made % 2 == 0)
            spoilt = spoil(material, text, passage)
            if spoilt is not None:
                yield replace(spoilt, kind=kind)
                made += 1
                if made == each:
                    break
        if made < each and not or_fewer:
            raise ValueError(f"of {each} texts with the fault {kind!r}, {made} could be made")
    yield from denials(seed, each)
    yield from inventions(seed, each)
