"""Opening a ticket before the visitor is told that there is one."""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.answering.answer import Handoff
from app.answering.draft import Draft
from app.answering.question import Question
from app.handoff.tickets import TicketRequest, Tickets, TicketsUnavailableError
from indexer.decision import Reason

_LOG = logging.getLogger(__name__)


class HandingOver:
    """Hands questions over to a person.

    Args:
        tickets: Keeps tickets durably.
        on_failure: Told of each question that could not be handed over.
    """

    def __init__(self, tickets: Tickets, on_failure: Callable[[], None] = lambda: None) -> None:
        self._tickets = tickets
        self._on_failure = on_failure

    def open(
        self, question: Question, draft: Draft, conversation_id: str, answer_id: str
    ) -> Handoff | None:
        """Open a ticket for a question, or add it to the conversation's open one.

        Returns:
            None where the ticket could not be kept: then the visitor must not be promised one.
        """
        request = TicketRequest(
            conversation_id=conversation_id,
            question=draft.question,
            language=draft.reader,
            reason=draft.reason or Reason.LOW_CONFIDENCE,
            retrieved=draft.alternatives,
            answer_id=answer_id,
            generation=draft.generation,
            user=question.user,
            idempotency_key=question.idempotency_key,
        )
        try:
            ticket = self._tickets.open(request)
        except TicketsUnavailableError as error:
            _LOG.error("a question could not be handed over: %s", error)
            self._on_failure()
            return None
        return Handoff(ticket.ticket_id, ticket.status, draft.text.text)
