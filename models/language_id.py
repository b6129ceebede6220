"""Which language a text is in, among those the knowledge base serves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from typing import Protocol

from models.han import HanEvidence, han_evidence
from models.language_variants import LanguageVariants, base_of
from models.language_words import LanguageWords
from models.scripts import LetterRun, Script, dominant_script, letter_runs

UNDETERMINED = "und"
"""The BCP 47 tag of a text whose language is not known."""

MAX_CHARACTERS = 400
"""How much of a text is read: more does not make it clearer."""

MIN_MARGIN = 0.05
"""The least lead of the best language over the second, in probability, for an answer."""

# Log-odds. benchmarks/language_id.py prints what they are worth.
_WORD_WEIGHT = 4.4
_TRANSLITERATED = log(0.1)  # before its words are counted, for a language in foreign letters
_HAN_WEIGHT = 3.0
_KANA_MISSED_PER_CHARACTER = 0.7
_KANA_MISSED_CAP = 6.0
_CONVERSATION_WEIGHT = 6.0
_PAGE_WEIGHT = 4.0
_ACCEPT_WEIGHT = 3.0
_PRIOR_CAP = 7.0

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


class LanguageSource(StrEnum):
    """What decided the language of a question."""

    DECLARED = "declared"
    DETECTED = "detected"
    CONVERSATION = "conversation"
    PAGE = "page"
    ACCEPT = "accept_language"


@dataclass(frozen=True, slots=True)
class Priors:
    """What suggests a language before the text is read.

    Attributes:
        page: Tag of the page that the visitor is on.
        conversation: Tag of the visitor's last question in the same conversation.
        accept: Tags the browser asks for, each with its quality from 0 to 1.
    """

    page: str | None = None
    conversation: str | None = None
    accept: tuple[tuple[str, float], ...] = ()


NO_PRIORS = Priors()


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

    The script decides what it can decide alone. Among languages of one script, the detector's
    probabilities, known words and the priors are added as log-odds; a lead below `MIN_MARGIN`
    is undetermined. Texts without letters follow the priors. Safe to share between threads.
    """

    def __init__(self, served: Sequence[str], detector: Detector) -> None:
        """Prepare to tell the served languages apart.

        Args:
            served: Canonical tags, each once; regional and script variants may stand beside their
                base (`pt`, `pt-BR`).
            detector: Made for the base languages of these tags.
        """
        self._detector = detector
        self._variants = LanguageVariants(served)
        self._candidates = {script: self._variants.written_in(script) for script in Script}
        self._words = LanguageWords(self._variants.bases)

    def identify(self, text: str, priors: Priors = NO_PRIORS) -> IdentifiedLanguage:
        """Tell which served language a text is in; never raises, whatever the text."""
        cleaned = unicodedata.normalize("NFC", _NO_EVIDENCE.sub(" ", text[:MAX_CHARACTERS]))
        runs = letter_runs(cleaned)
        script = dominant_script(runs)
        prior = self._prior_evidence(priors)
        if script is None:
            return self._follow(prior, priors)
        candidates = self._candidates[script]
        if not candidates:
            return IdentifiedLanguage(UNDETERMINED, 0.0, LanguageSource.DETECTED, 0.0)
        telling = [run for run in runs if script in (run.script, _COMPANIONS.get(run.script))]
        han = han_evidence(cleaned) if script is Script.HAN else None
        words = self._words.evidence([run.text.lower() for run in telling])
        if len(candidates) == 1 and not words.keys() - candidates:
            tag = self._variants.choose(candidates[0], script, han, _preferred(priors))
            shared = script in _SHARED_SCRIPTS
            sure = _CONFIDENT_BY_SHARED_SCRIPT if shared else _CONFIDENT_BY_SCRIPT
            return IdentifiedLanguage(tag, sure, LanguageSource.DETECTED, sure)
        if len(telling) < len(runs):
            cleaned = " ".join(run.text for run in telling)
        evidence = self._text_evidence(cleaned.strip(), telling, candidates, words, han)
        return self._decide(evidence, prior, priors, script, han)

    def _text_evidence(
        self,
        text: str,
        runs: list[LetterRun],
        candidates: list[str],
        words: Mapping[str, float],
        han: HanEvidence | None,
    ) -> dict[str, float]:
        probabilities = self._detector.probabilities(text)
        evidence = {
            base: log(max(probabilities.get(base, 0.0), _LEAST_PROBABILITY))
            + _WORD_WEIGHT * words.get(base, 0.0)
            for base in candidates
        }
        for base in words.keys() - candidates:
            evidence[base] = _TRANSLITERATED + _WORD_WEIGHT * words[base]
        if han is not None and "ja" in evidence:
            length = sum(len(run.text) for run in runs)
            evidence["ja"] += _HAN_WEIGHT * (han.japanese - han.chinese) - min(
                _KANA_MISSED_CAP, _KANA_MISSED_PER_CHARACTER * length
            )
        return evidence

    def _decide(
        self,
        evidence: dict[str, float],
        prior: dict[str, float],
        priors: Priors,
        script: Script,
        han: HanEvidence | None,
    ) -> IdentifiedLanguage:
        unprompted = max(evidence, key=evidence.__getitem__)
        combined = {base: value + prior.get(base, 0.0) for base, value in evidence.items()}
        (best, confidence), (_, second) = _two_best(combined)
        margin = confidence - second
        if margin < MIN_MARGIN:
            return IdentifiedLanguage(UNDETERMINED, confidence, LanguageSource.DETECTED, margin)
        source = LanguageSource.DETECTED if best == unprompted else _strongest(best, priors)
        tag = self._variants.choose(best, script, han, _preferred(priors))
        return IdentifiedLanguage(tag, confidence, source, margin)

    def _prior_evidence(self, priors: Priors) -> dict[str, float]:
        strongest: dict[tuple[str, LanguageSource], float] = {}
        for tag, weight, source in _weighted(priors):
            if base_of(tag) in self._variants:
                strongest.setdefault((base_of(tag), source), weight)
        evidence: dict[str, float] = {}
        for (base, _), weight in strongest.items():
            evidence[base] = min(_PRIOR_CAP, evidence.get(base, 0.0) + weight)
        return evidence

    def _follow(self, prior: dict[str, float], priors: Priors) -> IdentifiedLanguage:
        if not prior:
            return IdentifiedLanguage(UNDETERMINED, 0.0, LanguageSource.DETECTED, 0.0)
        everywhere = {base: prior.get(base, 0.0) for base in self._variants.bases}
        (best, confidence), (_, second) = _two_best(everywhere)
        margin = confidence - second
        if margin < MIN_MARGIN:
            return IdentifiedLanguage(UNDETERMINED, confidence, LanguageSource.DETECTED, margin)
        tag = self._variants.choose(best, None, None, _preferred(priors))
        return IdentifiedLanguage(tag, confidence, _strongest(best, priors), margin)


