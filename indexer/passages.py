"""What is embedded and searched: each question, each alternate, each piece of an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indexer.chunking import chunk_answer
from knowledge_base.entry import Record
from models.embedding import Role


class PassageKind(StrEnum):
    """Which part of a record a passage is."""

    QUESTION = "question"
    ALTERNATE = "alternate"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Passage:
    """One searchable text.

    Attributes:
        entry_id: The entry it belongs to.
        lang: BCP 47 tag of the record it belongs to.
        kind: Which part of the record it is.
        text: Its own words, plain.
        heading: The question that an answer belongs to; empty for all else.
    """

    entry_id: str
    lang: str
    kind: PassageKind
    text: str
    heading: str = ""

    @property
    def embedded_text(self) -> str:
        """What is embedded: an answer under its question, without which it tells little."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text

    @property
    def role(self) -> Role:
        """What it is embedded as.

        A question that editors wrote heads an answer, as passages do; an alternate is what a
        visitor may type.
        """
        return Role.QUERY if self.kind is PassageKind.ALTERNATE else Role.PASSAGE


def passages_of(records: Iterable[Record]) -> Iterator[Passage]:
    """Cut records into passages: the question, its alternates, the answer in chunks.

    They come sorted by language, then by entry, as the index wants them.
    """
    for record in sorted(records, key=lambda record: (record.lang, record.id)):
        yield Passage(record.id, record.lang, PassageKind.QUESTION, record.question)
        for alternate in record.alternates:
            yield Passage(record.id, record.lang, PassageKind.ALTERNATE, alternate)
        for chunk in chunk_answer(record.answer):
            yield Passage(record.id, record.lang, PassageKind.ANSWER, chunk, record.question)


def record_texts(passages: Sequence[Passage]) -> list[str]:
    """Give one text a record: its question and its answer, without the alternates.

    Args:
        passages: Those of a record stand together.
    """
    texts: list[list[str]] = []
    previous = None
    for passage in passages:
        record = passage.lang, passage.entry_id
        if record != previous:
            texts.append([])
            previous = record
        if passage.kind is not PassageKind.ALTERNATE:
            texts[-1].append(passage.text)
    return [" ".join(parts) for parts in texts]
