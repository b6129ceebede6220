"""What an index may promise of its answers, in words, for the manifest and the command line."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.language_confidence import LanguageConfidence
from indexer.thresholds import ASSURANCE, cautious_threshold


def promise(
    trials: int,
    coverage: float,
    *,
    error_budget: float,
    threshold: float,
    languages: Mapping[str, LanguageConfidence],
) -> str:
    """Say what was learnt, and what follows for wrong answers.

    Args:
        trials: How many were learnt from.
        coverage: Share of the answerable questions that was delivered in trials held out.
        error_budget: Share of delivered answers that may be wrong.
        threshold: What answers are held against: below the cautious one, trials have shown it.
        languages: What trials say of each.
    """
    learnt = (
        f"learnt from {trials} trials with the knowledge base's own phrasings; in trials held out, "
        f"{coverage:.0%} of the answerable questions were delivered"
    )
    if threshold >= cautious_threshold(error_budget):
        return (
            f"{learnt}; they do not show that at most {error_budget:.0%} of the answers are wrong, "
            f"so that only those are delivered that are right with a probability of "
            f"{threshold:.1%}; more alternates would help"
        )
    return (
        f"{learnt}; at most {error_budget:.0%} of the delivered answers are wrong, with "
        f"{ASSURANCE:.0%} confidence{_in_each_of(languages)}"
    )


def _in_each_of(languages: Mapping[str, LanguageConfidence]) -> str:
    """Say how far that holds for languages by themselves."""
    own = sum(each.threshold is not None for each in languages.values())
    if not own:
        return ""
    together = ", and in all together" * (own < len(languages))
    return f", in each of {own} languages by itself{together}"
