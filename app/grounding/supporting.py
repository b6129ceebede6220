"""Which record supports a sentence, if any does, and whether one says the opposite."""

from __future__ import annotations

import re

import numpy as np

from app.answering.writing import Ground
from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.language import count_words
from app.grounding.passages import Embed, Passages, PassageSentence
from app.grounding.polarity import denials, is_asking, is_known
from app.grounding.sentence import Sentence
from indexer.query import FloatArray
from knowledge_base.languages import base_language

ALIKE = 0.08
"""Nearness by which a passage may be further than the nearest, and yet be what is meant."""

_MEANT = 3
DENIED_ACROSS = 0.16
"""How much nearer a sentence of one clause must be to a passage in another language that says it is
not so. People who translate often deny the contrary instead, "still open" for "not yet closed", and
such translations are nearer than contradictions are."""

_MOST_CLAUSES = 3
_TOO_SHORT = 1
_CLAUSE = re.compile(r"[,;:،؛，；、—–]")


class SupportCheck:
    """Judges the sentences of one text."""

    def __init__(self, passages: Passages, reader: str, embed: Embed) -> None:
        """Prepare to judge.

        Args:
            passages: What the text may rest on.
            reader: Canonical tag of the language that it is written in.
            embed: Embeds sentences as the passages were.
        """
        self._passages = passages
        self._reader = reader
        self._embed = embed

    def check(self, sentence: Sentence) -> Ground:
        """Find what supports a sentence.

        Returns:
            The passage that is nearest.

        Raises:
            UngroundedError: No passage is near enough, or what is nearest says the opposite.
        """
        text = " ".join(sentence.shown.split())
        if count_words(text) <= _TOO_SHORT:
            return self._check_short(text)
        nearness = self._passages.nearness(self._embed([text])[0], self._reader)
        best = int(np.argmax(nearness))
        nearest = self._passages.sentences[best]
        bound = self._bound(nearest)
        if not nearness[best] >= bound:
            raise UngroundedError(
                Fault.UNSUPPORTED, f"No passage says what {quoted(sentence.shown)} says."
            )
        self._check_polarity(text, nearness)
        return Ground(nearest.record, nearest.text)

    def _check_short(self, text: str) -> Ground:
        """Let a word or two pass, "Yes." or "Of course.", unless no passage agrees with them.

        So little says nothing that a vector could tell; numbers and names have been looked up.
        """
        is_told = is_known(self._reader)
        denies = bool(denials(text, self._reader))
        answers = [each for each in self._passages.sentences if not each.is_question]
        for each in answers:
            if each.denies is denies or not (is_told and is_known(each.record.lang)):
                return Ground(each.record, each.text)
        if not answers:
            raise UngroundedError(Fault.UNSUPPORTED, "The passages hold no answer.")
        raise UngroundedError(Fault.CONTRADICTED, f"No passage agrees with {quoted(text)}.")

    def _bound(self, passage: PassageSentence) -> float:
        model = self._passages.model
        return model.within if self._is_own_language(passage) else model.across

    def _is_own_language(self, passage: PassageSentence) -> bool:
        return base_language(passage.record.lang) == base_language(self._reader)

    def _check_polarity(self, text: str, nearness: FloatArray) -> None:
        """Compare with the answers' sentences that may be meant; a question states nothing."""
        meant = self._meant(nearness)
        if not meant or is_asking(text) or not is_known(self._reader):
            return
        denies = bool(denials(text, self._reader))
        sentences = [self._passages.sentences[row] for row in meant]
        if any(each.denies is denies or not is_known(each.record.lang) for each in sentences):
            return
        nearest = sentences[0]
        clauses = max(len(_CLAUSE.findall(each)) for each in (text, nearest.text))
        needed = self._bound(nearest) + DENIED_ACROSS / (1 + clauses)
        if self._is_own_language(nearest):
            is_contradiction = clauses < _MOST_CLAUSES
        else:
            is_contradiction = bool(nearness[meant[0]] < needed)
        if is_contradiction:
            raise UngroundedError(
                Fault.CONTRADICTED,
                f"{quoted(text)} {'denies' if denies else 'states'} what the passages "
                f"{'state' if denies else 'deny'}.",
            )

    def _meant(self, nearness: FloatArray) -> list[int]:
        answers = [row for row, each in enumerate(self._passages.sentences) if not each.is_question]
        answers.sort(key=lambda row: -float(nearness[row]))
        if not answers:
            return []
        least = nearness[answers[0]] - ALIKE
        return [row for row in answers[:_MEANT] if nearness[row] >= least]
