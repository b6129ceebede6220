"""Which language each conversation was last held in."""

from __future__ import annotations

import logging

from app.answering.remembering import RecentlyUsed
from app.journal import Journal, JournalUnavailableError
from models.language_id import UNDETERMINED

_LOG = logging.getLogger(__name__)
_REMEMBERED = 10_000


class ConversationLanguages:
    """Remembers the languages of recent conversations, and asks the journal about others.

    Args:
        journal: Knows conversations from before this process, or from another one.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._recent: RecentlyUsed[str, str] = RecentlyUsed(_REMEMBERED)

    def last(self, conversation_id: str | None) -> str | None:
        """Give the language of a conversation's last question; None where it is not known.

        A journal that cannot be read costs the hint, not the answer.
        """
        if conversation_id is None:
            return None
        known = self._recent.get(conversation_id)
        if known is None:
            try:
                known = self._journal.last_language(conversation_id) or UNDETERMINED
            except JournalUnavailableError as error:
                _LOG.warning("a conversation's language is not known: %s", error)
                return None
            self._recent.put(conversation_id, known)
        return None if known == UNDETERMINED else known

    def note(self, conversation_id: str, language: str) -> None:
        """Remember the language of a conversation's latest question."""
        if language != UNDETERMINED:
            self._recent.put(conversation_id, language)
