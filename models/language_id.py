"""Which language a text is in, among those the knowledge base serves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Protocol

from models.han import HanEvidence, han_evidence
from models.language_priors import (
    NO_PRIORS,
    LanguageSource,
    Priors,
    preferred,
    prior_evidence,
    strongest,
)
from models.language_variants import LanguageVariants
from models.language_words import LanguageWords
from models.scripts import (
    Script,
    dominant_script,
    letter_runs,
    lower,
    plain_latin_words,
)
from models.word_table import WordTable

UNDETERMINED = "und"
"""The BCP 47 tag of a text whose language is not known."""

MAX_CHARACTERS = 400
"""How much of a text is read: more does not make it clearer."""

MIN_MARGIN = 0.05
"""The least lead of the best language over the second, in probability, for an answer."""

# Log-odds. benchmarks/language_id.py prints what they are worth.
_DETECTOR_WEIGHT = 1.0
_DETECTOR_BESIDE_TABLE = 0.7  # both count the same letters
_CLEAR_LEAD = 4.0  # of words, for an answer without the detector: it never disagreed
_TRANSLITERATED = log(0.3)  # before its words are counted, for a language in foreign letters
_HAN_WEIGHT = 3.0
_KANA_MISSED_PER_CHARACTER = 0.7
_KANA_MISSED_CAP = 6.0

_LEAST_PROBABILITY = 1e-12
_CONFIDENT_BY_SCRIPT = 0.99
# One served language in Latin, Cyrillic, Arabic … letters: the text may yet be in another.
_CONFIDENT_BY_SHARED_SCRIPT = 0.9
_SHARED_SCRIPTS = frozenset(
    {Script.LATIN, Script.CYRILLIC, Script.ARABIC, Script.DEVANAGARI, Script.HAN}
)

# Japanese mixes kana and Han.
_COMPANIONS = {Script.HAN: Script.KANA, Script.KANA: Script.HAN}

# Addresses, code, mark-up, order numbers: written alike in every language. Every repeat is bounded
# or starts at a literal, so that no text takes more than linear time.
_NO_EVIDENCE = re.compile(
    r"`[^`]*`|<[a-zA-Z/!][^<>]{0,200}>|(?:https?://|www\.)[!-~]+"
    r"|[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9.-]{1,255}"
    r"|[A-Za-z0-9.-]{0,64}[0-9_][A-Za-z0-9_]*"
)


_DETECTED = LanguageSource.DETECTED


@dataclass(frozen=True, slots=True)
class IdentifiedLanguage:
    """The language of a text.

    Attributes:
        tag: A served language's tag, or `UNDETERMINED`.
        confidence: Probability from 0 to 1 of the tag; of the best guess where undetermined.
        source: What decided.
        margin: Probability of the best language minus that of the second, 0 to 1.
    """

    tag: str
    confidence: float
    source: LanguageSource
    margin: float


class Detector(Protocol):
    """The raw evidence of one detection library, restricted to the languages it was made for."""

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Give the probability of each base language, or nothing where the text has no evidence."""
        ...


