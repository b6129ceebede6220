"""The langdetect library as a source of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

from langdetect import DetectorFactory, LangDetectException

_PROFILES = {"zh": ("zh-cn", "zh-tw"), "nb": ("no",), "nn": ("no",), "fil": ("tl",)}
# The library is as sure of one word as of a page, and wrong in three words of ten.
_DOUBT_CHARACTERS = 3.0
_MAX_DOUBT = 0.4


class LangdetectDetector:
    """langdetect restricted to some languages, with the same answer for the same text each time."""

    def __init__(self, languages: Sequence[str]) -> None:
        """Load the profiles of the languages that the library knows.

        Args:
            languages: Base languages (`pt`, not `pt-BR`).
        """
        folder = files("langdetect") / "profiles"
        self._languages: dict[str, str] = {}
        profiles: list[str] = []
        for language in dict.fromkeys(languages):
            for name in _PROFILES.get(language, (language,)):
                profile = folder / name
                if name not in self._languages and profile.is_file():
                    self._languages[name] = language
                    profiles.append(profile.read_text(encoding="utf-8"))
        self._factory = DetectorFactory()
        self._factory.seed = 0
        # The library refuses a single profile; with one there is nothing to tell apart either.
        if len(profiles) > 1:
            self._factory.load_json_profile(profiles)

    def probabilities(self, text: str) -> Mapping[str, float]:
        """Give the probability of each language; nothing for a text without known letters."""
        languages = set(self._languages.values())
        if not self._factory.langlist:
            return dict.fromkeys(languages, 1.0)
        detector = self._factory.create()
        detector.append(text)
        try:
            ranked = detector.get_probabilities()
        except LangDetectException:
            return {}
        total = sum(guess.prob for guess in ranked)
        doubt = min(_MAX_DOUBT, _DOUBT_CHARACTERS / len(text))
        found = dict.fromkeys(languages, doubt / len(languages))
        for guess in ranked:
            found[self._languages[guess.lang]] += (1 - doubt) * guess.prob / total
        return found
