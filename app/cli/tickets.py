"""`polyfaq tickets`: questions that wait for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

import click

from app.api.documents import ticket_document
from app.cli.failures import InputFailure
from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import json_option, note, say, say_json
from app.handoff.tickets import Ticket, Tickets, TicketStatus
from app.store import open_store, prepare

_PAGE = 100
_SHOWN_CHARACTERS = 300


@click.group(invoke_without_command=True)
@click.option("--all", "show_all", is_flag=True, help="Show resolved tickets as well.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="At most this many.",
)
@json_option
@pass_invocation
@click.pass_context
def tickets(
    ctx: click.Context, invocation: Invocation, show_all: bool, limit: int, as_json: bool
) -> None:
    """List questions that wait for a person, the newest first."""
    if ctx.invoked_subcommand is not None:
        return
    with _tickets(invocation) as kept:
        status = None if show_all else TicketStatus.OPEN
        found = list(islice(_every(kept, status), limit + 1))
    shown = found[:limit]
    if as_json:
        say_json([ticket_document(ticket) for ticket in shown])
    else:
        for ticket in shown:
            _show(ticket)
        if not shown:
            say("no tickets" if show_all else "no open tickets")
    if len(found) > limit:
        note(f"There are more than {limit}; --limit shows more.")


@tickets.command()
@click.argument("ticket_id", metavar="ID")
@json_option
@pass_invocation
def resolve(invocation: Invocation, ticket_id: str, as_json: bool) -> None:
    """Close a ticket."""
    with _tickets(invocation) as kept:
        ticket = kept.resolve(ticket_id)
    if ticket is None:
        raise InputFailure(f"There is no ticket {ticket_id}; `polyfaq tickets --all` lists them.")
    if as_json:
        say_json(ticket_document(ticket))
    else:
        say(f"{ticket.ticket_id} is resolved")


@contextmanager
def _tickets(invocation: Invocation) -> Iterator[Tickets]:
    url = invocation.settings().database
    prepare(url)
    store = open_store(url)
    try:
        yield store.tickets
    finally:
        store.close()


def _every(kept: Tickets, status: TicketStatus | None) -> Iterator[Ticket]:
    cursor = None
    while True:
        page = kept.page(status, _PAGE, cursor)
        yield from page.tickets
        cursor = page.next_cursor
        if cursor is None:
            return


def _show(ticket: Ticket) -> None:
    contact = f", contact {ticket.contact}" if ticket.contact else ""
    say(
        f"{ticket.ticket_id}  {ticket.status}  {ticket.updated_at:%Y-%m-%d %H:%M} UTC  "
        f"{ticket.language}  {ticket.reason.replace('_', ' ')}{contact}",
        "bold",
    )
    for question in ticket.questions:
        text = "(a person was asked for)" if question.text is None else question.text
        say(f"  {text[:_SHOWN_CHARACTERS]}")
        if question.retrieved:
            best = question.retrieved[0]
            say(f"    closest: [{best.entry_id}] {best.question}", "dim")
