"""Searching: entries by a question, without a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from app.answering.answer import SearchHit, SearchResult
from app.answering.language import query_language, reader_language
from app.answering.ports import Knowledge
from app.answering.question import SearchQuestion
from app.answering.question_vectors import QuestionVectors
from app.answering.redact import redact
from app.answering.servable import ServableTexts
from app.answering.turns import Turns
from indexer.query import Query
from models.language_priors import Priors


class Searching:
    """Searches whatever generation is live.

    Args:
        knowledge: Gives the live generation; raises `NotReadyError` where there is none.
        vectors: Embeds questions.
        turns: Lets questions that share a core take turns.
        fallbacks: Canonical tags to show texts in where there is none in the reader's language.
        now: The time, aware, UTC.
    """

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        vectors: QuestionVectors,
        turns: Turns,
        fallbacks: Sequence[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._knowledge = knowledge
        self._vectors = vectors
        self._turns = turns
        self._fallbacks = tuple(fallbacks)
        self._now = now

    def search(self, question: SearchQuestion) -> SearchResult:
        """Rank entries by a question, each in the reader's language where it exists.

        Raises:
            NotReadyError: There is no generation to search.
        """
        knowledge = self._knowledge()
        index = knowledge.index
        priors = Priors(accept=question.accept_languages)
        text = redact(question.text)
        with self._turns.turn() as turn:
            language = query_language(question.text, question.language, priors, knowledge)
            query = Query(text, language.tag, self._vectors.of(text, turn), question.filters)
            entries = index.rank(query, question.limit).entries
        reader = reader_language(question.text, language, priors, None, index.default_language)
        servable = ServableTexts(index, self._now().date(), self._fallbacks)
        hits = (
            SearchHit(
                entry.entry_id, record.lang, record.question, record.answer, record.url, entry.score
            )
            for entry in entries
            if (record := servable.choose(entry.entry_id, reader)) is not None
        )
        return SearchResult(tuple(hits), language, index.id)
