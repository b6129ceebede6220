"""What suggests a visitor's language before the question is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.language_variants import LanguageVariants, base_of

# Log-odds.
_CONVERSATION_WEIGHT = 6.0
_PAGE_WEIGHT = 4.0
_ACCEPT_WEIGHT = 3.0
_PRIOR_CAP = 7.0


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


def prior_evidence(priors: Priors, served: LanguageVariants) -> dict[str, float]:
    """Log-odds of the base languages that something suggests.

    Args:
        priors: What suggests them.
        served: The base languages to choose from.
    """
    strongest: dict[tuple[str, LanguageSource], float] = {}
    for tag, weight, source in _weighted(priors):
        if base_of(tag) in served:
            strongest.setdefault((base_of(tag), source), weight)
    evidence: dict[str, float] = {}
    for (base, _), weight in strongest.items():
        evidence[base] = min(_PRIOR_CAP, evidence.get(base, 0.0) + weight)
    return evidence


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


def preferred(priors: Priors) -> list[str]:
    """Tags that something suggests, from what suggests most."""
    return [tag for tag, _, _ in _weighted(priors)]


def strongest(base: str, priors: Priors) -> LanguageSource:
    """What suggests a base language most; something must."""
    return next(source for tag, _, source in _weighted(priors) if base_of(tag) == base)
