"""Fuses what was found, passage by passage and language by language, into one score an entry.

Cosines to passages of different languages cannot be compared: the model likes some languages, the
question's own above all, better than others, question by question. So a language's cosines are
read relative to the ten entries it likes best for that question (cross-domain similarity local
scaling, Conneau et al., 2018, with entries for neighbours), and an entry is judged by the mean
over the languages that it has a text in, not by its best: more texts are more evidence, not more
chances. An entry that nobody has translated yet is then judged by the texts that it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.dense import Neighbours
from indexer.entry_table import ANSWER, BoolArray, EntryTable, IntArray
from indexer.query import FloatArray

NEIGHBOUR_ENTRIES = 10
"""Entries of a language that its cosines are read relative to."""

OWN_LANGUAGE = 2.0
"""Weight of the texts in the question's own language, where that of any other is 1."""

CENTROIDS = 2.0
ANSWERS = 0.4
PHRASES = 0.15
WORDS = 0.15
"""Weights of the cosine to an entry's centroid, of an answer's relative cosine and of the two
relative lexical shares, where that of a question's relative cosine is 1; chosen on public question
sets in one and in many languages (`benchmarks/retrieval.py`)."""

AT_HOME = 0.4
"""Advantage of an entry with a text in the question's language where entries are not translated."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each of the entries found; all arrays have the shape (entries found,).

    Attributes:
        entries: Entry numbers.
        questions: Cosine to its question or an alternate, relative, averaged over languages.
        answers: The same for its answer.
        centroids: Whitened cosine to the mean of its phrasings, weighed by what it is worth.
        closest: Best cosine over all its passages, not relative.
        closest_language: Number of that passage's language.
        phrases: Lexical share of its best question or alternate.
        words: Lexical share of its best record.
        matched: Both shares, relative and weighed.
        at_home: Advantage for having a text in the question's language.
        question_votes: Share of the languages, as they are weighed, whose closest question or
            alternate is this entry's.
        answer_votes: The same for answers.
    """

    entries: IntArray
    questions: FloatArray
    answers: FloatArray
    centroids: FloatArray
    closest: FloatArray
    closest_language: IntArray
    phrases: FloatArray
    words: FloatArray
    matched: FloatArray
    at_home: FloatArray
    question_votes: FloatArray
    answer_votes: FloatArray

    def scores(self) -> FloatArray:
        """Weigh the evidence up: shape (entries found,)."""
        total: FloatArray = (
            self.questions
            + ANSWERS * self.answers
            + CENTROIDS * self.centroids
            + self.matched
            + self.at_home
        )
        return total


def weigh(
    table: EntryTable,
    found: Neighbours,
    language: str,
    *,
    has_text: BoolArray,
    phrases: FloatArray,
    words: FloatArray,
    candidates: IntArray,
    centroids: Callable[[IntArray], FloatArray],
) -> Evidence:
    """Gather the evidence for the entries that dense or lexical search found.

    Args:
        table: The entries.
        found: What dense search found in each language.
        language: Of the question.
        has_text: Which languages each entry may be found in, shape (all entries, languages).
        phrases: Lexical share of each entry's best question, shape (all entries,).
        words: Lexical share of each entry's best record, shape (all entries,).
        candidates: Numbers of the entries that lexical search found, ascending.
        centroids: Compares the question with the centroids of entries, given their numbers.
    """
    listed = found.rows >= 0
    rows = found.rows[listed]
    entry_of = table.entry_of[rows]
    is_found = np.zeros(len(table.facts), np.bool_)
    is_found[entry_of] = is_found[candidates] = True
    entries = np.flatnonzero(is_found).astype(np.int32)
    columns = len(table.languages)
    texts = np.full((2, columns, len(entries)), -np.inf, np.float32)
    row_of_cell = (table.kind_of[rows] == ANSWER) * columns + table.language_of[rows]
    cell = row_of_cell * len(entries) + (np.cumsum(is_found) - 1)[entry_of]
    np.maximum.at(texts.reshape(-1), cell, found.scores[listed])
    # A text that is not on its language's list is no closer than the last one that is.
    floor = np.where(listed.any(axis=1), found.scores.min(axis=1, where=listed, initial=2.0), 0.0)
    has_text = has_text[entries].T
    closest = np.where(has_text, np.maximum(texts.max(axis=0), -1.0), -2.0)
    own = table.languages.index(language) if language in table.languages else None
    votes = _language_weights(columns, own)
    weight = has_text * votes[:, None]
    weight /= np.maximum(weight.sum(axis=0), 1e-9)
    readable: BoolArray = np.logical_or.reduce(has_text) if own is None else has_text[own]
    heard, relative = _relative(texts, floor)
    questions, answers = (relative * weight).sum(axis=1).astype(np.float32)
    question_votes, answer_votes = _votes(texts, heard * votes)
    return Evidence(
        entries=entries,
        questions=questions,
        answers=answers,
        centroids=centroids(entries),
        closest=closest.max(axis=0),
        closest_language=closest.argmax(axis=0).astype(np.int32),
        phrases=phrases[entries],
        words=words[entries],
        matched=PHRASES * _over_level(phrases[entries], readable)
        + WORDS * _over_level(words[entries], readable),
        at_home=_at_home(table, has_text, own),
        question_votes=question_votes,
        answer_votes=answer_votes,
    )


