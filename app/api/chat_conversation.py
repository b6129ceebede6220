"""Which conversation a chat request belongs to: front ends send all of it, but no id of ours."""

from __future__ import annotations

import hashlib
import logging
import re
from itertools import islice

from app.api.chat_requests import ChatIn
from app.handoff.tickets import Tickets, TicketsUnavailableError

_LOG = logging.getLogger(__name__)
_TICKET = re.compile(r"\bT-[A-Za-z0-9_-]{1,64}")
_MOST_LOOKUPS = 3


def conversation_of(chat: ChatIn, tickets: Tickets) -> str | None:
    """Tell the conversation, so that what is asked in one chat leads to one ticket.

    An id that the front end gives decides. Without one, an earlier reply that names a ticket
    tells it: nobody else knows that number. Without a ticket, whoever asks and the words that the
    chat began with tell it. Two people who begin with the same words and are not told apart by
    `user` must not share a ticket, so without any of these a request is a conversation of its own.

    Returns:
        None for a new one.
    """
    if chat.metadata is not None and chat.metadata.conversation_id is not None:
        return chat.metadata.conversation_id
    told = _of_ticket(chat, tickets)
    if told is not None or not chat.user:
        return told
    begun = f"{len(chat.user)} {chat.user} {chat.asked()[0]}"
    return hashlib.sha256(begun.encode()).hexdigest()[:32]


def _of_ticket(chat: ChatIn, tickets: Tickets) -> str | None:
    named = (number for reply in reversed(chat.replied()) for number in _TICKET.findall(reply))
    try:
        for number in islice(dict.fromkeys(islice(named, _MOST_LOOKUPS * 4)), _MOST_LOOKUPS):
            ticket = tickets.find(number)
            if ticket is not None:
                return ticket.conversation_id
    except TicketsUnavailableError as error:
        _LOG.warning("the conversation of a chat is not known: %s", error)
    return None
