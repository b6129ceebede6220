"""JSON replies, given again for a repeated Idempotency-Key."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable

from flask import Response, request
from pydantic import BaseModel

from app.api.documents import Document, to_json
from app.api.problems import FieldFault, ProblemError
from app.idempotency import IdempotencyKey, Replies, RepliesUnavailableError, Reply

_LOG = logging.getLogger(__name__)
_JSON = "application/json"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def json_reply(document: Document, status: int = 200) -> Response:
    """Answer with a document."""
    return Response(to_json(document), status, None, _JSON)


def idempotency_key() -> str | None:
    """Read the Idempotency-Key header.

    Raises:
        ProblemError: It is no usable key.
    """
    value = request.headers.get("Idempotency-Key")
    if value is not None and _KEY.fullmatch(value) is None:
        detail = "An Idempotency-Key is 1 to 200 visible ASCII characters, such as a UUID."
        fault = FieldFault("Idempotency-Key", "invalid_key", detail)
        raise ProblemError(422, "invalid_request", detail, (fault,))
    return value


class KeyedReply:
    """The reply to one request, kept under its Idempotency-Key; without one, nothing is kept.

    Two requests with one key at the same moment may both be worked on, and both get the reply of
    whichever was kept first. Where replies cannot be kept just now, what is asked for is done
    all the same: better twice than not at all.

    Args:
        replies: Those given before.
        asked: What the key stands for, and nothing else may.

    Attributes:
        token: To pass on to what must not happen twice; None without a key.

    Raises:
        ProblemError: The key is no usable one.
    """

    def __init__(self, replies: Replies, asked: BaseModel) -> None:
        self._replies = replies
        self._key: IdempotencyKey | None = None
        self.token: str | None = None
        value = idempotency_key()
        if value is not None:
            scope = f"{request.method} {request.path}"
            content = asked.model_dump_json().encode()
            self._key = IdempotencyKey(scope, value, hashlib.sha256(content).hexdigest())
            self.token = f"{scope} {value}"

    def find(self) -> Reply | None:
        """Look for the reply that was given before.

        Raises:
            KeyReusedError: The key came with other content before.
        """
        if self._key is None:
            return None
        try:
            return self._replies.find(self._key)
        except RepliesUnavailableError as error:
            _LOG.warning("a repeated request may be worked on again: %s", error)
            return None

    def keep(self, document: Document, status: int = 200) -> Reply:
        """Keep a reply unless one is kept already.

        Returns:
            The reply that counts.

        Raises:
            KeyReusedError: The key came with other content meanwhile.
        """
        reply = Reply(status, to_json(document))
        if self._key is None:
            return reply
        try:
            return self._replies.keep(self._key, reply)
        except RepliesUnavailableError as error:
            _LOG.warning("a repeated request will be worked on again: %s", error)
            return reply


def once(
    replies: Replies, asked: BaseModel, make: Callable[[str | None], Document], status: int = 200
) -> Response:
    """Make a reply once for each Idempotency-Key; without one, every time.

    Args:
        replies: Those given before.
        asked: What the key stands for, and nothing else may.
        make: Does what is asked for; gets a key to pass on to what must not happen twice.
        status: HTTP status of the reply.

    Raises:
        KeyReusedError: The key came with other content before.
    """
    kept = KeyedReply(replies, asked)
    reply = kept.find() or kept.keep(make(kept.token), status)
    return Response(reply.body, reply.status, None, _JSON)
