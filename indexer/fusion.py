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

import numpy as np
import numpy.typing as npt

from indexer.dense import Neighbours
from indexer.entry_table import EntryTable, IntArray
from indexer.passages import PassageKind
from indexer.query import FloatArray

NEIGHBOUR_ENTRIES = 10
"""Entries of a language that its cosines are read relative to."""

OWN_LANGUAGE = 2.0
"""Weight of the texts in the question's own language, where that of any other is 1."""

ANSWERS = 0.4
PHRASES = 0.25
WORDS = 0.25
"""Weights of an answer's cosine and of the two lexical shares, where that of a question's cosine
is 1; chosen on public question sets in one and in many languages (`benchmarks/retrieval.py`)."""

AT_HOME = 0.2
"""Advantage of an entry with a text in the question's language where entries are not translated."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each of the entries found; all arrays have the shape (entries found,).

    Attributes:
        entries: Entry numbers.
        questions: Cosine to its question or an alternate, relative, averaged over languages.
        answers: The same for its answer.
        closest: Best cosine over all its passages, not relative.
        closest_language: Number of that passage's language.
        phrases: Lexical share of its best question or alternate.
        words: Lexical share of its best record.
        at_home: Advantage for having a text in the question's language.
        question_votes: Share of the languages, as they are weighed, whose closest question or
            alternate is this entry's.
        answer_votes: The same for answers.
    """

    entries: IntArray
    questions: FloatArray
    answers: FloatArray
    closest: FloatArray
    closest_language: IntArray
    phrases: FloatArray
    words: FloatArray
    at_home: FloatArray
    question_votes: FloatArray
    answer_votes: FloatArray

    def scores(self) -> FloatArray:
        """Weigh the evidence up: shape (entries found,)."""
        total: FloatArray = (
            self.questions
            + ANSWERS * self.answers
            + PHRASES * self.phrases
            + WORDS * self.words
            + self.at_home
        )
        return total


def weigh(
    table: EntryTable,
    found: Neighbours,
    language: str,
    *,
    phrases: FloatArray,
    words: FloatArray,
    candidates: IntArray,
) -> Evidence:
    """Gather the evidence for the entries that dense or lexical search found.

    Args:
        table: The entries.
        found: What dense search found in each language.
        language: Of the question.
        phrases: Lexical share of each entry's best question, shape (all entries,).
        words: Lexical share of each entry's best record, shape (all entries,).
        candidates: Numbers of the entries that lexical search found, ascending.
    """
    listed = found.rows >= 0
    rows = found.rows[listed]
    cosines = found.scores[listed]
    entry_of = table.entry_of[rows]
    entries = np.union1d(entry_of, candidates).astype(np.int32)
    columns = len(table.languages)
    cell = np.searchsorted(entries, entry_of) * columns + table.language_of[rows]
    is_answer = table.kind_of[rows] == _ANSWER
    questions = _best(cosines, cell, ~is_answer, (len(entries), columns))
    answers = _best(cosines, cell, is_answer, (len(entries), columns))
    # A text that is not on its language's list is no closer than the last one that is.
    floor = np.where(listed.any(axis=1), found.scores.min(axis=1, where=listed, initial=2.0), 0.0)
    has_text = table.has_text[entries]
    best = np.where(has_text, np.maximum(np.maximum(questions, answers), -1.0), -2.0)
    own = table.languages.index(language) if language in table.languages else None
    votes = _language_weights(len(table.languages), own)
    weight = has_text * votes
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    return Evidence(
        entries=entries,
        questions=_relative_mean(questions, floor, weight),
        answers=_relative_mean(answers, floor, weight),
        closest=best.max(axis=1).astype(np.float32),
        closest_language=best.argmax(axis=1).astype(np.int32),
        phrases=phrases[entries],
        words=words[entries],
        at_home=_at_home(table, has_text, own),
        question_votes=_votes(questions, votes),
        answer_votes=_votes(answers, votes),
    )


_ANSWER = tuple(PassageKind).index(PassageKind.ANSWER)


def _best(
    cosines: FloatArray,
    cell: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    shape: tuple[int, int],
) -> FloatArray:
    cells = np.full(shape[0] * shape[1], -np.inf, np.float32)
    np.maximum.at(cells, cell[chosen], cosines[chosen])
    return cells.reshape(shape)


def _language_weights(languages: int, own: int | None) -> FloatArray:
    weights = np.ones(languages, np.float32)
    if own is not None:
        weights[own] = OWN_LANGUAGE
    return weights


def _votes(cells: FloatArray, weights: FloatArray) -> FloatArray:
    heard = np.isfinite(cells).any(axis=0)
    first = cells[:, heard].argmax(axis=0)
    votes = np.bincount(first, weights[heard], minlength=len(cells))
    share: FloatArray = (votes / max(float(weights[heard].sum()), 1e-9)).astype(np.float32)
    return share


def _relative_mean(cells: FloatArray, floor: FloatArray, weight: FloatArray) -> FloatArray:
    top = np.sort(cells, axis=0)[-NEIGHBOUR_ENTRIES:]
    known = np.isfinite(top)
    count = known.sum(axis=0)
    level = np.where(known, top, 0.0).sum(axis=0) / np.maximum(count, 1)
    filled = np.maximum(cells, floor)
    # A language that lists no such text at all says nothing for or against an entry.
    relative = np.where(count > 0, filled - level, 0.0)
    mean: FloatArray = (relative * weight).sum(axis=1).astype(np.float32)
    return mean


def _at_home(table: EntryTable, has_text: npt.NDArray[np.bool_], own: int | None) -> FloatArray:
    """Prefer entries in the question's language as far as entries are not translated.

    Where entries have their texts in many languages, a missing one is a gap, and says nothing
    about what the visitor asks. Where each language has entries of its own, an entry that is not
    in the visitor's is likely about something else.
    """
    if own is None:
        return np.zeros(len(has_text), np.float32)
    advantage = AT_HOME * (1.0 - table.translated_share[own])
    home: FloatArray = (has_text[:, own] * advantage).astype(np.float32)
    return home
