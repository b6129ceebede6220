"""How well languages are told apart: `python -m benchmarks.language_id`.

Compares polyfaq's identifier with the bare libraries, each restricted to the same 29 languages, on
the shared data, which is no part of the project; says so where it is absent. Accuracy is the mean
over languages; an undetermined language counts as not right.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import psutil
from py3langid.langid import MODEL_FILE
from py3langid.langid import LanguageIdentifier as LangidModel

from models.langdetect_detector import LangdetectDetector
from models.language_id import UNDETERMINED, LanguageIdentifier, Priors
from models.py3langid_detector import Py3langidDetector
from models.scripts import scripts_of

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LANGUAGES = sorted(
    {"ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu"}
    | {"id", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "th", "tr", "uk", "vi", "zh"}
)
TEXTS = {
    "sentences": ("language_id/sentences.jsonl", "text"),
    "word pairs": ("language_id/word-pairs.jsonl", "text"),
    "single words": ("language_id/single-words.jsonl", "text"),
    "FAQ questions": ("faq_parallel/faq.jsonl", "question"),
    "small talk": ("small_talk/first_turns.jsonl", "text"),
}
CONFIDENT = 0.9

Text = tuple[str, str]
Guess = tuple[str, float]


def main() -> int:
    """Print accuracy, doubt, errors made with confidence, and time."""
    if not (DATA / "language_id").is_dir():
        print(f"{DATA / 'language_id'} is absent: nothing to measure")
        return 0
    before = _resident()
    started = time.perf_counter()
    py3langid = Py3langidDetector(LANGUAGES)
    took = time.perf_counter() - started
    print(f"py3langid for {len(LANGUAGES)} languages: {took:.2f} s, {_resident() - before:.0f} MB")
    langdetect = LangdetectDetector(LANGUAGES)
    identifier = LanguageIdentifier(LANGUAGES, py3langid)
    with_langdetect = LanguageIdentifier(LANGUAGES, langdetect)
    bare = LangidModel.from_model_file(MODEL_FILE, norm_probs=True)
    bare.set_languages(LANGUAGES)
    engines: dict[str, Callable[[Text], Guess]] = {
        "py3langid alone": lambda text: bare.classify(text[1]),
        "langdetect alone": lambda text: _best(langdetect.probabilities(text[1])),
        "polyfaq, langdetect": lambda text: _identify(with_langdetect, text[1]),
        "polyfaq": lambda text: _identify(identifier, text[1]),
        "polyfaq, right page": lambda text: _identify(identifier, text[1], text[0]),
        "polyfaq, wrong page": lambda text: _identify(identifier, text[1], _other(text[0])),
    }
    for name, (file, field) in TEXTS.items():
        rows = list(_rows(file, field))
        slow = rows[::10]
        print(f"\n{name}: {len(rows)} (a tenth of them for langdetect)")
        print(f"{'':22} {'right':>7} {'und':>7} {'wrong, sure':>12} {'ms':>8}")
        for engine, guess in engines.items():
            _measure(engine, guess, slow if "langdetect" in engine else rows)
    return 0


def _measure(engine: str, guess: Callable[[Text], Guess], rows: list[Text]) -> None:
    started = time.process_time()
    guesses = [guess(row) for row in rows]
    spent = (time.process_time() - started) / len(rows)
    right: dict[str, list[bool]] = defaultdict(list)
    for (language, _), (tag, _) in zip(rows, guesses, strict=True):
        right[language].append(tag == language)
    macro = sum(sum(hits) / len(hits) for hits in right.values()) / len(right)
    undetermined = sum(tag == UNDETERMINED for tag, _ in guesses) / len(rows)
    sure = sum(
        tag not in (language, UNDETERMINED) and confidence >= CONFIDENT
        for (language, _), (tag, confidence) in zip(rows, guesses, strict=True)
    ) / len(rows)
    print(f"{engine:22} {macro:7.1%} {undetermined:7.1%} {sure:12.2%} {spent * 1000:8.3f}")


def _identify(identifier: LanguageIdentifier, text: str, page: str | None = None) -> Guess:
    found = identifier.identify(text, Priors(page=page))
    return found.tag, found.confidence


def _best(probabilities: Mapping[str, float]) -> Guess:
    if not probabilities:
        return UNDETERMINED, 0.0
    return max(probabilities.items(), key=lambda item: item[1])


@cache
def _other(language: str) -> str:
    """Give another language of the same script where there is one, the same each time."""
    others = [tag for tag in LANGUAGES if tag != language]
    alike = [tag for tag in others if scripts_of(tag) & scripts_of(language)]
    return (alike or others)[LANGUAGES.index(language) % len(alike or others)]


def _rows(file: str, field: str) -> Iterable[Text]:
    with (DATA / file).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            language = row["lang"].partition("-")[0]
            if language in LANGUAGES:
                yield language, row[field]


def _resident() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 1e6


if __name__ == "__main__":
    sys.exit(main())
