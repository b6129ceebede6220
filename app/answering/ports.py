"""What answering needs from the rest: an index to search and a language to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.decision import Decision
from indexer.explanation import ConfidenceExplanation
from indexer.query import Query
from indexer.ranking import Ranking
from indexer.support import SupportModel
from knowledge_base.entry import Record
from models.language_id import IdentifiedLanguage
from models.language_priors import Priors


class KnowledgeIndex(Protocol):
    """One immutable generation of the index, open for reading by several threads."""

    @property
    def id(self) -> str:
        """Name of the generation."""
        ...

    @property
    def languages(self) -> Sequence[str]:
        """Canonical BCP 47 tags of the languages that have content."""
        ...

    @property
    def default_language(self) -> str:
        """The language every entry is expected to exist in."""
        ...

    @property
    def entry_ids(self) -> Iterable[str]:
        """The entries that have content."""
        ...

    @property
    def support(self) -> SupportModel:
        """What tells sentences that its texts support from others."""
        ...

    def rank(self, query: Query, limit: int = 10) -> Ranking:
        """Rank the entries that may answer."""
        ...

    def decide(self, ranking: Ranking) -> Decision:
        """Decide whether the top entry answers."""
        ...

    def explain(self, ranking: Ranking) -> ConfidenceExplanation:
        """Tell how sure the top entry is, and why."""
        ...

    def record(self, entry_id: str, lang: str) -> Record | None:
        """Look up one text of an entry."""
        ...

    def records_of(self, entry_id: str) -> Mapping[str, Record]:
        """Look up all texts of an entry by language; empty where there is no such entry."""
        ...


class LanguageIdentification(Protocol):
    """Tells the language of a text among those that it knows."""

    @property
    def languages(self) -> Sequence[str]:
        """Canonical BCP 47 tags of the languages that are told apart."""
        ...

    def identify(self, text: str, priors: Priors = ...) -> IdentifiedLanguage:
        """Identify a text's language, or say that it is undetermined."""
        ...


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one question is answered from; it stays the same until the answer is given.

    Attributes:
        index: The generation.
        identifier: Tells the languages of that generation apart, and others.
    """

    index: KnowledgeIndex
    identifier: LanguageIdentification


class NotReadyError(Exception):
    """There is no generation to answer from yet; the message says what to run."""
