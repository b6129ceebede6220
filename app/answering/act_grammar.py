"""The patterns of one language, and the acts that they are signs of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from app.answering.phrase_patterns import NOTHING, Pattern, places_of, read_pattern


class DialogueAct(StrEnum):
    """What an utterance does, in order of what counts most where it does several."""

    WISH_FOR_PERSON = "wish_for_person"
    IDENTITY = "identity"
    HOW_ARE_YOU = "how_are_you"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    GREETING = "greeting"
    ACKNOWLEDGEMENT = "acknowledgement"


WISH: Final = "wish"
"""Names the patterns of wishes that are one wherever they stand as a clause of their own."""

WISH_BEFORE_TOPIC: Final = "wish_before_topic"
"""Names the beginnings of wishes in languages whose verb comes last: they need a topic."""

DEMAND: Final = "demand"
"""Names wishes that no topic may follow: "I want a person to …" may want one to fetch a parcel."""

KEYWORD: Final = "keyword"
"""Names single words that are wishes where a visitor types nothing else."""

ABOUT: Final = "about"
"""Names the words after which a wish goes on with its topic."""

FILLER: Final = "filler"
"""Names what may stand beside acts and does nothing by itself."""

PLACEHOLDERS: Final = "phone | email"
"""What stands where personal data was; as good as a filler."""


class ActGrammar:
    """The patterns of one language.

    Args:
        sources: By name, folded, those that others refer to before them.

    Raises:
        PatternError: One cannot be read.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        named: dict[str, Pattern] = {}
        for name, source in sources.items():
            full = f"{source} | {PLACEHOLDERS}" if name == FILLER else source
            named[name] = read_pattern(full, named)
        self._acts = {
            act: named[name]
            for name, act in ((act.value, act) for act in DialogueAct)
            if name in named
        }
        self._wish, self._demand, self._begun, self._keyword, self._about, self._filler = (
            named.get(name, NOTHING)
            for name in (WISH, DEMAND, WISH_BEFORE_TOPIC, KEYWORD, ABOUT, FILLER)
        )

    def act(self, words: Sequence[str], *, is_whole: bool) -> DialogueAct | None:
        """Recognise an act that covers all words; of a mere part of a text, only a wish."""
        places = places_of(words)
        end = 1 << len(words)
        beside = (self._filler, *self._acts.values())
        before = _closure(1, beside, places)
        if self._is_wish(before, end, places):
            return DialogueAct.WISH_FOR_PERSON
        if not is_whole:
            return None
        keyword = self._keyword.ends(before, places)
        if keyword and _closure(keyword, beside, places) & end:
            return DialogueAct.WISH_FOR_PERSON
        if before & end:
            for act, pattern in self._acts.items():
                done = pattern.ends(before, places)
                if done and _closure(done, beside, places) & end:
                    return act
        return None

    def _is_wish(self, before: int, end: int, places: Mapping[str, int]) -> bool:
        """Tell whether a wish covers all words up to the end, or up to its topic."""
        beside = (self._filler, *self._acts.values(), self._wish, self._demand)
        wished = self._wish.ends(before, places)
        demanded = self._demand.ends(before, places)
        if (wished or demanded) and _closure(wished | demanded, beside, places) & end:
            return True
        open_to_topic = _closure(wished, beside, places) | self._begun.ends(before, places)
        return bool(self._about.ends(open_to_topic, places))


def _closure(starts: int, patterns: Sequence[Pattern], places: Mapping[str, int]) -> int:
    """Find the places that any number of patterns, one after the other, may end at."""
    reached = fresh = starts
    while fresh:
        ends = 0
        for pattern in patterns:
            ends |= pattern.ends(fresh, places)
        fresh = ends & ~reached
        reached |= fresh
    return reached
