"""Doing once what is asked for twice: replies kept under the client's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's key for one request.

    Attributes:
        scope: What was called, such as `POST /v1/handoffs`; keys of different scopes never clash.
        value: As the client sent it.
        digest: Hex SHA-256 of the request body.
    """

    scope: str
    value: str
    digest: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A response that can be given again.

    Attributes:
        status: HTTP status.
        body: JSON, UTF-8.
    """

    status: int
    body: bytes


class KeyReusedError(Exception):
    """A key was used before, for a request with another body."""


class RepliesUnavailableError(Exception):
    """Replies cannot be kept or read just now; the message says why."""


class Replies(Protocol):
    """Keeps replies for at least a day, across processes and restarts.

    Every method may raise `RepliesUnavailableError`; all are thread-safe.
    """

    def find(self, key: IdempotencyKey) -> Reply | None:
        """Give the reply that was kept under a key.

        Raises:
            KeyReusedError: The key was used with another digest.
        """
        ...

    def keep(self, key: IdempotencyKey, reply: Reply) -> Reply:
        """Keep a reply unless one is kept already.

        Returns:
            The reply that counts: the first one kept, whoever kept it.

        Raises:
            KeyReusedError: The key was used with another digest.
        """
        ...
