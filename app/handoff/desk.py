"""Opening a ticket because a visitor wants a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from types import MappingProxyType

from app.answering.conversations import ConversationLanguages
from app.answering.language import query_language, reader_language
from app.answering.ports import Knowledge, NotReadyError
from app.answering.question import UserValue
from app.answering.redact import redact
from app.handoff.tickets import Ticket, TicketRequest, Tickets
from app.notices import Notice, Notices
from app.notices import NoticeText as Said
from indexer.decision import Reason
from models.language_id import UNDETERMINED, IdentifiedLanguage
from models.language_priors import LanguageSource, Priors


@dataclass(frozen=True, slots=True)
class Wish:
    """A visitor's wish for a person.

    Attributes:
        question: As typed; None where there is none.
        language: Canonical tag that was declared.
        page_language: Canonical tag of the page.
        contact: How to reach the visitor, as typed.
    """

    question: str | None = None
    conversation_id: str | None = None
    answer_id: str | None = None
    language: str | None = None
    page_language: str | None = None
    accept_languages: tuple[tuple[str, float], ...] = ()
    contact: str | None = None
    user: Mapping[str, UserValue] = field(default_factory=lambda: MappingProxyType({}))
    idempotency_key: str | None = None


class HandoffDesk:
    """Takes visitors' wishes for a person.

    Args:
        tickets: Keeps tickets durably.
        conversations: Knows the languages of conversations.
        knowledge: Gives the live generation, which knows languages.
        notices: Speaks the visitor's language.
        default_language: To speak in where nothing else is known.
    """

    def __init__(
        self,
        tickets: Tickets,
        conversations: ConversationLanguages,
        knowledge: Callable[[], Knowledge],
        notices: Notices,
        default_language: str,
    ) -> None:
        self._tickets = tickets
        self._conversations = conversations
        self._knowledge = knowledge
        self._notices = notices
        self._default_language = default_language

    def open(self, wish: Wish) -> tuple[Ticket, Said]:
        """Open a ticket, or add to the conversation's open one.

        A person can be asked for even where no generation serves.

        Returns:
            The ticket, and what to tell the visitor in the visitor's language.

        Raises:
            TicketsUnavailableError: It cannot be kept; then the visitor must not be promised one.
        """
        language = self._language(wish)
        ticket = self._tickets.open(
            TicketRequest(
                conversation_id=wish.conversation_id or token_urlsafe(12),
                question=wish.question and redact(wish.question),
                language=language,
                reason=Reason.REQUESTED,
                answer_id=wish.answer_id,
                contact=wish.contact,
                user=wish.user,
                idempotency_key=wish.idempotency_key,
            )
        )
        return ticket, self._notices.text(Notice.HANDOFF_REQUESTED, language)

    def _language(self, wish: Wish) -> str:
        priors = Priors(
            page=wish.page_language,
            conversation=self._conversations.last(wish.conversation_id),
            accept=wish.accept_languages,
        )
        unknown = IdentifiedLanguage(
            wish.language or UNDETERMINED, 0.0, LanguageSource.DECLARED, 0.0
        )
        try:
            identified = query_language(
                wish.question or "", wish.language, priors, self._knowledge()
            )
        except NotReadyError:
            identified = unknown
        return reader_language(
            wish.question or "", identified, priors, None, self._default_language
        )
