"""`polyfaq serve`: the HTTP API and the page."""

from __future__ import annotations

import sys
from functools import partial
from shutil import which

import click

from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import note
from app.serving import serve as serve_http

_LOCALLY = {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "localhost"}  # noqa: S104 - read


@click.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="TCP port.  [default: 8080]")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes.  [default: one a processor, two at most]",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 256),
    help="Questions answered at once in each.  [default: 8]",
)
@pass_invocation
@click.pass_context
def serve(
    ctx: click.Context,
    invocation: Invocation,
    *,
    host: str | None,
    port: int | None,
    workers: int | None,
    threads: int | None,
) -> None:
    """Serve the HTTP API and the page.

    A published index is followed without a restart. The first Ctrl-C lets running requests end.
    """
    settings = invocation.settings(host=host, port=port, workers=workers, threads=threads)
    ctx.exit(serve_http(settings, on_ready=partial(_greet, settings.host)))


def _greet(host: str, port: int, fault: str | None) -> None:
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{_LOCALLY.get(host, shown)}:{port}"
    if fault is None:
        _invite(address)
    else:
        note(
            f"""
polyfaq is up at {address}, but has nothing to answer from.
{fault}
What is published then is taken up without a restart.
"""
        )


def _invite(address: str) -> None:
    command = "polyfaq" if which("polyfaq") else sys.argv[0]
    note(
        f"""
polyfaq answers. Ask it

  in a browser   {address}
  over HTTP      curl -s {address}/v1/ask --json '{{"question": "Où est ma commande ?"}}'
  by command     {command} ask "Wie lange dauert der Versand?"

{address}/docs describes the API. Ctrl-C stops the server.
"""
    )
