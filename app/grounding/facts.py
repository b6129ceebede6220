"""What a text states that can be looked up: numbers, dates, addresses, codes, names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.answering.writing import Ground
from app.grounding.addresses import addresses, normal_address, unknown_address
from app.grounding.calendar_names import NamedDays, named_days
from app.grounding.fault import Fault, UngroundedError, quoted
from app.grounding.known_names import KnownNames
from app.grounding.numbers import Number, numbers, western
from app.grounding.sentence import Sentence
from knowledge_base.entry import Record
from knowledge_base.texts import folded

_PHONE = re.compile(r"(?<![\w.,])(?:\+\d|\(?0|\()(?:[ ()/.\u00a0-]{0,2}\d){6,15}(?!\w)")
_CODE = re.compile(
    r"(?<![\w/.-])(?=[A-Za-z0-9_-]{0,40}\d)[A-Za-z][A-Za-z0-9]{0,30}(?:[-_][A-Za-z0-9]{1,20}){0,5}"
    r"|(?<![\w.,/-])\d{2,12}-\d{3,12}(?:-\d{1,12}){0,3}(?![\w-])"
)
_SHOUTED = re.compile(r"(?<![\w-])[A-Z]{5,24}(?![\w-])")
_HOURS = re.compile(r"\d{1,2}[.:]\d{2}\s?-\s?\d")
_LONG = 4
_PHONE_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states.

    Attributes:
        numbers: Quantities, with what they count.
        addresses: Pages, hosts and e-mail addresses, in normal form.
        codes: Order numbers, coupons, names of models: folded.
        phones: Digits of what looks like telephone numbers.
        days: Months and weekdays by name.
    """

    numbers: tuple[Number, ...]
    addresses: tuple[str, ...]
    codes: tuple[str, ...]
    phones: tuple[str, ...]
    days: NamedDays

    @classmethod
    def of(cls, sentence: Sentence, lang: str) -> Facts:
        """Find what a sentence states, or a whole answer."""
        text = western(sentence.shown)
        shown = tuple(addresses(text))
        linked = tuple(normal_address(each) for each in sentence.addresses)
        rest = _without_addresses(text)
        phones = tuple(
            re.sub(r"\D", "", each.group())
            for each in _PHONE.finditer(rest)
            if _HOURS.search(each.group()) is None
        )
        codes = [folded(each.group()) for each in _CODE.finditer(rest)]
        codes += [folded(each.group()) for each in _SHOUTED.finditer(rest)]
        return cls(
            tuple(numbers(_CODE.sub(_blank, _PHONE.sub(_blank_unless_hours, rest)), lang)),
            (*linked, *shown),
            tuple(codes),
            phones,
            named_days(rest, lang),
        )


class KnownFacts:
    """What the passages state, and what the visitor's question names."""

    def __init__(self, records: Sequence[Record], question: str) -> None:
        """Gather what records state.

        A number of the visitor's own becomes no truth by being asked about, but their order may be
        called by its number, and a code by its name.

        Args:
            records: What an answer may be grounded in.
            question: As the visitor asked it.
        """
        texts = [(_text_of(record), record) for record in records]
        facts = [Facts.of(Sentence.of(text), record.lang) for text, record in texts]
        self._values: dict[float, set[str | None]] = {}
        for number in (number for each in facts for number in each.numbers):
            for value in number.values:
                self._values.setdefault(value, set()).add(number.unit)
        self._units = {unit for units in self._values.values() for unit in units if unit}
        self._addresses = frozenset(address for each in facts for address in each.addresses)
        self._months = frozenset(
            value for each in facts for number in each.numbers for value in number.values
        ) | frozenset(month for each in facts for month in each.days.months)
        # Pages in many languages keep their dates in English.
        self._months |= frozenset(
            month for text, _ in texts for month in named_days(western(text), "en").months
        )
        self._weekdays = frozenset(day for each in facts for day in each.days.weekdays)
        shown = [western(text) for text, _ in texts]
        self._digits = " ".join(_only_digits(text) for text in shown)
        self._folded = " ".join(folded(text) for text in shown)
        asked = western(question)
        self._asked = folded(asked)
        self._asked_numbers = {
            found.group() for found in re.finditer(r"\d+", asked) if len(found.group()) >= _LONG
        }
        self._names = KnownNames(records, question)
        self._tags = frozenset(record.lang for record in records)

    def check(self, sentence: Sentence, lang: str) -> None:
        """Look up what a sentence states.

        Args:
            sentence: What a machine wrote.
            lang: The tag of the language that it wrote in.

        Raises:
            UngroundedError: A number, date, address, code or name is not in the passages.
        """
        facts = Facts.of(sentence, lang)
        if (address := unknown_address(facts.addresses, self._addresses)) is not None:
            raise _unknown("address", address)
        for code in facts.codes:
            if code not in self._folded and code not in self._asked:
                raise _unknown("code or name", code)
        for phone in facts.phones:
            if len(phone) >= _PHONE_DIGITS and phone not in self._digits:
                raise _unknown("number", phone)
        for number in facts.numbers:
            if number.values.isdisjoint(facts.days.numbered & self._months):
                self._check_number(number, lang)
        if unknown := facts.days.months - self._months:
            raise _unknown("month", str(min(unknown)))
        if self._weekdays and not facts.days.weekdays <= self._weekdays:
            raise UngroundedError(
                Fault.FACTS, "The sentence names a weekday that is not in the passages."
            )
        self._names.check(sentence, lang)

    def check_ground(self, sentence: Sentence, lang: str, ground: Ground) -> None:
        """Compare what a sentence names with what it rests on.

        Args:
            sentence: What a machine wrote.
            lang: The tag of the language that it wrote in.
            ground: What supports it.

        Raises:
            UngroundedError: It puts another name in the place of one.
        """
        self._names.check_replaced(sentence, lang, ground)

    def _check_number(self, number: Number, lang: str) -> None:
        units = {unit for value in number.values for unit in self._values.get(value, ())}
        if number.in_words and min(number.values) <= 2:
            return
        if not units:
            # "a day", "dzień" and "يوم" say one without a number; other languages write "1日".
            if number.values == {1.0} and lang not in self._tags and number.unit not in self._units:
                return
            if number.text in self._asked_numbers and number.unit is None:
                return
            raise _unknown("number", number.text)
        if number.unit is not None and None not in units and number.unit not in units:
            raise UngroundedError(
                Fault.FACTS,
                f"The passages give {quoted(number.text)} for something else than "
                f"{number.unit}: {' or '.join(sorted(filter(None, units)))}.",
            )


def _unknown(what: str, text: str) -> UngroundedError:
    return UngroundedError(Fault.FACTS, f"The {what} {quoted(text)} is not in the passages.")


def _text_of(record: Record) -> str:
    url = f"\n\n<{record.url}>" if record.url else ""
    return f"{record.question}\n\n{record.answer}{url}"


def _blank(found: re.Match[str]) -> str:
    return "_" * len(found.group())


def _blank_unless_hours(found: re.Match[str]) -> str:
    return found.group() if _HOURS.search(found.group()) else _blank(found)


def _without_addresses(text: str) -> str:
    text = re.sub(r"[A-Za-z][A-Za-z0-9+.-]{1,20}://\S{1,2000}", " ", text)
    return re.sub(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}", " ", text)


def _only_digits(text: str) -> str:
    """Join the digits that only the custom of writing telephone numbers sets apart."""
    return re.sub(r"(?<=\d)[ ()/.\u00a0-]{1,2}(?=\d)", "", text)
