"""The form of a machine's text: how long, how marked up, how often the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.folding import bare
from app.grounding.sentence import Sentence
from app.translating.verifying import weight

LONGEST_SENTENCE = 700
"""Characters; a longer one is none, or nobody reads it."""

LONGEST_OF_PASSAGES = 1.8
"""How many times as long as its passages a text may be; languages differ by half."""

_ALWAYS_ALLOWED = 200
_MOST_SENTENCES = 40
_MOST_SAME_LENGTH = 4
_LETTERS = re.compile(r"\w")
_RUN = re.compile(r"(?P<one>[^\s.…_-])(?P=one){7}|(?P<part>\S{2,24}\s?)(?P=part){4}")
_RARE_BLOCKS = {
    "heading_open": "a heading",
    "table_open": "a table",
    "fence": "a block of code",
    "code_block": "a block of code",
    "blockquote_open": "a quotation",
    "hr": "a rule",
}
_ESCAPED_OR_CODE = re.compile(r"\\.|`[^`]{0,400}`")
# Uzbek and Armenian write the same sign behind letters.
_OPENS_CODE = re.compile(r"(?<!\w)`")
_NO_EMPHASIS = re.compile(r"^\s{0,3}[*+-]\s|(?<=\s)\*(?=\s)|(?<=\d)\*(?=\d)", re.MULTILINE)


class FormCheck:
    """Judges the sentences of one text, each as it comes, and remembers them."""

    def __init__(self, passages: Sequence[Sentence], question: str) -> None:
        """Prepare to judge.

        Args:
            passages: The records that the text may be grounded in, each as a whole.
            question: As the visitor asked it.
        """
        self._blocks = frozenset(block for each in passages for block in each.blocks)
        self._room = _ALWAYS_ALLOWED + LONGEST_OF_PASSAGES * sum(
            weight(each.shown) for each in passages
        )
        self._question = bare(question)
        self._written = 0.0
        self._count = 0
        self._said: set[str] = set()

    def sentence(self, sentence: Sentence) -> None:
        """Judge a sentence together with those before it.

        Raises:
            UngroundedError: It is empty, too long, too much, said before, the question itself, or
                marked up as no passage is.
        """
        if _LETTERS.search(sentence.shown) is None:
            raise UngroundedError(Fault.FORM, "The text has a sentence without words.")
        if len(sentence.markdown) > LONGEST_SENTENCE:
            raise UngroundedError(
                Fault.LENGTH,
                f"A sentence has {len(sentence.markdown)} characters, more than "
                f"{LONGEST_SENTENCE}.",
            )
        written = self._written + weight(sentence.shown)
        if written > self._room or self._count >= _MOST_SENTENCES:
            raise UngroundedError(Fault.LENGTH, "The text is far longer than its passages.")
        self._check_repetition(sentence)
        for block in sentence.blocks & _RARE_BLOCKS.keys():
            if block not in self._blocks:
                raise UngroundedError(
                    Fault.FORM, f"The text holds {_RARE_BLOCKS[block]}, and no passage does."
                )
        _check_emphasis(sentence.markdown)

    def keep(self, sentence: Sentence) -> None:
        """Count a sentence that passed all checks among those that are written."""
        self._written += weight(sentence.shown)
        self._count += 1
        self._said.add(bare(sentence.shown))

    def whole(self) -> None:
        """Judge the text when it has ended.

        Raises:
            UngroundedError: It holds nothing.
        """
        if not self._count:
            raise UngroundedError(Fault.FORM, "The text is empty.")

    def _check_repetition(self, sentence: Sentence) -> None:
        said = bare(sentence.shown)
        if said == self._question and len(said) > _MOST_SAME_LENGTH:
            raise UngroundedError(Fault.FORM, "The text repeats the question.")
        if said in self._said and len(said) > _MOST_SAME_LENGTH:
            raise UngroundedError(
                Fault.FORM, f"The text says the same twice: {quoted(sentence.shown)}."
            )
        if (run := _RUN.search(said)) is not None:
            raise UngroundedError(
                Fault.FORM, f"A sentence repeats itself: {quoted(run.group()[:24])}."
            )


def _check_emphasis(markdown: str) -> None:
    plain = _NO_EMPHASIS.sub(" ", _ESCAPED_OR_CODE.sub(" ", markdown))
    if plain.count("**") % 2 or _OPENS_CODE.search(plain) is not None:
        raise UngroundedError(Fault.FORM, "Bold text or code in a sentence is not closed.")
    if plain.count("](") and plain.count("[") < plain.count("]("):
        raise UngroundedError(Fault.FORM, "A link in a sentence is not whole.")
