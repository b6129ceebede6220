"""Whether the address to listen on can be had, asked before anything else is begun."""

from __future__ import annotations

import os
from errno import EADDRINUSE
from socket import AF_INET, AF_INET6, create_server

_INHERITED = ("LISTEN_FDS", "GUNICORN_FD")
"""Set where whoever starts the server already listens, and hands the sockets over."""


class AddressError(Exception):
    """The server cannot listen where it is told to; the message says why and what to do."""


def check_address(host: str, port: int) -> None:
    """Try to listen, and stop at once.

    Raises:
        AddressError: The port is in use, or the address none of this machine's.
    """
    if any(name in os.environ for name in _INHERITED):
        return
    try:
        create_server((host, port), family=AF_INET6 if ":" in host else AF_INET).close()
    except OSError as error:
        if error.errno == EADDRINUSE:
            raise AddressError(
                f"port {port} of {host} is in use; end the program that listens there, or name "
                "another port with --port or POLYFAQ_PORT"
            ) from None
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise AddressError(
            f"cannot listen on port {port} of {host}: {reason}; name another address with --host "
            "or POLYFAQ_HOST, or another port"
        ) from None
