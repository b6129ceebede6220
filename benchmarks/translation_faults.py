"""Translations that people made, whole and with faults put into them: what the checks make of both.

The sample's texts in eleven languages stand for a translator that is good, and for one that is not.
People write 4,90 for 4.90 where that is the custom; translators may not, so that such answers of
theirs are refused.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from app.translating.refusal import RefusedError
from app.translating.verifying import Candidate, verify
from benchmarks.figures import Figure, at_least, shares
from knowledge_base.entry import Record

LEAST_CAUGHT = 0.95
_NUMBER = re.compile(r"\d+")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_SENTENCE = re.compile(
    r"(?:(?<=[.!?।] )|(?<=[。！？])|^(?:- |\d+\. )?)"
    r"([^\W\d_][^\d*\[\]`<>|.!?。！？।\n]{4,}[.!?。！？।])"
)
_LONG = 4
_HOST = "shop.example"

Fault = Callable[[str, Record, Record], str]
"""Spoils an answer; knows its source and the entry in a third language. No fault: the text."""


def _left(text: str, other: str) -> str:
    """Put a sentence of another text in the place of its translation, where both are plain.

    Lines stand for each other where there are as many; of a line, the first sentence does.
    """
    lines, others = text.split("\n"), other.split("\n")
    if len(lines) != len(others):
        return text
    for place, (line, theirs) in enumerate(zip(lines, others, strict=True)):
        own, instead = (next(iter(_SENTENCE.findall(each)), "") for each in (line, theirs))
        if own and len(instead.split()) >= _LONG:
            lines[place] = line.replace(own, instead, 1)
            return "\n".join(lines)
    return text


FAULTS: dict[str, Fault] = {
    "number changed": lambda text, *_: _NUMBER.sub(lambda found: f"{found[0]}1", text, count=1),
    "number dropped": lambda text, *_: _NUMBER.sub("", text, count=1),
    "address changed": lambda text, *_: text.replace(_HOST, "evil.example", 1),
    "link dropped": lambda text, *_: _LINK.sub(r"\1", text, count=1),
    "link added": lambda text, *_: f"{text} [+](https://evil.example)",
    "emphasis dropped": lambda text, *_: _STRONG.sub(r"\1", text, count=1),
    "not translated": lambda _text, source, _third: source.answer,
    "one sentence not translated": lambda text, source, _third: _left(text, source.answer),
    "one sentence in another language": lambda text, _source, third: _left(text, third.answer),
    "another language": lambda _text, _source, third: third.answer,
    "cut": lambda text, *_: text[: len(text) // 5],
    "nothing": lambda *_: "",
    "repeated": lambda text, *_: " ".join([text] * 4),
}


def measured(records: Sequence[Record], identify: Callable[[str], str]) -> Iterator[Figure]:
    """Yield what is refused of good texts, and what is caught of faults.

    Args:
        records: Entries in several languages; the first of an entry is what was translated.
        identify: Tells the language of a text.
    """
    good, caught = Counter[str](), defaultdict[str, list[bool]](list)
    whole = 0
    for source, translation, third in _translations(records):
        whole += 1
        reason = _reason(source, translation.answer, translation.lang, identify)
        if reason is not None:
            good[reason] += 1
            continue
        for name, spoil in FAULTS.items():
            text = spoil(translation.answer, source, third)
            if text != translation.answer:
                found = _reason(source, text, translation.lang, identify)
                caught[name].append(found is not None)
    every = [found for each in caught.values() for found in each]
    yield Figure(
        "answers by people refused",
        sum(good.values()) / whole,
        "%",
        None,
        f"of {whole}; {', '.join(f'{count} {reason}' for reason, count in good.most_common())}",
    )
    yield Figure(
        "faults put into the others caught",
        sum(every) / len(every),
        "%",
        at_least(LEAST_CAUGHT),
        f"of {len(every)}; "
        + shares({name: sum(found) / len(found) for name, found in caught.items()}),
    )


def _translations(records: Sequence[Record]) -> Iterator[tuple[Record, Record, Record]]:
    entries: dict[str, list[Record]] = {}
    for record in records:
        entries.setdefault(record.id, []).append(record)
    for source, *others in entries.values():
        for place, translation in enumerate(others):
            if len(others) > 1:
                yield source, translation, others[place - 1]


def _reason(source: Record, text: str, target: str, identify: Callable[[str], str]) -> str | None:
    candidate = Candidate(source.answer, text, target, 0, is_markdown=True)
    try:
        verify(candidate, identify)
    except RefusedError as refused:
        return refused.reason
    return None
