"""A text asked for until it passes its checks, and no more often than once again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence

from app.answering.writing import Passed, Unwritten, UnwrittenError
from app.generating.attempt import Attempt, tells_nothing
from app.generating.checking import Check
from app.generating.prompt import Prompt
from app.grounding.fault import Fault, UngroundedError
from models.generation import GenerationLimits, Generator

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 2
_FEWEST_TOKENS = 16
_LONGEST_REPLY = 6
"""Characters of a yes or no, which is not shown before the sentence that says what it means."""


class Attempts:
    """Asks a generator, and passes on what the checks let through.

    A sentence that is refused ends the request at once; the text is asked for once more, with the
    reason, and goes on after what had passed.

    Args:
        generator: Writes; is trusted with nothing.
        limits: For each text, all attempts together.
        clock: Gives the time in seconds.
        on_refused: Told of each sentence's fault.
    """

    def __init__(
        self,
        generator: Generator,
        limits: GenerationLimits,
        clock: Callable[[], float],
        on_refused: Callable[[Fault], None],
    ) -> None:
        self._generator = generator
        self._limits = limits
        self._clock = clock
        self._on_refused = on_refused

    def sentences(self, prompt: Prompt, check: Check) -> Iterator[Passed]:
        """Give a text's sentences as they pass.

        Args:
            prompt: What is asked.
            check: Judges each sentence, then all together.

        Raises:
            GeneratorError: It is not written, or not to its end.
            UnwrittenError: There is no text, or it ends here, before its end.
        """
        late = self._clock() + self._limits.seconds
        tokens = self._limits.tokens
        said: list[str] = []
        waiting: list[Passed] = []
        faults: list[Fault] = []
        refusal: str | None = None
        while len(faults) < _ATTEMPTS and (left := late - self._clock()) > 0:
            messages = prompt.messages(refusal, "".join(said))
            limits = GenerationLimits(tokens, left)
            with Attempt(self._generator, messages, limits, self._clock) as attempt:
                try:
                    for sentence in attempt.sentences(said):
                        if tells_nothing(sentence):
                            if said and faults:
                                break
                            raise UnwrittenError(Unwritten.NOT_TOLD, "the entries do not tell")
                        ground = check.sentence(sentence)
                        said.append(sentence)
                        waiting.append(Passed(sentence, ground.record, ground.passage))
                        if len(sentence.strip()) > _LONGEST_REPLY:
                            yield from waiting
                            waiting.clear()
                    _say_enough(said, waiting)
                except UngroundedError as error:
                    refusal = str(error)
                    self._refused(error, faults)
                else:
                    self._end(check, said)
                    yield from waiting
                    return
                tokens = max(tokens - attempt.pieces, _FEWEST_TOKENS)
        raise _refused_text(faults)

    def _end(self, check: Check, said: list[str]) -> None:
        if not said:
            raise UnwrittenError(Unwritten.FAILED, "the model wrote nothing")
        faults: list[Fault] = []
        try:
            check.whole()
        except UngroundedError as error:
            self._refused(error, faults)
            raise _refused_text(faults) from None

    def _refused(self, error: UngroundedError, faults: list[Fault]) -> None:
        faults.append(error.fault)
        self._on_refused(error.fault)
        # The reason quotes the text: no line that is written by default does.
        _LOG.debug("refused: %s: %s", error.fault, error)


def _say_enough(said: Sequence[str], waiting: Sequence[Passed]) -> None:
    """Hold that a text is more than a yes: no check can tell what that says yes to."""
    if said and len(waiting) == len(said):
        raise UngroundedError(Fault.LENGTH, "A word or two answer nothing; write a whole sentence.")


def _refused_text(faults: list[Fault]) -> UnwrittenError:
    return UnwrittenError(Unwritten.REFUSED, f"what it says was refused: {', then '.join(faults)}")
