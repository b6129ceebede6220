"""The language that letters suggest, whether it is served or not."""

from __future__ import annotations

from collections.abc import Mapping

from models.scripts import Script, dominant_script, letter_runs, likeliest_in

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
    likeliest = likeliest_in(script)
    if script not in _TELLING:
        return likeliest
    letters = frozenset(text)
    return next((lang for lang, own in _TELLING[script].items() if letters & own), likeliest)
