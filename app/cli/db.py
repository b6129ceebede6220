"""`polyfaq db`: the store's tables."""

from __future__ import annotations

import click

from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import say
from app.store import upgrade as upgrade_store


@click.group()
def db() -> None:
    """Care for the store."""


@db.command()
@pass_invocation
def upgrade(invocation: Invocation) -> None:
    """Bring the store's tables to this version; stop the servers first."""
    is_changed = upgrade_store(invocation.settings().database)
    say("the store was upgraded" if is_changed else "the store is up to date")
