"""BCP 47 language tags: canonical form, fallback, writing direction and names.

The facts about languages come from the Unicode CLDR, through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<extended>[a-z]{3}))?"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)",
    re.ASCII,
)
_MAX_TAG_CHARACTERS = 64
_RTL_SCRIPTS = frozenset(
    {"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa", "Yezi"}
)
_ALIASES_OF_OURS = {"no": "nb"}  # the CLDR keeps both; one language must not have two tags


class Direction(StrEnum):
    """The direction in which a language is written, as HTML's `dir` names it."""

    LTR = "ltr"
    RTL = "rtl"


class LanguageTagError(ValueError):
    """A text that should be a language tag is none."""


@lru_cache(maxsize=4096)
def canonical_tag(text: str) -> str:
    """Bring a language tag into its canonical form: `PT_br` becomes `pt-BR`.

    Underscores count as hyphens, and deprecated or three-letter codes become the current ones
    (`iw` is `he`, `deu` is `de`).

    Raises:
        LanguageTagError: The text is no well-formed tag, or names no known language.
    """
    lowered = text.strip().replace("_", "-").lower()
    found = _TAG.fullmatch(lowered) if len(lowered) <= _MAX_TAG_CHARACTERS else None
    if found is None:
        raise LanguageTagError(
            f"{text[:_MAX_TAG_CHARACTERS]!r} is not a language tag; "
            "write a BCP 47 tag such as en, pt-BR or zh-Hant"
        )
    language, script, region = found["language"], found["script"], found["region"]
    language = found["extended"] or language
    alias = _ALIASES_OF_OURS.get(language) or _aliases().get(language, language)
    language, _, alias_script = alias.partition("_")
    if not _is_known(language):
        raise LanguageTagError(
            f"{text!r} names no known language{_territory_hint(language)}; "
            "write a BCP 47 tag such as en, pt-BR or zh-Hant"
        )
    if script is None and len(alias_script) == 4:
        script = alias_script
    parts = [language, script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part) + found["rest"]


@lru_cache(maxsize=1)
def known_languages() -> tuple[str, ...]:
    """List the base languages that a canonical tag can name, in alphabetical order."""
    return tuple(sorted(code for code in map(str, Locale("en").languages) if _is_canonical(code)))


def base_language(tag: str) -> str:
    """Give the language of a canonical tag without script, region and variants."""
    return tag.partition("-")[0]


@lru_cache(maxsize=4096)
def script(tag: str) -> str:
    """Give the script a canonical tag is written in as an ISO 15924 code, `Zzzz` if unknown."""
    subtags = tag.split("-")
    for subtag in subtags[1:]:
        if len(subtag) == 4 and subtag.isalpha():
            return subtag
    regions = [subtag for subtag in subtags[1:2] if len(subtag) in {2, 3}]
    for key in ("_".join([subtags[0], *regions]), subtags[0]):
        likely = _likely().get(key)
        if likely is not None:
            return likely.split("_")[1]
    return "Zzzz"


@lru_cache(maxsize=4096)
def direction(tag: str) -> Direction:
    """Give the direction in which text in a canonical tag's language is written."""
    return Direction.RTL if script(tag) in _RTL_SCRIPTS else Direction.LTR


@lru_cache(maxsize=4096)
def fallback_chain(tag: str) -> tuple[str, ...]:
    """List the tags whose texts serve a canonical tag's reader, the tag itself first.

    `pt-BR` gives `pt-BR, pt`; Chinese regions pass through their script: `zh-TW, zh-Hant, zh`.
    """
    plain = re.split(r"-[0-9a-z]-", tag, maxsplit=1)[0]
    chain = [tag] if plain == tag else [tag, plain]
    while "-" in chain[-1]:
        parent, _, last = chain[-1].rpartition("-")
        if parent == "zh" and len(last) != 4:
            chain.append(f"zh-{script(chain[-1])}")
        chain.append(parent)
    return tuple(chain)


def closest_tag(tag: str, available: Iterable[str]) -> str | None:
    """Choose the available tag that serves a canonical tag's reader best.

    The fallback chain decides; failing that, the first available variant of the same language,
    one in the same script before others (`pt` is served by `pt-BR`).

    Returns:
        None where no available tag is of the same language.
    """
    offered = tuple(available)
    for candidate in fallback_chain(tag):
        if candidate in offered:
            return candidate
    related = [other for other in offered if base_language(other) == base_language(tag)]
    return min(related, key=lambda other: script(other) != script(tag), default=None)


@lru_cache(maxsize=4096)
def language_name(tag: str, display: str) -> str:
    """Name a canonical tag's language in the language of another: `de` in `fr` is "allemand".

    Returns:
        The tag itself where the CLDR knows no name.
    """
    shown = locale_of(display) or Locale("en")
    named = locale_of(tag)
    if named is not None:
        name = named.get_display_name(shown)
        if name:
            return name
    return str(shown.languages.get(base_language(tag), tag))


def english_name(tag: str) -> str:
    """Name a canonical tag's language in English."""
    return language_name(tag, "en")


def own_name(tag: str) -> str:
    """Name a canonical tag's language in itself, as a language menu does: "Deutsch"."""
    return language_name(tag, tag) if locale_of(tag) is not None else english_name(tag)


@lru_cache(maxsize=512)
def locale_of(tag: str) -> Locale | None:
    """Give what the CLDR knows of a canonical tag's language, if it knows that."""
    for candidate in fallback_chain(tag):
        subtags = candidate.split("-")
        language, *others = subtags
        scripts = [subtag for subtag in others if len(subtag) == 4 and subtag.isalpha()]
        regions = [subtag for subtag in others if len(subtag) == 2 or subtag.isdigit()]
        try:
            return Locale(
                language,
                script=scripts[0] if scripts else None,
                territory=regions[0] if regions else None,
            )
        except UnknownLocaleError:
            continue
    return None


def _is_canonical(code: str) -> bool:
    try:
        return canonical_tag(code) == code
    except LanguageTagError:
        return False


def _is_known(language: str) -> bool:
    return language in _likely() or language in Locale("en").languages


def _territory_hint(code: str) -> str:
    likely = _likely().get(f"und_{code.upper()}")
    if likely is None:
        return ""
    return f" (a country code? its language may be {base_language(likely.replace('_', '-'))})"


def _aliases() -> Mapping[str, str]:
    return get_global("language_aliases")


def _likely() -> Mapping[str, str]:
    return get_global("likely_subtags")
