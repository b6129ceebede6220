"""A question on its way: what is settled of its answer before anything is delivered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.answering.draft import Draft
from app.answering.ports import KnowledgeIndex
from app.answering.question import Question
from app.answering.stopwatch import Stopwatch
from app.answering.writing import Assignment, Wanted


@dataclass(frozen=True, slots=True)
class Begun:
    """One question with the draft of its answer.

    Attributes:
        index: The generation that it is answered from.
        asked_at: Aware, UTC.
        watch: Goes on taking the time.
    """

    question: Question
    draft: Draft
    index: KnowledgeIndex
    answer_id: str
    conversation_id: str
    asked_at: datetime
    watch: Stopwatch

    def assignment(self, wanted: Wanted) -> Assignment:
        """Tell a writer what is wanted."""
        draft = self.draft
        return Assignment(
            wanted.purpose, draft.question, draft.reader, wanted.records, self.conversation_id
        )
