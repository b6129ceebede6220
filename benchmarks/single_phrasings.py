"""Contents with one phrasing an entry, in one language, and questions whose entries are known.

- Each language of the sample content without its alternates, asked these.
- Each language of the translated FAQs that they have in two locales, asked in the words of the
  other one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.questions import sample_content
from benchmarks.shared_data import rows
from indexer.segmentation import words
from knowledge_base.entry import Record, Status
from knowledge_base.files import read_content

_LEAST_ENTRIES = 30


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question, its language, and the entry that answers it."""

    text: str
    language: str
    entry_id: str


@dataclass(frozen=True, slots=True)
class SingleContent:
    """What is indexed, and what it is asked.

    Attributes:
        name: In words.
        records: Without alternates, by entry.
        questions: None is, word for word, a question of the records.
    """

    name: str
    records: tuple[Record, ...]
    questions: tuple[KnownQuestion, ...]


def single_contents() -> Iterator[SingleContent]:
    """All of them; the FAQs only where the shared data are there."""
    yield from _sample()
    faqs = rows("faq_parallel/faq.jsonl")
    primary = _by_language(row for row in faqs if row["primary"])
    for language, others in _by_language(row for row in faqs if not row["primary"]).items():
        if len(primary.get(language, ())) >= _LEAST_ENTRIES:
            yield _content(f"FAQs, {language}", primary[language], others)


def _sample() -> Iterator[SingleContent]:
    content = read_content([sample_content()])
    approved = [record for record in content.records if record.status is Status.APPROVED]
    for language in sorted({record.lang for record in approved}):
        records = [record for record in approved if record.lang == language]
        yield _single(
            f"sample, {language}",
            [Record(record.id, language, record.question, record.answer) for record in records],
            [
                KnownQuestion(text, language, each.id)
                for each in records
                for text in each.alternates
            ],
        )


_Rows = Sequence[Mapping[str, Any]]


def _by_language(faqs: Iterator[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in faqs:
        found.setdefault(row["lang"], []).append(row)
    return found


def _content(name: str, indexed: _Rows, asked: _Rows) -> SingleContent:
    return _single(
        name,
        [Record(row["faq_id"], row["lang"], row["question"], row["answer"]) for row in indexed],
        [KnownQuestion(row["question"], row["lang"], row["faq_id"]) for row in asked],
    )


def _single(
    name: str, records: Sequence[Record], questions: Sequence[KnownQuestion]
) -> SingleContent:
    entries = {record.id for record in records}
    indexed = {tuple(words(record.question)) for record in records}
    return SingleContent(
        name,
        tuple(sorted(records, key=lambda record: record.id)),
        tuple(
            question
            for question in questions
            if question.entry_id in entries and tuple(words(question.text)) not in indexed
        ),
    )
