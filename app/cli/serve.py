"""`polyfaq serve`: the HTTP API and the page."""

from __future__ import annotations

import click

from app.cli.invocation import Invocation, pass_invocation
from app.cli.output import note
from app.serving import serve as serve_http


@click.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="TCP port.  [default: 8080]")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes.  [default: 1]")
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
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{shown}:{settings.port}"
    note(f"Serving on {address} - a page to ask on; {address}/docs tells about the API.")
    ctx.exit(serve_http(settings))
