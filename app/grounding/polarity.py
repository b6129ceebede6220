"""Whether a sentence says that something is so, or that it is not."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge_base.languages import base_language
from models.scripts import lower

_UNSPACED = frozenset({"zh", "ja", "th"})
_QUESTION_MARKS = ("?", "？", "؟", "՞", "\u037e")
_CLOSING = " \n\"'*_)）»”’」』"
_LETTER = "[\\w\u0900-\u0dff]"


@dataclass(frozen=True, slots=True)
class _Denials:
    neutral: re.Pattern[str] | None
    denial: re.Pattern[str]


def is_known(lang: str) -> bool:
    """Tell whether the words that deny are known in a language."""
    return base_language(lang) in _languages()


def denials(text: str, lang: str) -> tuple[str, ...]:
    """Find the words by which a text denies.

    Args:
        text: Plain text.
        lang: The tag of its language.

    Returns:
        The words in lower case; none where the language's are not known.
    """
    found = _languages().get(base_language(lang))
    if found is None:
        return ()
    lowered = lower(text).replace("’", "'")
    if found.neutral is not None:
        lowered = found.neutral.sub(" ", lowered)
    return tuple(each.group() for each in found.denial.finditer(lowered))


def is_asking(text: str) -> bool:
    """Tell whether a sentence ends as a question does: it states and denies nothing."""
    return text.rstrip(_CLOSING).endswith(_QUESTION_MARKS)


@cache
def _languages() -> dict[str, _Denials]:
    text = (files("app.grounding") / "denials.toml").read_text(encoding="utf-8")
    return {
        language: _Denials(
            re.compile("|".join(listed["neutral"])) if listed.get("neutral") else None,
            re.compile(
                "|".join(
                    _pattern(word, unspaced=language in _UNSPACED)
                    for word in listed["denials"].split()
                )
            ),
        )
        for language, listed in tomllib.loads(text).items()
    }


def _pattern(word: str, *, unspaced: bool) -> str:
    if unspaced:
        return word
    before = f"{_LETTER}{{0,40}}" if word.startswith("*") else f"(?<!{_LETTER})"
    behind = "" if word.endswith(("*", "'")) else f"(?!{_LETTER})"
    return before + re.escape(word.strip("*").replace("_", " ")) + behind
