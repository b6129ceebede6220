"""Whether to send this server more questions."""

from __future__ import annotations

from collections.abc import Callable

from app.answering.ports import Knowledge


class Readiness:
    """Ready from the first good generation on, until the server is told to stop.

    Args:
        knowledge: Gives the live generation; raises `NotReadyError` where there is none.
    """

    def __init__(self, knowledge: Callable[[], Knowledge]) -> None:
        self._knowledge = knowledge
        self._is_draining = False

    @property
    def is_draining(self) -> bool:
        """Whether the server finishes what it has begun and takes no more."""
        return self._is_draining

    def drain(self) -> None:
        """Be ready no more."""
        self._is_draining = True

    def generation(self) -> str:
        """Name the generation that answers.

        Raises:
            NotReadyError: There is none.
        """
        return self._knowledge().index.id
