"""Texts into token ids with a SentencePiece unigram model."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sentencepiece

# A token is one character or more, but for runs of white space, of which the first counts. What
# lies beyond this many characters for each token is never read, and need not be tokenized.
_CHARACTERS_PER_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text as the model reads it.

    Attributes:
        ids: Shape (1, tokens), start and end token included.
        truncated: Whether the text goes on beyond the tokens.
    """

    ids: npt.NDArray[np.int64]
    truncated: bool


class UnigramTokenizer:
    """A SentencePiece model that frames texts with start and end tokens.

    The SentencePiece library loads 250,000 pieces in a third of the time and a fifth of the memory
    that the `tokenizers` library needs for them, and answers several times faster.
    """

    def __init__(self, model: bytes, max_tokens: int) -> None:
        """Load the model.

        Args:
            model: A SentencePiece model that names its start and end tokens.
            max_tokens: Tokens that the encoder reads, start and end included.

        Raises:
            ValueError: The bytes are not such a model.
        """
        try:
            self._processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        except (RuntimeError, OSError) as error:
            raise ValueError(f"this is not a SentencePiece model: {error}") from error
        self._start: int = self._processor.bos_id()
        self._end: int = self._processor.eos_id()
        if self._start < 0 or self._end < 0:
            raise ValueError("this SentencePiece model names no start and end tokens")
        self._room = max_tokens - 2
        self._max_characters = max_tokens * _CHARACTERS_PER_TOKEN

    def encode(self, text: str) -> Tokens:
        """Cut a text into tokens.

        Args:
            text: Any text; what cannot be written in UTF-8 counts as a question mark.

        Returns:
            The ids, and whether some of the text had to be left out.
        """
        truncated = len(text) > self._max_characters
        if truncated:
            text = text[: self._max_characters]
        # Models of this family learnt on joiners that had become spaces; later tables keep them.
        if "\u200d" in text:
            text = text.replace("\u200d", " ")
        ids: list[int] = self._processor.encode(text.encode("utf-8", "replace"))
        if len(ids) > self._room:
            truncated = True
            del ids[self._room :]
        return Tokens(np.array([[self._start, *ids, self._end]], dtype=np.int64), truncated)
