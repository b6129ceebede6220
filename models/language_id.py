"""Which language a text is in, among those with content and others that visitors may ask in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
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
from models.language_rivals import (
    Rivals,
    compared_by_words,
    is_clear,
    japanese,
    most_probable,
    with_prior,
)
from models.language_variants import LanguageVariants, base_of
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

_CONFIDENT_BY_SCRIPT = 0.99
# One known language in Latin, Cyrillic, Arabic … letters: the text may yet be in another.
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
_NOTHING_BESIDE: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class IdentifiedLanguage:
    """The language of a text.

    Attributes:
        tag: Of the language, or `UNDETERMINED`.
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
    """Identifies the language of a text among those it was made for.

    The script decides what it can decide alone. Among languages of one script, known and usual
    words, the detector's probabilities and the priors are added as log-odds; the detector is not
    asked where the words are clear. A lead below `MIN_MARGIN` is undetermined. Texts without
    letters follow the priors. Safe to share between threads.

    Attributes:
        languages: Canonical tags of all that are told apart, the served ones first.
    """

    def __init__(
        self,
        served: Sequence[str],
        detector: Detector,
        words: WordTable | None = None,
        *,
        beside: Mapping[str, float] = _NOTHING_BESIDE,
    ) -> None:
        """Prepare to tell languages apart.

        Args:
            served: Canonical tags, each once; regional and script variants may stand beside their
                base (`pt`, `pt-BR`).
            detector: Made for the base languages of all tags.
            words: How usual words are, where that is installed.
            beside: Canonical tags of other languages, each with its log-odds to a served one
                before a text is read.
        """
        self.languages = (*served, *beside)
        self._detector = detector
        self._variants = LanguageVariants(self.languages)
        candidates = {script: self._variants.written_in(script) for script in Script}
        compared = (
            compared_by_words(words, candidates.values()) if words is not None else frozenset()
        )
        self._words = LanguageWords(self._variants.bases, words, compared)
        self._served = frozenset(base_of(tag) for tag in served) if beside else frozenset()
        expected = dict.fromkeys(self._variants.bases, 0.0)
        expected |= {base_of(tag): log_odds for tag, log_odds in beside.items()}
        self._rivals = {
            script: Rivals.of(bases, compared, expected) for script, bases in candidates.items()
        }
        self._latin = self._rivals[Script.LATIN]

    def identify(self, text: str, priors: Priors = NO_PRIORS) -> IdentifiedLanguage:
        """Tell which language a text is in; never raises, whatever the text."""
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
        self, text: str, words: list[str], script: Script, rivals: Rivals, priors: Priors
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
        evidence = rivals.word_evidence(known)
        if rivals.unlisted or not is_clear(evidence, prior):
            rivals.add_letters(evidence, self._detector.probabilities(text))
            if han is not None and "ja" in evidence:
                evidence["ja"] += japanese(han, sum(map(len, words)))
        return self._decide(evidence, prior, priors, script, han, words=len(words))

    def _decide(
        self,
        evidence: dict[str, float],
        prior: dict[str, float],
        priors: Priors,
        script: Script | None,
        han: HanEvidence | None,
        *,
        words: int,
    ) -> IdentifiedLanguage:
        combined = with_prior(prior, evidence) if prior else evidence
        # What is known of the visitor makes a language as likely as content does.
        expected = self._served | prior.keys() if self._served else self._served
        best, confidence, margin = most_probable(combined, expected, words)
        if margin < MIN_MARGIN:
            return IdentifiedLanguage(UNDETERMINED, confidence, _DETECTED, margin)
        source = _DETECTED
        if best in prior and best != most_probable(evidence, self._served, words)[0]:
            source = strongest(best, priors)
        return IdentifiedLanguage(self._tag(best, script, han, priors), confidence, source, margin)

    def _tag(
        self, base: str, script: Script | None, han: HanEvidence | None, priors: Priors
    ) -> str:
        only = self._variants.only(base)
        return only or self._variants.choose(base, script, han, preferred(priors))

    def _follow(self, prior: dict[str, float], priors: Priors) -> IdentifiedLanguage:
        if not prior:
            return IdentifiedLanguage(UNDETERMINED, 0.0, _DETECTED, 0.0)
        expected = self._served | prior.keys() if self._served else self._variants.bases
        best, confidence, margin = most_probable({base: prior.get(base, 0.0) for base in expected})
        if margin < MIN_MARGIN:
            return IdentifiedLanguage(UNDETERMINED, confidence, _DETECTED, margin)
        tag = self._tag(best, None, None, priors)
        return IdentifiedLanguage(tag, confidence, strongest(best, priors), margin)
