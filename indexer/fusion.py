"""Fuses what was found, passage by passage and language by language, into one score an entry.

Cosines to passages of different languages cannot be compared: the model likes some languages, the
question's own above all, better than others, question by question. So a language's cosines are
read relative to the ten entries it likes best for that question (cross-domain similarity local
scaling, Conneau et al., 2018, with entries for neighbours), and an entry is judged by the mean
over the languages that it has a text in, not by its best: more texts are more evidence, not more
chances. An entry that nobody has translated yet is then judged by the texts that it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.closeness import ABSENT, Closeness
from indexer.entry_table import IntArray
from indexer.language_weights import LanguageWeights
from indexer.query import FloatArray

NEIGHBOUR_ENTRIES: Final = 10
"""Entries of a language that its cosines are read relative to."""

CENTROIDS: Final = 1.0
ANSWERS: Final = 0.6
LIKELY: Final = 0.05
MATCHES: Final = np.array((0.075, 0.075), np.float32)
"""Weights of the cosine to an entry's centroid, of an answer's relative cosine, of the classifier's
log likelihood (in a knowledge base of one language) and of the two relative lexical shares (of
questions, of records), where that of a question's relative cosine is 1; chosen on public question
sets in one and in many languages (`benchmarks/retrieval.py`)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each of the entries found.

    Attributes:
        closeness: The entries, and their best cosines in each language.
        weights: What each language counts for.
        relative: Shape (2, entries); the cosines to questions (and alternates) and to answers,
            relative, averaged over languages.
        centroids: Shape (entries,); whitened cosine to the mean of its phrasings, weighed by what
            it is worth.
        likely: Shape (entries,); log of how likely it is by its phrasings, if one of them is right.
        shares: Shape (2, entries); lexical share of its best question, and of its best record.
        scores: Shape (entries,); all of it, weighed up.
        nearest: Shape (2, languages); place of the entry whose question, or answer, is closest in
            each language.
        heard: Shape (2, languages); the weight of a language that lists any such text, else 0.
    """

    closeness: Closeness
    weights: LanguageWeights
    relative: FloatArray
    centroids: FloatArray
    likely: FloatArray
    shares: FloatArray
    scores: FloatArray
    nearest: IntArray
    heard: FloatArray

    @property
    def entries(self) -> IntArray:
        """Numbers of the entries found, shape (entries,)."""
        return self.closeness.entries

    def votes(self, place: int) -> tuple[float, float]:
        """Share of the languages, as they are weighed, in which an entry's question is closest.

        And the same for its answer.

        Args:
            place: Of the entry among those found.
        """
        for_it = (self.heard * (self.nearest == place)).sum(axis=1)
        questions, answers = (for_it / np.maximum(self.heard.sum(axis=1), 1e-9)).tolist()
        return questions, answers

    def closest(self, places: npt.NDArray[np.intp]) -> tuple[FloatArray, IntArray]:
        """The best cosine over all texts of some entries, and the number of that text's language.

        Args:
            places: Of the entries among those found, shape (m,).
        """
        best = np.maximum(self.closeness.texts[:, :, places].max(axis=0), -1.0)
        near = np.where(self.weights.has_text[:, places], best, ABSENT)
        return near.max(axis=0), near.argmax(axis=0).astype(np.int32)


def weigh(
    closeness: Closeness,
    weights: LanguageWeights,
    *,
    shares: FloatArray,
    centroids: FloatArray,
    likely: FloatArray,
) -> Evidence:
    """Gather and weigh up the evidence for the entries found.

    Args:
        closeness: The entries, and their best cosines in each language.
        weights: What each language counts for them.
        shares: Lexical share of each one's best question, and of its best record: (2, entries).
        centroids: The question's cosine to the mean of each one's phrasings: (entries,).
        likely: Log of how likely each one is by its phrasings: (entries,).
    """
    texts = closeness.texts
    is_heard, level = _levels(texts)
    over = np.maximum(texts, closeness.floor[:, None])
    over -= level[:, :, None]
    if not is_heard.all():
        # A language that lists no such text at all says nothing for or against an entry.
        over *= is_heard[:, :, None]
    relative = np.einsum("kle,le->ke", over, weights.texts)
    scores = relative[0] + ANSWERS * relative[1]
    scores += CENTROIDS * centroids
    if texts.shape[1] == 1:
        # Among several languages, it would hold against an entry that it is not translated.
        scores += LIKELY * (likely - likely.max())
    scores += MATCHES @ _over_level(shares, weights)
    scores += weights.at_home
    return Evidence(
        closeness=closeness,
        weights=weights,
        relative=relative,
        centroids=centroids,
        likely=likely,
        shares=shares,
        scores=scores,
        nearest=texts.argmax(axis=2).astype(np.int32),
        heard=is_heard * weights.languages,
    )


def _levels(texts: FloatArray) -> tuple[npt.NDArray[np.bool_], FloatArray]:
    """Average the cosines of the ten entries that each language likes best.

    Returns:
        Whether a language lists any text of a kind, and that average; both (kinds, languages).
    """
    top = _greatest(texts)
    if top.min() > ABSENT:
        shape = top.shape
        return np.ones(shape[:2], np.bool_), top.sum(axis=2) / np.float32(shape[2])
    known = top > ABSENT
    count = known.sum(axis=2)
    level = np.where(known, top, np.float32(0.0)).sum(axis=2) / np.maximum(count, 1)
    return count > 0, level.astype(np.float32)


def _over_level(shares: FloatArray, weights: LanguageWeights) -> FloatArray:
    """Read lexical shares relative to the ten best, among entries in the question's language.

    An entry without a text in that language cannot echo the question's words, which says nothing
    against it.
    """
    over: FloatArray
    if weights.all_readable and shares.shape[1]:
        best = _greatest(shares)
        over = shares - best.sum(axis=1, keepdims=True) / np.float32(best.shape[1])
        return over
    if not weights.readable.any():
        return np.zeros_like(shares)
    level = _greatest(shares[:, weights.readable]).mean(axis=1, keepdims=True)
    over = np.where(weights.readable, shares - level, np.float32(0.0))
    return over


def _greatest(values: FloatArray) -> FloatArray:
    """Take the ten greatest along the last axis, in any order."""
    rest = values.shape[-1] - NEIGHBOUR_ENTRIES
    if rest <= 0:
        return values
    top: FloatArray = np.partition(values, rest, axis=-1)[..., rest:]
    return top
