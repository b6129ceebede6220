"""What writing asks of the checks: a verdict on each sentence, and on all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.answering.ports import KnowledgeIndex
from app.answering.writing import Ground
from knowledge_base.entry import Record


class Check(Protocol):
    """Judges one text, sentence by sentence as it is written."""

    def sentence(self, text: str) -> Ground:
        """Judge the next sentence; one that is refused is as if it had not been written.

        Args:
            text: Markdown with the white space that leads it.

        Returns:
            What it rests on.

        Raises:
            UngroundedError: No visitor may see it.
        """
        ...

    def whole(self) -> None:
        """Judge all sentences together, when there are no more.

        Raises:
            UngroundedError: The text is not what it should be.
        """
        ...


class Checks(Protocol):
    """Begins to judge texts; may be used by several threads at once."""

    def begin(
        self,
        index: KnowledgeIndex,
        records: Sequence[Record],
        reader: str,
        question: str,
        *,
        canaries: Sequence[str] = (),
        system_text: str = "",
    ) -> Check:
        """Begin with a text.

        Args:
            index: The generation that the records are from.
            records: What it may say.
            reader: Canonical tag of the language that it must be in.
            question: What it answers.
            canaries: What the prompt holds and the text must not.
            system_text: What the model was told to do, which the text must not repeat.
        """
        ...
