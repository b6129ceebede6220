"""What retrieval finds: entries, best first, with the evidence for each."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.query import FloatArray


@dataclass(frozen=True, slots=True)
class ScoredEntry:
    """One entry and how well it matches the question.

    Attributes:
        entry_id: The entry.
        score: Fused score in [0, 1]; comparable within one ranking.
        dense: Best debiased cosine over the entry's passages, in [-1, 1].
        lexical: Best BM25 score over the entry's passages as a share of what the question could
            reach at most, in [0, 1].
        language: Language of the best-matching passage.
    """

    entry_id: str
    score: float
    dense: float
    lexical: float
    language: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """Entries best first, and what the confidence model reads off them.

    Attributes:
        entries: At most `limit` entries, best first; empty when nothing may answer.
        features: Shape (n_features,), in the order the confidence model was fitted with.
        language: BCP 47 tag of the question, or `und`.
        verbatim: The question is one of the first entry's phrasings, word for word.
    """

    entries: tuple[ScoredEntry, ...]
    features: FloatArray
    language: str = "und"
    verbatim: bool = False
