"""Words that give a language away, counted in short texts."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from importlib.resources import files
from math import sqrt


class LanguageWords:
    """The small words, greetings and words of trade of some languages.

    They tell apart what letters alone do not: "ist bitcoin legal", "is bitcoin legaal".
    """

    def __init__(self, languages: Collection[str]) -> None:
        """Load the words of the base languages that the list has."""
        text = (files("models") / "language_words.toml").read_text(encoding="utf-8")
        listed = {
            language: set(words.split())
            for language, words in tomllib.loads(text).items()
            if language in languages
        }
        self._languages: dict[str, list[str]] = {}
        for language, words in listed.items():
            for word in words:
                self._languages.setdefault(word, []).append(language)

    def evidence(self, words: Sequence[str]) -> Mapping[str, float]:
        """Weigh how many of a text's words are listed under each language.

        A word under several languages counts 1/sqrt(languages) for each; the sum is divided by
        the square root of the number of words.

        Args:
            words: In lower case.

        Returns:
            Values from 0 on; languages without a listed word are absent.
        """
        found: dict[str, float] = {}
        for word in words:
            languages = self._languages.get(word)
            if languages is not None:
                share = 1 / sqrt(len(languages) * len(words))
                for language in languages:
                    found[language] = found.get(language, 0.0) + share
        return found
