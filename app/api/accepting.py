"""The languages that a browser asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import request

from app.api.requests import AcceptedLanguages
from knowledge_base.languages import LanguageTagError, canonical_tag

_MOST_LANGUAGES = 10
_MOST_CHARACTERS = 500


def accepted_languages() -> AcceptedLanguages:
    """Read the current request's Accept-Language header."""
    return languages_accepted_in(request.environ)


def languages_accepted_in(environ: Mapping[str, Any]) -> AcceptedLanguages:
    """Read a request's Accept-Language header; what is no language in it is passed over."""
    header: str | None = environ.get("HTTP_ACCEPT_LANGUAGE")
    return parse_accept_language(header) if header else ()


@lru_cache(maxsize=1024)
def parse_accept_language(header: str) -> AcceptedLanguages:
    """Parse an Accept-Language header into canonical tags with their quality, best first."""
    accepted: dict[str, float] = {}
    for part in header[:_MOST_CHARACTERS].split(",")[:_MOST_LANGUAGES]:
        tag, _, parameter = part.partition(";")
        quality = _quality(parameter)
        try:
            name = canonical_tag(tag)
        except LanguageTagError:
            continue
        if quality > 0:
            accepted.setdefault(name, quality)
    return tuple(sorted(accepted.items(), key=lambda choice: -choice[1]))


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
