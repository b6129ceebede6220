"""The languages that a text may be in, and what speaks for each of them, in log-odds.

benchmarks/language_id.py prints what the weights are worth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import exp, log
from typing import Self

from models.han import HanEvidence
from models.word_table import WordTable

_DETECTOR_WEIGHT = 1.0
_DETECTOR_BESIDE_TABLE = 0.7  # both count the same letters
_CLEAR_LEAD = 4.0  # of words, for an answer without the detector: it never disagreed
_TRANSLITERATED = log(0.3)  # before its words are counted, for a language in foreign letters
# Together, for expected languages to be the only rivals: of several words, and of one, which may be
# a brand, and so a usual word of any language.
_LIKELY_ENOUGH, _LIKELY_ENOUGH_IN_A_WORD = 0.2, 0.05
_HAN_WEIGHT = 3.0
_KANA_MISSED_PER_CHARACTER = 0.7
_KANA_MISSED_CAP = 6.0

_LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True, slots=True)
class Rivals:
    """The languages of a script, and what they are told apart by.

    Attributes:
        bases: The languages.
        start: Log-odds of each before the text is read.
        expected: The same for all languages, in whatever script.
        unlisted: Those without a list in the table of words, where others have one.
        detector_weight: What the detector's log-odds count.
    """

    bases: tuple[str, ...]
    start: Mapping[str, float]
    expected: Mapping[str, float]
    unlisted: tuple[str, ...]
    detector_weight: float

    @classmethod
    def of(
        cls, bases: Sequence[str], compared: AbstractSet[str], expected: Mapping[str, float]
    ) -> Self:
        """Tell what some languages are told apart by.

        Args:
            bases: The languages.
            compared: Languages that are compared by the table of words.
            expected: Log-odds of all languages before a text is read.
        """
        start = {base: expected[base] for base in bases}
        if compared.isdisjoint(bases):
            return cls(tuple(bases), start, expected, (), _DETECTOR_WEIGHT)
        unlisted = tuple(base for base in bases if base not in compared)
        return cls(tuple(bases), start, expected, unlisted, _DETECTOR_BESIDE_TABLE)

    def word_evidence(self, known: Mapping[str, float]) -> dict[str, float]:
        """Give each language what its words say, in log-odds; and others that words spoke for."""
        evidence = dict(self.start)
        for base, value in known.items():
            if base not in evidence:
                evidence[base] = _TRANSLITERATED + self.expected[base]
            evidence[base] += value
        # The words of a language without a list must not speak for its rivals: letters decide.
        if self.unlisted:
            most = max(known.values(), default=0.0)
            for base in self.unlisted:
                evidence[base] = self.start[base] + most
        return evidence

    def add_letters(self, evidence: dict[str, float], probabilities: Mapping[str, float]) -> None:
        """Add what a detector made of the letters: its probabilities by language."""
        for base in self.bases:
            probability = max(probabilities.get(base, 0.0), _LEAST_PROBABILITY)
            evidence[base] += self.detector_weight * log(probability)


def compared_by_words(words: WordTable, candidates: Iterable[Sequence[str]]) -> frozenset[str]:
    """Tell which languages have a list in the table and share a script with another that has.

    Args:
        words: The table.
        candidates: The languages of each script.
    """
    listed = [[base for base in bases if words.list_of(base) is not None] for bases in candidates]
    return frozenset(base for bases in listed if len(bases) > 1 for base in bases)


def with_prior(prior: Mapping[str, float], evidence: Mapping[str, float]) -> dict[str, float]:
    """Add what was known before to what the text says."""
    return {base: value + prior.get(base, 0.0) for base, value in evidence.items()}


def is_clear(evidence: Mapping[str, float], prior: Mapping[str, float]) -> bool:
    """Tell whether one language leads, by the words and also with what was known before."""
    return _lead(evidence) >= _CLEAR_LEAD and (
        not prior or _lead(with_prior(prior, evidence)) >= _CLEAR_LEAD
    )


def japanese(han: HanEvidence, letters: int) -> float:
    """Give what characters without kana say of Japanese.

    Args:
        han: What is known of the characters.
        letters: How many the text has.
    """
    missed = min(_KANA_MISSED_CAP, _KANA_MISSED_PER_CHARACTER * letters)
    return _HAN_WEIGHT * (han.japanese - han.chinese) - missed


def most_probable(
    evidence: Mapping[str, float], expected: AbstractSet[str] = frozenset(), words: int = 0
) -> tuple[str, float, float]:
    """Turn log-odds into the best language, its probability, and its lead over the second.

    Where the expected languages are likely enough, the others are no rivals of these: among so many
    that few ask in, some one always has a word like that.

    Args:
        evidence: Log-odds by language.
        expected: Those that visitors ask in; all are alike when empty.
        words: How many the text has.
    """
    enough = _LIKELY_ENOUGH_IN_A_WORD if words == 1 else _LIKELY_ENOUGH
    highest = max(evidence.values())
    odds = {base: exp(value - highest) for base, value in evidence.items()}
    total = sum(odds.values())
    rivals = {base: value for base, value in odds.items() if base in expected}
    if sum(rivals.values()) <= enough * total:
        rivals = odds
    best = max(rivals, key=rivals.__getitem__)
    second = max((value for base, value in rivals.items() if base != best), default=0.0)
    return best, rivals[best] / total, (rivals[best] - second) / sum(rivals.values())


def _lead(evidence: Mapping[str, float]) -> float:
    second, first = sorted(evidence.values())[-2:]
    return first - second
