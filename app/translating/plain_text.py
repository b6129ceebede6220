"""Questions: plain text in one line, nothing in it is syntax."""

from __future__ import annotations

from collections.abc import Sequence

from app.translating.protecting import Protection
from app.translating.segment import Segment, SegmentBuilder
from models.marked_text import MarkedText


class CutPlainText:
    """A question as one segment, and the way back; used as `CutMarkdown` is.

    Attributes:
        segments: One, or none where there is nothing to translate.
    """

    def __init__(self, text: str, protection: Protection) -> None:
        builder = SegmentBuilder(protection, _as_it_is)
        builder.add_text(text)
        self._segment = builder.segment()
        self.segments: list[Segment] = [self._segment] if self._segment.has_words else []

    def source(self) -> str:
        """Give the question with the glossary's terms, all else unchanged."""
        return self._segment.as_it_is(_as_it_is)

    def finished(self, translations: Sequence[MarkedText]) -> str:
        """Give the translation.

        Raises:
            RefusedError: A piece did not come through.
        """
        if not self.segments:
            return self.source()
        return self._segment.restored(translations[0], _as_it_is)


def _as_it_is(text: str) -> str:
    return text
