"""How the server runs."""

from __future__ import annotations

import os

from pydantic import BaseModel, Field

_MOST_PROCESSES = 2


class Serving(BaseModel):
    """The server."""

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="TCP port to listen on.")
    workers: int | None = Field(
        None,
        ge=1,
        le=64,
        description="Processes; each holds its own copy of the model. "
        "Default: one for each processor, two at most.",
    )
    threads: int = Field(8, ge=1, le=256, description="Questions answered at once per process.")
    graceful_timeout: int = Field(
        30, ge=1, le=600, description="Seconds a stopping server gives to running requests."
    )
    ping_seconds: float = Field(
        10,
        ge=0.05,
        le=300,
        description="Seconds of silence after which a streamed answer shows that it still lives.",
    )
    answer_cache: int = Field(
        4096, ge=0, le=1_000_000, description="Different questions whose answers are remembered."
    )
    journal_queue: int = Field(
        10_000, ge=1, le=1_000_000, description="Answers that may wait to be stored."
    )
    follow_seconds: float = Field(
        0.5, ge=0.05, le=3600, description="How often a server looks for a new generation."
    )

    @property
    def processes(self) -> int:
        """How many processes answer."""
        return self.workers or min(len(os.sched_getaffinity(0)), _MOST_PROCESSES)