class LanguageIdentifier:
    """Identifies the language of a text among the served ones.

    The script decides what it can decide alone. Among languages of one script, known and usual
    words, the detector's probabilities and the priors are added as log-odds; the detector is not
    asked where the words are clear. A lead below `MIN_MARGIN` is undetermined. Texts without
    letters follow the priors. Safe to share between threads.

    Attributes:
        served: Canonical tags of the languages that are told apart.
    """

    def __init__(
        self, served: Sequence[str], detector: Detector, words: WordTable | None = None
    ) -> None:
        """Prepare to tell the served languages apart.

        Args:
            served: Canonical tags, each once; regional and script variants may stand beside their
                base (`pt`, `pt-BR`).
            detector: Made for the base languages of these tags.
            words: How usual words are, where that is installed.
        """
        self.served = tuple(served)
        self._detector = detector
        self._variants = LanguageVariants(served)
        candidates = {script: self._variants.written_in(script) for script in Script}
        compared = _compared(words, candidates.values()) if words is not None else frozenset()
        self._words = LanguageWords(self._variants.bases, words, compared)
        self._rivals = {
            script: _Rivals(
                bases=tuple(bases),
                unlisted=tuple(base for base in bases if base not in compared)
                if compared.intersection(bases)
                else (),
                detector_weight=_DETECTOR_BESIDE_TABLE
                if compared.intersection(bases)
                else _DETECTOR_WEIGHT,
            )
            for script, bases in candidates.items()
        }
        self._latin = self._rivals[Script.LATIN]

    def identify(self, text: str, priors: Priors = NO_PRIORS) -> IdentifiedLanguage:
        """Tell which served language a text is in; never raises, whatever the text."""
        text = text[:MAX_CHARACTERS]
        words = plain_latin_words(text)
        if words:
            return self._identify(text, words, Script.LATIN, self._latin, priors)
        cleaned = unicodedata.normalize("NFC", _NO_EVIDENCE.sub(" ", text))
        runs = letter_runs(cleaned)
        script = dominant_script(runs)
        if script is None:
            return self._follow(prior_evidence(priors, self._variants), priors)
        telling = [run for run in runs if script in (run.script, _COMPANIONS.get(run.script))]
        if len(telling) < len(runs):
            cleaned = " ".join(run.text for run in telling)
        words = [lower(run.text) for run in telling]
        return self._identify(cleaned.strip(), words, script, self._rivals[script], priors)

    def _identify(
        self, text: str, words: list[str], script: Script, rivals: _Rivals, priors: Priors
    ) -> IdentifiedLanguage:
        if not rivals.bases:
            return IdentifiedLanguage(UNDETERMINED, 0.0, _DETECTED, 0.0)
        han = han_evidence(text) if script is Script.HAN else None
        known = self._words.evidence(words)
        if len(rivals.bases) == 1 and known.keys() <= {*rivals.bases}:
            (only,) = rivals.bases
            shared = script in _SHARED_SCRIPTS
            sure = _CONFIDENT_BY_SHARED_SCRIPT if shared else _CONFIDENT_BY_SCRIPT
            tag = self._tag(only, script, han, priors)
            return IdentifiedLanguage(tag, sure, _DETECTED, sure)
        prior = {} if priors is NO_PRIORS else prior_evidence(priors, self._variants)
        evidence = _word_evidence(known, rivals)
        if not _is_clear(evidence, prior):
            self._add_letters(evidence, text, rivals)
            if han is not None and "ja" in evidence:
                evidence["ja"] += _japanese(han, sum(map(len, words)))
        return self._decide(evidence, prior, priors, script, han)

    def _add_letters(self, evidence: dict[str, float], text: str, rivals: _Rivals) -> None:
        probabilities = self._detector.probabilities(text)
        for base in rivals.bases:
            probability = max(probabilities.get(base, 0.0), _LEAST_PROBABILITY)
            evidence[base] += rivals.detector_weight * log(probability)

    def _decide(
        self,
        evidence: dict[str, float],
        prior: dict[str, float],
        priors: Priors,
        script: Script | None,
        han: HanEvidence | None,
    ) -> IdentifiedLanguage:
        combined = _with(prior, evidence) if prior else evidence
        best, confidence, margin = _most_probable(combined)
        if margin < MIN_MARGIN:
            return IdentifiedLanguage(UNDETERMINED, confidence, _DETECTED, margin)
        unprompted = not prior or best == max(evidence, key=evidence.__getitem__)
        source = _DETECTED if unprompted else strongest(best, priors)
        return IdentifiedLanguage(self._tag(best, script, han, priors), confidence, source, margin)

    def _tag(
        self, base: str, script: Script | None, han: HanEvidence | None, priors: Priors
    ) -> str:
        only = self._variants.only(base)
        return only or self._variants.choose(base, script, han, preferred(priors))

    def _follow(self, prior: dict[str, float], priors: Priors) -> IdentifiedLanguage:
        if not prior:
            return IdentifiedLanguage(UNDETERMINED, 0.0, _DETECTED, 0.0)
        everywhere = {base: prior.get(base, 0.0) for base in self._variants.bases}
        best, confidence, margin = _most_probable(everywhere)
        if margin < MIN_MARGIN:
            return IdentifiedLanguage(UNDETERMINED, confidence, _DETECTED, margin)
        tag = self._tag(best, None, None, priors)
        return IdentifiedLanguage(tag, confidence, strongest(best, priors), margin)


@dataclass(frozen=True, slots=True)
class _Rivals:
    """The served languages of a script, and what they are told apart by.

    Attributes:
        bases: The languages.
        unlisted: Those without a list in the table of words, where others have one.
        detector_weight: What the detector's log-odds count.
    """

    bases: tuple[str, ...]
    unlisted: tuple[str, ...]
    detector_weight: float


def _word_evidence(known: Mapping[str, float], rivals: _Rivals) -> dict[str, float]:
    evidence = dict.fromkeys(rivals.bases, 0.0)
    for base, value in known.items():
        evidence[base] = value if base in evidence else _TRANSLITERATED + value
    # The words of a language without a list must not speak for its rivals: letters decide.
    for base in rivals.unlisted:
        evidence[base] = max(evidence.values())
    return evidence


def _with(prior: Mapping[str, float], evidence: Mapping[str, float]) -> dict[str, float]:
    return {base: value + prior.get(base, 0.0) for base, value in evidence.items()}


def _compared(words: WordTable, candidates: Iterable[Sequence[str]]) -> frozenset[str]:
    """Tell which languages have a list in the table and share a script with another that has."""
    listed = [[base for base in bases if words.list_of(base) is not None] for bases in candidates]
    return frozenset(base for bases in listed if len(bases) > 1 for base in bases)


def _is_clear(evidence: Mapping[str, float], prior: Mapping[str, float]) -> bool:
    """Tell whether one language leads, by the words and also with what was known before."""
    return _lead(evidence) >= _CLEAR_LEAD and (
        not prior or _lead(_with(prior, evidence)) >= _CLEAR_LEAD
    )


def _lead(evidence: Mapping[str, float]) -> float:
    second, first = sorted(evidence.values())[-2:]
    return first - second


def _japanese(han: HanEvidence, letters: int) -> float:
    missed = min(_KANA_MISSED_CAP, _KANA_MISSED_PER_CHARACTER * letters)
    return _HAN_WEIGHT * (han.japanese - han.chinese) - missed


def _most_probable(evidence: Mapping[str, float]) -> tuple[str, float, float]:
    """Turn log-odds into the best language, its probability, and its lead over the second."""
    best = max(evidence, key=evidence.__getitem__)
    highest = evidence[best]
    total = second = 0.0
    for base, value in evidence.items():
        odds = exp(value - highest)
        total += odds
        if odds > second and base != best:
            second = odds
    return best, 1 / total, (1 - second) / total
