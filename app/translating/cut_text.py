"""A text on its way into another language: taken apart, put together again, judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.translating.markdown_text import CutMarkdown
from app.translating.plain_text import CutPlainText
from app.translating.protecting import Protection
from app.translating.refusal import Reason, RefusedError
from app.translating.verifying import Candidate, verify
from knowledge_base import texts
from knowledge_base.limits import Limits
from models.marked_text import MarkedText
from models.translation import Translated

_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class CutText:
    """A question or an answer, and its parts.

    Attributes:
        cut: The parts, and the way back.
        is_answer: Whether it is Markdown, and as long as an answer may be.
    """

    cut: CutMarkdown | CutPlainText
    is_answer: bool

    @classmethod
    def answer(cls, markdown: str, protection: Protection) -> CutText:
        """Take an answer apart.

        Raises:
            RefusedError: Its form is such that translations could not be put in place.
        """
        return cls(CutMarkdown(markdown, protection), is_answer=True)

    @classmethod
    def question(cls, text: str, protection: Protection) -> CutText:
        """Take a question apart."""
        return cls(CutPlainText(text, protection), is_answer=False)

    @property
    def parts(self) -> tuple[MarkedText, ...]:
        """What is to be translated, in order."""
        return tuple(segment.text for segment in self.cut.segments)

    def translation(
        self,
        parts: Sequence[Translated],
        target: str,
        identify: Callable[[str], str] | None,
    ) -> str:
        """Put a translation together, and judge it.

        Args:
            parts: What came of each of `parts`.
            target: The canonical tag of the language it is to be in.
            identify: Tells the language of a text as a tag, or `und`.

        Raises:
            RefusedError: It is not fit to be shown to anyone.
        """
        finished = self.cut.finished([part.text for part in parts])
        text = texts.block(finished) if self.is_answer else texts.one_line(finished)
        bad = texts.forbidden_character(text)
        if bad is not None:
            raise RefusedError(Reason.STRUCTURE, f"it holds the control character {bad}")
        most = _LIMITS.answer_characters if self.is_answer else _LIMITS.question_characters
        if len(text) > most:
            raise RefusedError(Reason.LENGTH, f"it has over {most} characters")
        unknown = sum(part.unknown for part in parts)
        verify(Candidate(self.cut.source(), text, target, unknown, self.is_answer), identify)
        return text
