"""Handoffs: opened by visitors, worked off by operators."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from app.api.accepting import accepted_languages
from app.api.documents import (
    Document,
    ticket_document,
    ticket_page_document,
    ticket_status_document,
)
from app.api.openapi import IDEMPOTENCY, KEPT_ONCE
from app.api.operators import OPERATORS_ONLY, SECURITY, OperatorKey
from app.api.problems import ProblemError
from app.api.rate_limit import RateLimit
from app.api.replies import json_reply, once
from app.api.requests import HandoffIn, HandoffsQuery
from app.api.ticket_responses import HandoffOpenedOut, TicketOut, TicketPageOut, TicketStatusOut
from app.handoff.desk import HandoffDesk, Wish
from app.handoff.tickets import Ticket, Tickets
from app.idempotency import Replies
from knowledge_base.languages import direction

_MOST_ID_CHARACTERS = 100
_STORE = {422: "A field is wrong.", 500: "Something failed here.", 503: "The store cannot be read."}


def handoffs_blueprint(
    desk: HandoffDesk, tickets: Tickets, replies: Replies, key: OperatorKey, limit: RateLimit
) -> APIBlueprint:
    """Make the endpoints about tickets."""
    blueprint = APIBlueprint("handoffs", __name__, tag="Handoffs")

    @blueprint.post("/v1/handoffs")
    @blueprint.input(HandoffIn, arg_name="body")
    @blueprint.output(HandoffOpenedOut, status_code=201, description="A person was asked.")
    @blueprint.doc(responses={**KEPT_ONCE, 429: "Too many requests."}, extensions=IDEMPOTENCY)
    def open_handoff(body: HandoffIn) -> Response:
        """Ask for a person. A conversation has one open ticket, which further wishes add to."""
        limit.check()
        accepted = accepted_languages()

        def open_one(idempotency_key: str | None) -> Document:
            ticket, said = desk.open(
                Wish(
                    **dict(body),
                    accept_languages=accepted,
                    idempotency_key=idempotency_key,
                )
            )
            return {
                "ticket_id": ticket.ticket_id,
                "status": ticket.status,
                "conversation_id": ticket.conversation_id,
                "message": said.text,
                "language": said.language,
                "direction": direction(said.language),
            }

        return once(replies, body, open_one, 201)

    @blueprint.get("/v1/handoffs")
    @blueprint.input(HandoffsQuery, location="query", arg_name="wanted")
    @blueprint.output(TicketPageOut, description="Tickets, newest first.")
    @blueprint.doc(security=SECURITY, responses={**OPERATORS_ONLY, **_STORE})
    @key.required
    def list_handoffs(wanted: HandoffsQuery) -> Response:
        """List tickets."""
        return json_reply(
            ticket_page_document(tickets.page(wanted.status, wanted.limit, wanted.cursor))
        )

    @blueprint.get("/v1/handoffs/<ticket_id>")
    @blueprint.output(TicketStatusOut, description="How far it is; all of it for operators.")
    @blueprint.doc(responses={404: "No such ticket.", **_STORE})
    def show_handoff(ticket_id: str) -> Response:
        """Look a ticket up."""
        ticket = _found(tickets.find(ticket_id) if _is_id(ticket_id) else None)
        show = ticket_document if key.is_shown() else ticket_status_document
        return json_reply(show(ticket))

    @blueprint.post("/v1/handoffs/<ticket_id>/resolve")
    @blueprint.output(TicketOut, description="The ticket, closed.")
    @blueprint.doc(security=SECURITY, responses={**OPERATORS_ONLY, **_STORE})
    @key.required
    def resolve_handoff(ticket_id: str) -> Response:
        """Close a ticket; one that is closed already stays as it is."""
        ticket = tickets.resolve(ticket_id) if _is_id(ticket_id) else None
        return json_reply(ticket_document(_found(ticket)))

    return blueprint


def _is_id(text: str) -> bool:
    return len(text) <= _MOST_ID_CHARACTERS and text.isprintable()


def _found(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise ProblemError(404, "not_found", "There is no ticket with this id.")
    return ticket
