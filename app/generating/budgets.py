"""How much machines may write: for each conversation, and each day."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.answering.writing import Unwritten, UnwrittenError

_LOG = logging.getLogger(__name__)


class Budget(StrEnum):
    """What texts are counted for."""

    DAY = "day"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many texts may be written.

    Attributes:
        per_conversation: For the questions of one conversation; 0 allows none.
        per_day: For all questions of a day, which begins at midnight UTC; 0 allows none.
    """

    per_conversation: int
    per_day: int


class SpendingUnavailableError(Exception):
    """Texts cannot be counted just now; the message says why."""


class Spending(Protocol):
    """Counts texts durably, for all processes together.

    Every method may raise `SpendingUnavailableError`; all are thread-safe.
    """

    def spend(self, conversation_id: str, allowance: Allowance) -> Budget | None:
        """Count a text that is about to be written.

        Returns:
            The budget that has no text left; then nothing was counted.
        """
        ...

    def give_back(self, conversation_id: str) -> None:
        """Take back a text that was counted just now and that nobody began to write."""
        ...


class Budgets:
    """Lets texts be written while there is something left for them.

    Args:
        spending: Counts texts.
        allowance: How many there may be.
    """

    def __init__(self, spending: Spending, allowance: Allowance) -> None:
        self._spending = spending
        self._allowance = allowance
        self._is_down = False

    def spend(self, conversation_id: str) -> None:
        """Count a text that is about to be written.

        Raises:
            UnwrittenError: Nothing is left, or nobody can tell how much.
        """
        try:
            spent = self._spending.spend(conversation_id, self._allowance)
        except SpendingUnavailableError as error:
            self._note_down(error)
            raise UnwrittenError(
                Unwritten.UNAVAILABLE, "no text is written while texts cannot be counted"
            ) from None
        self._note_up()
        if spent is not None:
            raise UnwrittenError(
                Unwritten.BUDGET,
                f"the texts of this {spent} are used up; raise POLYFAQ_GENERATION_PER_"
                f"{spent.upper()} for more",
            )

    def give_back(self, conversation_id: str) -> None:
        """Take back a text that nobody began to write; one that cannot be stays counted."""
        try:
            self._spending.give_back(conversation_id)
        except SpendingUnavailableError as error:
            self._note_down(error)

    def _note_down(self, error: SpendingUnavailableError) -> None:
        if not self._is_down:
            _LOG.warning("machines write nothing until texts can be counted: %s", error)
        self._is_down = True

    def _note_up(self) -> None:
        if self._is_down:
            _LOG.warning("texts are counted again")
        self._is_down = False
