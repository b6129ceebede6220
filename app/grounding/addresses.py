"""Addresses in a text: pages, hosts, e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Every repeat is bounded or begins at a literal, so that no text takes more than linear time.
# Korean and Japanese write on behind an address without a space.
_SCHEME = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]{1,20}://"
    "[^\\s<>\"'`，。、）」\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{1,2000}"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_HOST = re.compile(
    r"(?<![\w.@-])(?:[A-Za-z0-9-]{1,63}\.){1,6}(?P<top>[A-Za-z]{2,24})(?P<path>/[^\s<>()\"'`]{0,500})?"
)
_SHOWN_HOST = re.compile(
    r"(?:www\.|[A-Za-z0-9.-]{1,200}\.(?:com|net|org|info|biz|io|app|dev|shop|store|online|site|xyz|top|"
    r"example|test|link|click|live|co|me|eu|uk|de|fr|es|it|pl|ru|tr|cn|jp|in|br|nl|se|tk|cc|ly))\b",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'\"*_»”’…。，、！？؟،।"


def addresses(text: str) -> Iterator[str]:
    """Find the addresses that a text shows, with or without a scheme.

    Args:
        text: As a reader sees it.

    Yields:
        Each in the form that `normal_address` gives.
    """
    rest = text
    for pattern in (_SCHEME, _EMAIL):
        for found in pattern.finditer(rest):
            yield normal_address(found.group())
        rest = pattern.sub(" ", rest)
    for found in _HOST.finditer(rest):
        if found["path"] or _SHOWN_HOST.match(found.group()):
            yield normal_address(found.group())


def normal_address(address: str) -> str:
    """Write an address so that two which lead to the same place are the same text."""
    plain = address.strip().rstrip(_TRAILING)
    scheme, mark, rest = plain.partition("://")
    if not mark:
        scheme, rest = "", plain
    if scheme.casefold() in {"http", "https"}:
        scheme = ""
    if rest.casefold().startswith("mailto:"):
        rest = rest[len("mailto:") :]
    host, slash, path = rest.partition("/")
    host = host.casefold().removeprefix("www.")
    shown = host + (slash + path).rstrip("/")
    return f"{scheme.casefold()}://{shown}" if scheme else shown


def unknown_address(found: Iterable[str], known: frozenset[str]) -> str | None:
    """Give the first address that is not among the known ones; a host alone is known by any."""
    hosts = {each.partition("/")[0] for each in known}
    hosts |= {each.rpartition("@")[2] for each in known if "@" in each}
    for address in found:
        if address not in known and address not in hosts:
            return address
    return None