def _language_weights(languages: int, own: int | None) -> FloatArray:
    weights = np.ones(languages, np.float32)
    if own is not None:
        weights[own] = OWN_LANGUAGE
    return weights


def _relative(texts: FloatArray, floor: FloatArray) -> tuple[BoolArray, FloatArray]:
    """Read cosines relative to those of the ten entries that each language likes best.

    Args:
        texts: Shape (kinds, languages, entries); -inf where no such text is listed.
        floor: Shape (languages,); what a text that is not listed counts as.

    Returns:
        Which languages list any text of a kind, shape (kinds, languages), and the relative
        cosines, in the shape of `texts`.
    """
    top = texts
    if texts.shape[2] > NEIGHBOUR_ENTRIES:
        top = np.partition(texts, -NEIGHBOUR_ENTRIES, axis=2)[:, :, -NEIGHBOUR_ENTRIES:]
    known = np.isfinite(top)
    count = known.sum(axis=2)
    level = top.sum(axis=2, where=known) / np.maximum(count, 1)
    heard = count > 0
    # A language that lists no such text at all says nothing for or against an entry.
    relative = (np.maximum(texts, floor[:, None]) - level[:, :, None]) * heard[:, :, None]
    return heard, relative


def _over_level(shares: FloatArray, readable: BoolArray) -> FloatArray:
    """Read lexical shares relative to the ten best, among entries in the question's language.

    An entry without a text in that language cannot echo the question's words, which says nothing
    against it.
    """
    level = np.sort(shares[readable])[-NEIGHBOUR_ENTRIES:]
    if not len(level):
        return np.zeros(len(shares), np.float32)
    over: FloatArray = np.where(readable, shares - level.mean(), 0.0).astype(np.float32)
    return over


def _votes(texts: FloatArray, weights: FloatArray) -> FloatArray:
    """Share of the languages' weights that each entry is closest for: shape (kinds, entries)."""
    kinds, _, entries = texts.shape
    if not entries:
        return np.zeros((kinds, 0), np.float32)
    first = texts.argmax(axis=2) + entries * np.arange(kinds)[:, None]
    votes = np.bincount(first.ravel(), weights.ravel(), minlength=kinds * entries)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    share: FloatArray = (votes.reshape(kinds, entries) / total).astype(np.float32)
    return share


def _at_home(table: EntryTable, has_text: BoolArray, own: int | None) -> FloatArray:
    """Prefer entries in the question's language as far as entries are not translated.

    Where entries have their texts in many languages, a missing one is a gap, and says nothing
    about what the visitor asks. Where each language has entries of its own, an entry that is not
    in the visitor's is likely about something else.
    """
    if own is None:
        return np.zeros(has_text.shape[1], np.float32)
    advantage = AT_HOME * (1.0 - table.translated_share[own])
    home: FloatArray = (has_text[own] * advantage).astype(np.float32)
    return home
