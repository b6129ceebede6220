"""Whether two numbers of one kind stand in each other's place: 14 days for 30, and 30 for 14.

Both are in the passages, so that looking them up tells nothing. But who writes from a text keeps
the order of its numbers nearly always, in whatever language; where the order is another, what
stands around each number is compared with what stands around both in the passages.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.numbers import Number, numbers, western
from app.grounding.passages import Embed, Passages
from app.grounding.sentence import Sentence
from knowledge_base.entry import Record

_CLAUSE_END = re.compile(r"[;:,.，；：、،؛](?!\d)|\s[—–-]\s|。")
_MOST_NUMBERS = 8
_PLACE = "#"

SURER = 0.01
"""How much nearer the exchanged places must be, as the sum of two cosines, where clauses may have
been put in another order; numbers of one clause need only be as near."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A number, and what stands around it.

    Attributes:
        number: The number.
        record: Whose sentence it is in; None for the one that is judged.
        place: Of the sentence, and within it.
        clause: Its clause, a sign in the place of each number, and where it begins.
        around: As much of the clause as is nearer to it than to the neighbouring numbers.
    """

    number: Number
    record: Record | None
    place: tuple[int, int]
    clause: tuple[int, str]
    around: str


class ExchangeCheck:
    """Judges the sentences of one text."""

    def __init__(self, passages: Passages, reader: str, embed: Embed) -> None:
        """Prepare to judge.

        Args:
            passages: What the text may rest on.
            reader: Canonical tag of the language that it is written in.
            embed: Embeds clauses as the passages were.
        """
        self._model = passages.model
        self._reader = reader
        self._embed = embed
        self._stated = [
            placed
            for row, each in enumerate(passages.sentences)
            if not each.is_question
            for placed in _placed(each.text, each.record.lang, each.record, row)
        ]

    def check(self, sentence: Sentence) -> None:
        """Judge a sentence.

        Raises:
            UngroundedError: Two of its numbers are where the passages have the other one.
        """
        written = list(_placed(sentence.shown, self._reader))
        for one, other in combinations(written, 2):
            if one.number.unit is None or one.number.unit != other.number.unit:
                continue
            stated = self._only(one), self._only(other)
            if stated[0] is None or stated[1] is None or stated[0].record != stated[1].record:
                continue
            if stated[0].place > stated[1].place and self._is_exchanged(
                (one, other), (stated[0], stated[1])
            ):
                raise UngroundedError(
                    Fault.FACTS,
                    f"The passages give {quoted(one.number.text)} where the sentence says "
                    f"{quoted(other.number.text)}, and the other way round.",
                )

    def _only(self, written: _Placed) -> _Placed | None:
        """Give where the passages state a number, unless they do in several places."""
        found = [
            each
            for each in self._stated
            if each.number.unit in {written.number.unit, None}
            and not each.number.values.isdisjoint(written.number.values)
        ]
        return found[0] if len(found) == 1 else None

    def _is_exchanged(
        self, written: tuple[_Placed, _Placed], stated: tuple[_Placed, _Placed]
    ) -> bool:
        texts = [*_contexts(*written), *_contexts(*stated)]
        languages = [self._reader] * 2 + [each.record.lang for each in stated if each.record]
        placed = self._model.place(self._embed(texts), languages)
        cosines = placed[:2] @ placed[2:].T
        right = float(cosines[0, 0] + cosines[1, 1])
        exchanged = float(cosines[0, 1] + cosines[1, 0])
        is_one_clause = written[0].clause == written[1].clause
        return exchanged >= right + (-SURER if is_one_clause else SURER)


def _placed(text: str, lang: str, record: Record | None = None, row: int = 0) -> Iterator[_Placed]:
    plain = western(text)
    found = sorted(
        (each for each in numbers(plain, lang) if not each.in_words), key=lambda each: each.start
    )[:_MOST_NUMBERS]
    ends = [0, *(each.start() for each in _CLAUSE_END.finditer(plain)), len(plain)]
    for at, number in enumerate(found):
        start = ends[bisect_right(ends, number.start) - 1]
        end = ends[bisect_left(ends, number.end)]
        before = max(start, found[at - 1].end if at else 0)
        behind = min(end, found[at + 1].start if at + 1 < len(found) else end)
        yield _Placed(
            number,
            record,
            (row, number.start),
            (start, _bare(plain[start:end])),
            _bare(plain[before:behind]),
        )


def _contexts(one: _Placed, other: _Placed) -> tuple[str, str]:
    """Give what stands around two numbers, as far as it tells them apart."""
    if one.clause == other.clause:
        return one.around, other.around
    return one.clause[1], other.clause[1]


def _bare(clause: str) -> str:
    return re.sub(r"\d[\d.,]*", _PLACE, clause).strip(" \n.,;:，；：、،؛")