def _weighted(priors: Priors) -> list[tuple[str, float, LanguageSource]]:
    weighted = [
        (tag, weight, source)
        for tag, weight, source in (
            (priors.conversation, _CONVERSATION_WEIGHT, LanguageSource.CONVERSATION),
            (priors.page, _PAGE_WEIGHT, LanguageSource.PAGE),
        )
        if tag is not None
    ]
    weighted += [
        (tag, _ACCEPT_WEIGHT * quality, LanguageSource.ACCEPT) for tag, quality in priors.accept
    ]
    return sorted(weighted, key=lambda prior: -prior[1])


def _preferred(priors: Priors) -> list[str]:
    return [tag for tag, _, _ in _weighted(priors)]


def _strongest(base: str, priors: Priors) -> LanguageSource:
    return next(source for tag, _, source in _weighted(priors) if base_of(tag) == base)


def _two_best(evidence: Mapping[str, float]) -> tuple[tuple[str, float], tuple[str, float]]:
    """Turn log-odds into probabilities and give the two best; the second of one is nothing."""
    highest = max(evidence.values())
    odds = {base: exp(value - highest) for base, value in evidence.items()}
    total = sum(odds.values())
    ranked = sorted(odds.items(), key=lambda item: -item[1])
    (best, first), (other, second) = ranked[0], ranked[1] if len(ranked) > 1 else ("", 0.0)
    return (best, first / total), (other, second / total)
