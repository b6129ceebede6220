"""The language that letters suggest, whether it is served or not."""

from __future__ import annotations

from collections.abc import Mapping

from models.scripts import Script, dominant_script, letter_runs

_LIKELIEST: Mapping[Script, str] = {
    Script.CYRILLIC: "ru",
    Script.GREEK: "el",
    Script.ARABIC: "ar",
    Script.HEBREW: "he",
    Script.DEVANAGARI: "hi",
    Script.BENGALI: "bn",
    Script.GURMUKHI: "pa",
    Script.GUJARATI: "gu",
    Script.TAMIL: "ta",
    Script.TELUGU: "te",
    Script.KANNADA: "kn",
    Script.MALAYALAM: "ml",
    Script.SINHALA: "si",
    Script.THAI: "th",
    Script.LAO: "lo",
    Script.KHMER: "km",
    Script.MYANMAR: "my",
    Script.GEORGIAN: "ka",
    Script.ARMENIAN: "hy",
    Script.ETHIOPIC: "am",
    Script.HANGUL: "ko",
    Script.KANA: "ja",
    Script.HAN: "zh",
}
_TELLING: Mapping[Script, Mapping[str, frozenset[str]]] = {
    Script.CYRILLIC: {"uk": frozenset("іїєґІЇЄҐ")},
    Script.ARABIC: {"ur": frozenset("ٹڈڑںے"), "fa": frozenset("پچژگ")},
}
"""Letters that the likeliest language of a script does not have; the first that fit tell."""


def telling_script(text: str) -> Script | None:
    """Tell which letters most of a text is written in.

    Returns:
        None for Latin ones, in which names and brands stand in texts of any language, and for none.
    """
    script = dominant_script(letter_runs(text))
    return None if script is Script.LATIN else script


def likeliest_language(text: str, script: Script) -> str | None:
    """Suggest the language of a text by its letters alone.

    Args:
        text: The text.
        script: That most of it is written in.

    Returns:
        A tag, of a language that may not be served; None where these letters suggest none.
    """
    likeliest = _LIKELIEST.get(script)
    if script not in _TELLING:
        return likeliest
    letters = frozenset(text)
    return next((lang for lang, own in _TELLING[script].items() if letters & own), likeliest)
