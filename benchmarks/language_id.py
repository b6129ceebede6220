"""How well languages are told apart: `python -m benchmarks.language_id [--json]`.

Compares polyfaq's identifier with the bare libraries, each restricted to the same 29 languages, on
the shared data, which is no part of the project; says so where it is absent. Accuracy is the mean
over languages; an undetermined language counts as not right. Times are those of the processor.
Then content in fewer languages is asked in these and in others, as visitors do.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from app.choices import WITHOUT_WORDS, installed_words
from app.settings import Settings
from benchmarks.figures import Bound, Figure, Remark, at_least, at_most, publish, shares
from benchmarks.language_detectors import (
    POLYFAQ,
    Classify,
    Guess,
    detectors,
    footprints,
    identify,
    polyfaq_identifier,
)
from benchmarks.languages_beside import measure_beside
from benchmarks.shared_data import DATA, is_there, rows
from models.language_id import UNDETERMINED
from models.scripts import scripts_of

LANGUAGES = sorted(
    {"ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu"}
    | {"id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "th", "tr", "uk", "vi", "zh"}
)
CONFIDENT = 0.9
MOST_MILLISECONDS = 0.3
MOST_MEGABYTES = 200.0
MOST_SURE_AND_WRONG = 0.01
SLOW = frozenset({"langdetect", "polyfaq with langdetect", "lingua"})
EVERY = 5
"""The slow ones are asked one text in so many."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A file of texts whose languages are known.

    Attributes:
        file: Relative to the shared data.
        field: That has the text.
        bound: What accuracy was to reach.
    """

    file: str
    field: str = "text"
    bound: Bound | None = None


TEXTS: Mapping[str, Texts] = {
    "sentences": Texts("language_id/sentences.jsonl", bound=at_least(0.985)),
    "word pairs": Texts("language_id/word-pairs.jsonl", bound=at_least(0.95)),
    "single words": Texts("language_id/single-words.jsonl"),
    "FAQ questions": Texts("faq_parallel/faq.jsonl", "question"),
    "small talk": Texts("small_talk/first_turns.jsonl"),
}

Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """What became of some texts.

    Attributes:
        right: Share right, mean over languages.
        undetermined: Share left open.
        sure_and_wrong: Share wrong with a probability of `CONFIDENT` or more.
        milliseconds: A text.
    """

    right: float
    undetermined: float
    sure_and_wrong: float
    milliseconds: float


def measure() -> Iterator[Figure | Remark]:
    """Ask all of them all texts; the slow ones a part."""
    if not is_there("language_id", "faq_parallel", "small_talk"):
        yield Remark(f"{DATA / 'language_id'} is absent: nothing to measure")
        return
    if installed_words(Settings.load().models_folder) is None:
        yield Remark(WITHOUT_WORDS)
    loaded = detectors(LANGUAGES)
    identifier = polyfaq_identifier(LANGUAGES)
    for name, texts in TEXTS.items():
        asked = list(_texts(texts))
        found = {
            engine: _ask(_of_the_text(classify), _part(asked, engine))
            for engine, classify in loaded.items()
        }
        pages: dict[str, Callable[[Text], Guess]] = {
            "right": lambda text: identify(identifier, text[1], text[0]),
            "wrong": lambda text: identify(identifier, text[1], _other(text[0])),
        }
        on_page = {page: _ask(guess, asked) for page, guess in pages.items()}
        yield from _figures(name, texts, found, on_page)
    grown = footprints(LANGUAGES)
    yield Figure(
        "language identification, memory",
        grown.pop(POLYFAQ),
        "MB",
        at_most(MOST_MEGABYTES),
        note=_amounts(grown, 0),
    )
    asked_of_few = ("sentences", "word pairs", "single words", "FAQ questions")
    yield from measure_beside(
        {name: list(_all_texts(TEXTS[name])) for name in asked_of_few},
        {name: TEXTS[name].bound for name in asked_of_few},
    )


def _figures(
    name: str, texts: Texts, found: Mapping[str, Accuracy], on_page: Mapping[str, Accuracy]
) -> Iterator[Figure]:
    others = {engine: each for engine, each in found.items() if engine != POLYFAQ}
    own = found[POLYFAQ]
    yield Figure(
        f"{name}: right",
        own.right,
        bound=texts.bound,
        note=shares({engine: each.right for engine, each in others.items()}),
    )
    yield Figure(f"{name}: undetermined", own.undetermined, "%")
    yield Figure(
        f"{name}: wrong and sure",
        own.sure_and_wrong,
        "%",
        at_most(MOST_SURE_AND_WRONG),
        note=shares({engine: each.sure_and_wrong for engine, each in others.items()}),
    )
    yield Figure(
        f"{name}: right on a page in the right language",
        on_page["right"].right,
        note=f"{on_page['wrong'].right:.3f} on a page in another language of that script",
    )
    yield Figure(
        f"{name}: time of a text",
        own.milliseconds,
        "ms",
        at_most(MOST_MILLISECONDS),
        note=_amounts({engine: each.milliseconds for engine, each in others.items()}, 3),
    )


def _ask(guess: Callable[[Text], Guess], texts: Sequence[Text]) -> Accuracy:
    started = time.process_time()
    guesses = [guess(text) for text in texts]
    spent = time.process_time() - started
    right: dict[str, list[bool]] = defaultdict(list)
    for (language, _), (tag, _) in zip(texts, guesses, strict=True):
        right[language].append(tag == language)
    sure = [
        tag not in (language, UNDETERMINED) and confidence >= CONFIDENT
        for (language, _), (tag, confidence) in zip(texts, guesses, strict=True)
    ]
    return Accuracy(
        right=float(np.mean([np.mean(hits) for hits in right.values()])),
        undetermined=float(np.mean([tag == UNDETERMINED for tag, _ in guesses])),
        sure_and_wrong=float(np.mean(sure)),
        milliseconds=1000 * spent / len(texts),
    )


def _of_the_text(classify: Classify) -> Callable[[Text], Guess]:
    return lambda text: classify(text[1])


def _part(texts: Sequence[Text], engine: str) -> Sequence[Text]:
    return texts[::EVERY] if engine in SLOW else texts


@cache
def _other(language: str) -> str:
    """Give another language of the same script where there is one, the same each time."""
    others = [tag for tag in LANGUAGES if tag != language]
    alike = [tag for tag in others if scripts_of(tag) & scripts_of(language)]
    return (alike or others)[LANGUAGES.index(language) % len(alike or others)]


def _texts(texts: Texts) -> Iterator[Text]:
    return (text for text in _all_texts(texts) if text[0] in LANGUAGES)


def _all_texts(texts: Texts) -> Iterator[Text]:
    return ((str(row["lang"]).partition("-")[0], row[texts.field]) for row in rows(texts.file))


def _amounts(values: Mapping[str, float], digits: int) -> str:
    return ", ".join(f"{name} {value:.{digits}f}" for name, value in values.items())


if __name__ == "__main__":
    sys.exit(publish(measure))
