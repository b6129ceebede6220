"""The scripts of a text, and which scripts languages are written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class Script(StrEnum):
    """A writing system, by its ISO 15924 code; `OTHER` for those no served language may use."""

    LATIN = "Latn"
    CYRILLIC = "Cyrl"
    GREEK = "Grek"
    ARABIC = "Arab"
    HEBREW = "Hebr"
    DEVANAGARI = "Deva"
    BENGALI = "Beng"
    GURMUKHI = "Guru"
    GUJARATI = "Gujr"
    TAMIL = "Taml"
    TELUGU = "Telu"
    KANNADA = "Knda"
    MALAYALAM = "Mlym"
    SINHALA = "Sinh"
    THAI = "Thai"
    LAO = "Laoo"
    KHMER = "Khmr"
    MYANMAR = "Mymr"
    GEORGIAN = "Geor"
    ARMENIAN = "Armn"
    ETHIOPIC = "Ethi"
    HANGUL = "Hang"
    KANA = "Kana"
    HAN = "Hani"
    OTHER = "Zyyy"


class LetterRun(NamedTuple):
    """Consecutive letters of one script: a word, or a clause where words are not spaced."""

    script: Script
    text: str


# Letters and the marks that belong to them; digits and punctuation are in none.
_LETTERS = {
    Script.LATIN: "A-Za-zªºÀ-ÖØ-öø-\u02af\u1e00-\u1eff",
    Script.CYRILLIC: "\u0400-\u0481\u048a-\u052f",
    Script.GREEK: "\u0370-\u0373\u0376-\u037d\u0386-\u03ff\u1f00-\u1fff",
    Script.ARABIC: "\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06ee\u06ef\u06fa-\u06ff"
    "\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc\u200c",
    Script.HEBREW: "\u0591-\u05bd\u05c1-\u05f2\ufb1d-\ufb4f",
    Script.DEVANAGARI: "\u0900-\u0963\u0971-\u097f",
    Script.BENGALI: "\u0980-\u09e3\u09f0\u09f1",
    Script.GURMUKHI: "\u0a01-\u0a65\u0a70-\u0a76",
    Script.GUJARATI: "\u0a81-\u0ae3",
    Script.TAMIL: "\u0b82-\u0be3",
    Script.TELUGU: "\u0c00-\u0c63",
    Script.KANNADA: "\u0c80-\u0ce3",
    Script.MALAYALAM: "\u0d00-\u0d63",
    Script.SINHALA: "\u0d81-\u0df3",
    Script.THAI: "\u0e01-\u0e3a\u0e40-\u0e4e",
    Script.LAO: "\u0e81-\u0ecd",
    Script.KHMER: "\u1780-\u17d3",
    Script.MYANMAR: "\u1000-\u103f\u1050-\u109f",
    Script.GEORGIAN: "\u10a0-\u10ff\u1c90-\u1cbf",
    Script.ARMENIAN: "\u0531-\u0587",
    Script.ETHIOPIC: "\u1200-\u135f",
    Script.HANGUL: "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    Script.KANA: "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d",
    Script.HAN: "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f",
}
# Spaces and signs are passed over before any script is tried.
_RUNS = re.compile(
    r"(?![\x00-@\[-`{-\xa9])(?:"
    + "|".join(f"(?P<{script.value}>[{letters}]+)" for script, letters in _LETTERS.items())
    + r"|(?P<Zyyy>[^\W\d_]))"
)
_LATIN_WORDS = re.compile(f"[{_LETTERS[Script.LATIN]}]+")
# Latin letters whose composition is settled, spaces, and signs that start no address, code or
# mark-up; no digits, since words with digits say nothing.
_PLAIN_LATIN = re.compile(
    f"[{_LETTERS[Script.LATIN]}\\s!\"#$%&'()*+,.:;=>?\\[\\]^{{|}}~¡¿«»\u2010-\u2027\u20ac-]*"
)
_SCRIPTS = {script.value: script for script in Script}

# Latin letters weigh least, because names and brands stand in them in texts of every language.
_LATIN_WEIGHT, _ALPHABET_WEIGHT, _SYLLABLE_WEIGHT = 1, 3, 4
_ALPHABETS = frozenset(
    {
        Script.CYRILLIC,
        Script.GREEK,
        Script.ARABIC,
        Script.HEBREW,
        Script.GEORGIAN,
        Script.ARMENIAN,
    }
)

CASED = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK, Script.ARMENIAN})
"""Scripts whose languages write names with a capital letter."""

_LANGUAGE_SCRIPTS: Mapping[Script, str] = {
    Script.CYRILLIC: "ru ab av ba be bg ce cv kk kv ky mk mn os sah sr tg tt udm uk",
    Script.GREEK: "el grc",
    Script.ARABIC: "ar arz ary ckb fa ks pnb ps sd ug ur",
    Script.HEBREW: "he yi",
    Script.DEVANAGARI: "hi bho mai mr ne sa kok",
    Script.BENGALI: "bn as",
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
    Script.ETHIOPIC: "am ti",
    Script.HANGUL: "ko",
    Script.KANA: "ja",
    Script.HAN: "zh yue wuu ja",
    Script.OTHER: "dv bo dz or nqo",
}
"""The likeliest language of each script first, but for `OTHER`, which is many scripts."""

_EXPLICIT = {
    "Hans": frozenset({Script.HAN}),
    "Hant": frozenset({Script.HAN}),
    "Jpan": frozenset({Script.HAN, Script.KANA}),
    "Kore": frozenset({Script.HANGUL, Script.HAN}),
}


def letter_runs(text: str) -> list[LetterRun]:
    """Split a text into its runs of letters, in order; everything else is left out."""
    return [
        LetterRun(_SCRIPTS[found.lastgroup or Script.OTHER], found[0])
        for found in _RUNS.finditer(text)
    ]


def plain_latin_words(text: str) -> list[str] | None:
    """Split a text of Latin letters and plain punctuation alone into its words in lower case.

    Args:
        text: Any text.

    Returns:
        None for any other text; most questions in Latin letters are none such.
    """
    if _PLAIN_LATIN.fullmatch(text) is None or "www." in text:
        return None
    return _LATIN_WORDS.findall(lower(text))


def lower(text: str) -> str:
    """Give a text in lower case, the Turkish capital İ as one letter."""
    return text.lower().replace("i\u0307", "i")


def dominant_script(runs: list[LetterRun]) -> Script | None:
    """Tell which script most of a text is written in, None for a text without letters.

    Japanese counts as kana once a tenth of its characters are: it mixes kana with Han.
    """
    letters: dict[Script, int] = {}
    for run in runs:
        letters[run.script] = letters.get(run.script, 0) + len(run.text)
    if not letters:
        return None
    if len(letters) == 1:
        return runs[0].script
    kana, han = letters.get(Script.KANA, 0), letters.get(Script.HAN, 0)
    if kana and han:
        merged = Script.KANA if kana * 10 >= kana + han else Script.HAN
        letters[merged] = kana + han
        del letters[Script.HAN if merged is Script.KANA else Script.KANA]
    return max(letters, key=lambda script: letters[script] * _weight(script))


def likeliest_in(script: Script) -> str | None:
    """Give the language that a text in a script is likeliest in; None for Latin and others."""
    if script not in _LANGUAGE_SCRIPTS or script is Script.OTHER:
        return None
    return _LANGUAGE_SCRIPTS[script].split()[0]


def _weight(script: Script) -> int:
    if script is Script.LATIN:
        return _LATIN_WEIGHT
    return _ALPHABET_WEIGHT if script in _ALPHABETS else _SYLLABLE_WEIGHT


@lru_cache(maxsize=1024)
def scripts_of(tag: str) -> frozenset[Script]:
    """Tell which scripts a language is written in, by its own subtag or by custom."""
    language, *others = tag.split("-")
    for subtag in others:
        if len(subtag) == 4 and subtag.isalpha():
            if subtag in _EXPLICIT:
                return _EXPLICIT[subtag]
            return frozenset({_SCRIPTS.get(subtag, Script.OTHER)})
    found = frozenset(
        script for script, languages in _LANGUAGE_SCRIPTS.items() if language in languages.split()
    )
    if language == "sr":
        return found | {Script.LATIN}
    return found or frozenset({Script.LATIN})
