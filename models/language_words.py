"""Words that give a language away, counted in short texts."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.resources import files
from math import sqrt

import numpy as np

from models.scripts import Script, letter_runs, scripts_of
from models.word_index import (
    MOST_WEIGHT,
    NUMBER_BITS,
    WEIGHT_BITS,
    Postings,
    WordIndex,
    key_of,
)
from models.word_table import STEPS_PER_NAT, WordTable

# Log-odds. Fitted on half of the sentences, word pairs and words that benchmarks/language_id.py
# asks, and looked at on the other half.
_LISTED = 5.1
_LISTED_BESIDE_TABLE = 3.5
_USUAL = 1.4  # for each nat by which a word is more usual than one that the table lacks
_MOST_NATS = 6.0  # one usual word must not outweigh all others: "die" is German, and English
# Of another script than the language's: such as Hindi words typed in Latin letters, which no
# language written in these has. With the table, chosen so that Hindi questions with English nouns
# in them are heard, and no text in another language is taken for Hindi.
_TRANSLITERATED = 5.1
_TRANSLITERATED_BESIDE_TABLE = 15.0

_STEPS = 16  # in one unit of log-odds, as weights are kept
_WEIGHTS = tuple(
    round(_STEPS * _USUAL * min(weight / STEPS_PER_NAT, _MOST_NATS))
    for weight in range(MOST_WEIGHT + 1)
)
"""What the weights of the table count."""


class LanguageWords:
    """The small words, greetings and words of trade of some languages, and what is usual in them.

    They tell apart what letters alone do not: "ist bitcoin legal", "is bitcoin legaal".
    """

    def __init__(
        self,
        languages: Sequence[str],
        table: WordTable | None = None,
        compared: Collection[str] = (),
    ) -> None:
        """Load the words of the base languages that the list and the table have.

        Args:
            languages: Base languages.
            table: How usual words are.
            compared: Those of the languages that are looked up in the table.
        """
        text = (files("models") / "language_words.toml").read_text(encoding="utf-8")
        listed = tomllib.loads(text)
        self._languages = [language for language in languages if language in listed]
        self._listed = WordIndex(_listed(self._languages, listed, beside_table=bool(compared)))
        # The table as a whole: what a copy of some lists would leave behind takes more memory.
        self._usual = WordIndex(table.postings) if table is not None and compared else None
        self._sharing: dict[int, list[str]] = {}
        for language in compared:
            number = None if table is None else table.list_of(language)
            if number is not None:
                self._sharing.setdefault(number, []).append(language)

    def evidence(self, words: Sequence[str]) -> dict[str, float]:
        """Weigh a text's words for each language.

        A listed word under several languages counts 1/sqrt(languages) for each; a word of the table
        as much as it is more usual in a language than words that it lacks. The sum is divided by
        the square root of the number of words and one more: words do not come independently of each
        other, and one alone may be a name.

        Args:
            words: In lower case.

        Returns:
            Log-odds from 0 on; languages without a known word are absent.
        """
        keys = [key_of(word) for word in words]
        weights = {
            self._languages[number]: weight for number, weight in self._listed.weigh(keys).items()
        }
        if self._usual is not None:
            for number, weight in self._usual.weigh(keys, _WEIGHTS).items():
                for language in self._sharing.get(number, ()):
                    weights[language] = weights.get(language, 0) + weight
        share = 1 / (_STEPS * sqrt(len(words) + 1))
        return {language: weight * share for language, weight in weights.items()}


def _listed(languages: Sequence[str], listed: Mapping[str, str], *, beside_table: bool) -> Postings:
    own = _LISTED_BESIDE_TABLE if beside_table else _LISTED
    foreign = _TRANSLITERATED_BESIDE_TABLE if beside_table else _TRANSLITERATED
    languages_of: dict[str, list[str]] = {}
    for language in languages:
        for word in set(listed.get(language, "").split()):
            languages_of.setdefault(word, []).append(language)

    def found() -> Iterator[int]:
        for word, listing in languages_of.items():
            key = key_of(word) << NUMBER_BITS
            scripts: set[Script] = {run.script for run in letter_runs(word)}
            for language in listing:
                weight = own if scripts & scripts_of(language) else foreign
                steps = round(_STEPS * weight / sqrt(len(listing)))
                yield (key | languages.index(language)) << WEIGHT_BITS | steps

    return np.fromiter(found(), np.uint64)
