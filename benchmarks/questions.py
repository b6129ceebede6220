"""Distinct short questions to ask a server that has the sample content."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import accumulate, count, islice
from pathlib import Path

from app.settings import Settings
from knowledge_base.entry import Status
from knowledge_base.files import read_content
from knowledge_base.golden import read_golden

LONGEST = 80
"""Characters; visitors type short questions."""

_MANNERS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.lower().rstrip(" ?？؟!.。"),
    lambda text: f"{text} !",
    lambda text: f"- {text}",
)


def known_questions(number: int, seed: int = 0) -> list[str]:
    """Ask what the sample content answers, each text once, in all of its languages.

    These are its own questions and alternates: as they are, then as hurried visitors type them.

    Raises:
        ValueError: There are not so many.
    """
    content = read_content((sample_content(),))
    phrasings = [
        text
        for record in content.records
        if record.status is Status.APPROVED
        for text in (record.question, *record.alternates)
        if len(text) <= LONGEST
    ]
    random.Random(seed).shuffle(phrasings)  # noqa: S311 - a choice of questions, no secret
    said = dict.fromkeys(manner(text) for manner in _MANNERS for text in phrasings)
    if len(said) < number:
        raise ValueError(f"the sample content has {len(said)} short questions, not {number}")
    return list(said)[:number]


def unknown_questions() -> Iterator[str]:
    """Ask what the sample content does not answer, each text once, without end."""
    golden, _ = read_golden(Settings.load().golden_file)
    unanswerable = [question.question for question in golden if question.expect is None]
    return (f"{text} ({turn})" if turn else text for turn in count() for text in unanswerable)


def repeated_questions(texts: list[str], number: int, seed: int = 0) -> list[str]:
    """Ask some questions over and over, the first most often: by Zipf's law, with exponent 1."""
    weights = list(accumulate(1 / rank for rank in range(1, len(texts) + 1)))
    chance = random.Random(seed)  # noqa: S311 - a choice of questions, no secret
    return chance.choices(texts, cum_weights=weights, k=number)


def sample_content() -> Path:
    """Where the sample content is."""
    return Settings.load().content


def take(questions: Iterator[str], number: int) -> list[str]:
    """Take the next questions."""
    return list(islice(questions, number))
