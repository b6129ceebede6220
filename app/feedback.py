"""Taking feedback on answers."""

from __future__ import annotations

from datetime import UTC, datetime

from app.answering.redact import redact
from app.journal import Feedback, Journal, Rating
from app.recorder import Recorder

_MOST_ID_CHARACTERS = 100


class FeedbackDesk:
    """Takes feedback, also on an answer that is not stored yet.

    Args:
        journal: Where feedback is stored.
        recorder: Holds the answers that wait to be stored.
    """

    def __init__(self, journal: Journal, recorder: Recorder) -> None:
        self._journal = journal
        self._recorder = recorder

    def give(
        self,
        answer_id: str,
        rating: Rating,
        reason: str | None = None,
        comment: str | None = None,
        correction: str | None = None,
    ) -> bool:
        """Store what a visitor thinks, without personal data.

        Returns:
            False where there is no such answer.

        Raises:
            JournalUnavailableError: It cannot be stored just now.
        """
        if len(answer_id) > _MOST_ID_CHARACTERS or not answer_id.isprintable():
            return False
        feedback = Feedback(
            answer_id=answer_id,
            rating=rating,
            reason=reason,
            comment=comment and redact(comment),
            correction=correction and redact(correction),
            given_at=datetime.now(UTC),
        )
        if self._journal.add_feedback(feedback):
            return True
        if not self._recorder.waiting:
            return False
        self._recorder.flush()
        return self._journal.add_feedback(feedback)
