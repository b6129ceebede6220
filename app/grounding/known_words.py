"""The words of the passages, found in other inflections too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge_base.languages import base_language
from knowledge_base.texts import folded

INFLECTED = frozenset(
    {"pl", "ru", "uk", "be", "cs", "sk", "hr", "sr", "bs", "sl", "mk", "bg", "lt", "lv", "et", "fi"}
    | {"hu", "ro", "el", "sq", "ka", "hy"}
)
"""Languages that put other endings to names."""

_WORD = re.compile(r"[^\W_]+")
# Where words are not spaced, a name in Latin letters stands in the middle of others.
_LATIN = re.compile(r"[a-z0-9]+")
_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_ENDING = 3


class KnownWords:
    """Words of some texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Gather them.

        Args:
            texts: As readers see them.
        """
        plain = [folded(text) for text in texts]
        self._words = frozenset(
            word for text in plain for each in (_WORD, _LATIN) for word in each.findall(text)
        )
        self._stems = frozenset(
            word[:length]
            for word in self._words
            for length in range(max(1, len(word) - _LONGEST_ENDING), len(word) + 1)
        )

    def has(self, word: str, lang: str) -> bool:
        """Tell whether the texts have a word, with whatever ending.

        Args:
            word: A single one.
            lang: The tag of the language that inflects it.
        """
        parts = _INNER_CAPITAL.split(word)
        if len(parts) > 1 and folded(word) not in self._words:
            return all(self.has(part, lang) for part in parts)
        plain = folded(word)
        ending, least = (2, 3) if base_language(lang) in INFLECTED else (1, 4)
        if plain in self._words or (word.endswith("s") and plain[:-1] in self._words):
            return True
        return any(
            plain[:length] in self._stems
            for length in range(max(least, len(plain) - ending), len(plain) + 1)
        )

    def has_all(self, name: str, lang: str) -> bool:
        """Tell whether the texts have every word of a name."""
        return all(self.has(word, lang) for word in _WORD.findall(folded(name)))
