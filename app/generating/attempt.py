"""One request to a generator, within its time, and ended when nobody wants more of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from types import TracebackType
from typing import Self

from app.generating.prompt import NOT_TOLD
from app.generating.sentences import joined, sentences
from app.generating.unwrapping import unwrapped
from knowledge_base.texts import folded
from models.generation import GenerationLimits, GenerationTimedOutError, Message
from models.generation import Generator as TextGenerator

_NOT_TOLD = (NOT_TOLD, NOT_TOLD.replace("_", r"\_"))


class Attempt:
    """A text that is being written; leaving the block ends the writing.

    Attributes:
        pieces: How many have come so far; a piece is a token, or more of them.
    """

    def __init__(
        self,
        generator: TextGenerator,
        messages: Sequence[Message],
        limits: GenerationLimits,
        clock: Callable[[], float],
    ) -> None:
        """Prepare the request; it is sent with the first look at the sentences.

        Args:
            generator: Writes.
            messages: What it is asked.
            limits: How much it may write.
            clock: Gives the time in seconds.
        """
        self.pieces = 0
        self._limits = limits
        self._clock = clock
        self._late = clock() + limits.seconds
        self._written = generator.generate(messages, limits)

    def sentences(self, said: Sequence[str] = ()) -> Iterator[str]:
        """Give what is written, sentence by sentence.

        Args:
            said: Sentences that it goes on after; where it begins with them again, they are left
                out, and the first new one gets the white space that it needs behind them.

        Raises:
            GeneratorError: It was not written, or not to its end.
        """
        known = {folded(each) for each in said}
        before = "".join(said)
        for sentence in sentences(unwrapped(self._in_time())):
            if known and folded(sentence) in known:
                continue
            yield joined(before, sentence) if before else sentence
            known, before = set(), ""

    def _in_time(self) -> Iterator[str]:
        for piece in self._written:
            self.pieces += 1
            yield piece
            if self._clock() >= self._late:
                raise GenerationTimedOutError(f"no whole text within {self._limits.seconds:.3g} s")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(self._written, Generator):
            self._written.close()


def tells_nothing(sentence: str) -> bool:
    """Tell whether a model says that the passages do not tell."""
    return any(word in sentence for word in _NOT_TOLD)
