"""Languages without content that visitors ask in all the same, and how likely each is.

Fitted on half of the sentences, word pairs, words and questions that benchmarks/language_id.py asks
of several sets of served languages, so that these keep their short questions, and looked at on the
other half.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from models.language_variants import base_of

# Log-odds to a language with content.
_SPOKEN = -2.0
_UNSPOKEN = -2.5

_NEAR = "bg ca cs da fi fil hr hu is lt lv mk nb ro sk sl ur"
"""Taken for others where they are not known; their usual words are."""

_READ_ALIKE = {"bs": "hr", "sr": "hr", "nn": "nb", "ms": "id"}
"""Who writes the second reads the first, and no one tells them apart in a few words."""


def languages_beside(served: Iterable[str], spoken: Iterable[str]) -> Mapping[str, float]:
    """Tell which languages to listen for beside those with content.

    Args:
        served: Canonical tags of the languages with content.
        spoken: Canonical tags of those that visitors are at least spoken to in.

    Returns:
        Log-odds by tag, before a text is read: `spoken`, and others that are near to some of all
        these. None is a variant of a served one, or read by whoever writes a served one.
    """
    bases = {base_of(tag) for tag in served}
    known = bases | {_READ_ALIKE[base] for base in bases & _READ_ALIKE.keys()}
    beside = {tag: _SPOKEN for tag in sorted(spoken) if base_of(tag) not in known}
    near = set(_NEAR.split()) - known - {base_of(tag) for tag in beside}
    return MappingProxyType(beside | dict.fromkeys(sorted(near), _UNSPOKEN))
