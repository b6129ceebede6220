"""The form in which texts are kept, whatever format they were read from, and are compared in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_OTHER_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
_BREAKS_AND_RUNS = re.compile("[ \t\r\n\x85\u2028\u2029]+")
_MOST_SHOWN = 80
_BYTE_ORDER_MARK = "\ufeff"


def forbidden_character(text: str) -> str | None:
    """Describe the first character that no text may hold: controls and lone surrogates.

    Returns:
        Its code point and place, such as `U+0007 at character 12`; None if there is none.
    """
    found = _FORBIDDEN.search(text)
    if found is None:
        return None
    return f"U+{ord(found.group()):04X} at character {found.start() + 1}"


def shown(text: str) -> str:
    """Give the beginning of a foreign text in a form that any terminal and encoding can take."""
    return _FORBIDDEN.sub("\ufffd", text[:_MOST_SHOWN])


def is_clean_line(text: str) -> bool:
    """Tell quickly that a text is one line in its final form; it may be so when this denies it."""
    return text.isprintable() and "  " not in text and text.strip() == text


def one_line(text: str) -> str:
    """Fold breaks and runs of plain white space into single spaces, and strip the ends.

    No-break and ideographic spaces within the line stay: French and Japanese need them.
    """
    return _BREAKS_AND_RUNS.sub(" ", text.replace(_BYTE_ORDER_MARK, "")).strip()


def block(text: str) -> str:
    """Bring a text of several lines into one form: line feeds between lines, ends stripped."""
    return with_line_feeds(text.replace(_BYTE_ORDER_MARK, "")).strip()


def folded(text: str) -> str:
    """Fold width, case and white space, so that what reads alike compares alike."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def with_line_feeds(text: str) -> str:
    """Turn every kind of line break into a line feed."""
    return _OTHER_BREAKS.sub("\n", text)


def asking_key(text: str) -> str:
    """Reduce a question to what makes it the same as another.

    Compatibility forms, case, punctuation and white space do not count.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _unspoken().sub("", folded) or folded


@lru_cache(maxsize=1)
def _unspoken() -> re.Pattern[str]:
    r"""Match punctuation, symbols and white space, but no combining vowels, as `\W` would."""
    unspoken = (
        chr(point) for point in range(0x10000) if unicodedata.category(chr(point))[0] in "PSZC"
    )
    return re.compile(f"[{re.escape(''.join(unspoken))}]+")
