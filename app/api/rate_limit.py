"""How often one client may ask."""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Lock
from time import monotonic

from flask import request

from app.api.problems import ProblemError

_MOST_CLIENTS = 50_000


class RateLimit:
    """A token bucket for each client address, in this process.

    A client may ask a minute's worth of questions at once, then as fast as they come in again.

    Args:
        per_minute: Questions a minute; 0 sets no limit.
        clock: Seconds that only grow.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._capacity = float(per_minute)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def check(self) -> None:
        """Count the current request against its client.

        Raises:
            ProblemError: 429 with Retry-After: the client asked too often.
        """
        wait = self.wait_for(request.remote_addr or "")
        if wait > 0:
            seconds = math.ceil(wait)
            detail = f"Too many questions from this address; try again in {seconds} s."
            raise ProblemError(
                429, "too_many_requests", detail, headers={"Retry-After": str(seconds)}
            )

    def wait_for(self, client: str) -> float:
        """Take a token for a client.

        Returns:
            0 when there was one, else the seconds until there will be one.
        """
        if not self._capacity:
            return 0.0
        rate = self._capacity / 60
        with self._lock:
            now = self._clock()
            tokens, seen = self._buckets.pop(client, (self._capacity, now))
            tokens = min(self._capacity, tokens + (now - seen) * rate)
            is_allowed = tokens >= 1
            # Popping and setting keeps the dict ordered by when clients were last seen.
            self._buckets[client] = (tokens - 1 if is_allowed else tokens, now)
            if len(self._buckets) > _MOST_CLIENTS:
                del self._buckets[next(iter(self._buckets))]
        return 0.0 if is_allowed else (1 - tokens) / rate
