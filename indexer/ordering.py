"""Brings the entries found into an order, best first."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from indexer.entry_table import EntryTable, IntArray
from indexer.features import FEATURES, features_of
from indexer.fusion import Evidence
from indexer.ranking import Ranking, ScoredEntry

NOTHING = Ranking((), np.zeros(len(FEATURES), np.float32))
"""What a search finds that finds no entry."""


def in_order(
    table: EntryTable,
    evidence: Evidence,
    *,
    language: str,
    terms_asked: int,
    limit: int,
    verbatim: int | None,
) -> Ranking:
    """Order entries by their scores; the one that the question is a phrasing of comes first.

    Args:
        table: Knows the entries by their numbers.
        evidence: For every entry found, at least one.
        language: Of the question.
        terms_asked: Distinct terms of the question.
        limit: How many entries at most, at least 1.
        verbatim: Number of the entry that the question is a phrasing of, to the word.
    """
    places = np.argsort(-evidence.scores, kind="stable")
    if verbatim is not None:
        places = _with_first(places, evidence.entries, verbatim)
    first = places[:limit]
    scores = evidence.scores[first].tolist()
    lexical = evidence.shares[:, first].max(axis=0)
    closest, closest_language = evidence.closest(first)
    facts, languages = table.facts, table.languages
    entries = tuple(
        ScoredEntry(facts[entry].entry_id, _shown(score), dense, share, languages[language])
        for entry, score, dense, share, language in zip(
            evidence.entries[first].tolist(),
            scores,
            closest.tolist(),
            lexical.tolist(),
            closest_language.tolist(),
            strict=True,
        )
    )
    best = evidence.entries[places[0]]
    features = features_of(terms_asked, evidence, float(closest[0]), int(places[0]))
    is_verbatim = verbatim is not None and best == verbatim
    return Ranking(entries, features, language, is_verbatim)


def _with_first(
    places: npt.NDArray[np.intp], entries: IntArray, first: int
) -> npt.NDArray[np.intp]:
    """Put an entry, if it was found, before all others."""
    if entries[places[0]] == first:
        return places
    is_first = entries[places] == first
    return np.concatenate([places[is_first], places[~is_first]])


def _shown(score: float) -> float:
    """Bring a fused score into [0, 1] for people to read; it keeps the order."""
    return 1.0 / (1.0 + math.exp(-16.0 * (score - 0.22)))
