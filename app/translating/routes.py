"""From one language to another by what a translator knows: directly, or over one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge_base.languages import LanguageTagError, base_language, canonical_tag, closest_tag
from models.translation import Pair

Route = tuple[Pair, ...]
"""One pair, or two of which the second goes on where the first ends."""


class Routes:
    """The ways between languages."""

    def __init__(self, pairs: Iterable[Pair], preferred: Sequence[str] = ()) -> None:
        """Take in what a translator knows.

        Args:
            pairs: In the translator's names; those that name no language are left out.
            preferred: Canonical tags of languages to go over, the best first.
        """
        self._from: dict[str, dict[str, Pair]] = {}
        self._preferred = [base_language(tag) for tag in preferred]
        for pair in sorted(pairs, key=lambda each: (each.source, each.target)):
            try:
                source, target = canonical_tag(pair.source), canonical_tag(pair.target)
            except LanguageTagError:
                continue
            self._from.setdefault(source, {}).setdefault(target, pair)

    def between(self, source: str, target: str) -> Route | None:
        """Find the way from one canonical tag to another; None if there is none."""
        start = closest_tag(source, self._from)
        if start is None:
            return None
        own = self._from[start]
        direct = closest_tag(target, own)
        if direct is not None:
            return (own[direct],)
        for middle in sorted(own, key=self._rank):
            begin = closest_tag(middle, self._from)
            if begin is None or base_language(middle) == base_language(start):
                continue
            end = closest_tag(target, self._from[begin])
            if end is not None:
                return own[middle], self._from[begin][end]
        return None

    def _rank(self, tag: str) -> tuple[int, str]:
        base = base_language(tag)
        known = base in self._preferred
        return (self._preferred.index(base) if known else len(self._preferred), tag)
