"""Human answers by entry and language: the sample content's, and some in twelve other languages."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from app.generating.sentences import sentences
from benchmarks.questions import sample_content
from knowledge_base.entry import Record, Status
from knowledge_base.files import read_content


@dataclass(frozen=True, slots=True)
class HumanAnswer:
    """What a person answered.

    Attributes:
        questions: Ways to ask for it, in its language.
        sentences: Its text, cut where it may be cut.
    """

    entry_id: str
    language: str
    questions: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """All of it, as a model would write it."""
        return "".join(self.sentences)


Answers = Mapping[str, Mapping[str, HumanAnswer]]
"""By entry, then by language."""


def approved_sample() -> tuple[Record, ...]:
    """Read what visitors of the sample shop may see."""
    records = read_content((sample_content(),)).records
    return tuple(record for record in records if record.status is Status.APPROVED)


def human_answers(records: Iterable[Record]) -> Answers:
    """Take the answers of records, and those in languages that no record is in."""
    found: dict[str, dict[str, HumanAnswer]] = defaultdict(dict)
    for record in records:
        found[record.id][record.lang] = HumanAnswer(
            record.id,
            record.lang,
            (record.question, *record.alternates),
            tuple(sentences((record.answer,))),
        )
    text = files("benchmarks").joinpath("foreign_answers.toml").read_text("utf-8")
    for entry_id, languages in tomllib.loads(text).items():
        for language, said in languages.items():
            lines = said["answer"].strip().splitlines()
            cut = (lines[0], *(f" {line}" for line in lines[1:]))
            found[entry_id][language] = HumanAnswer(entry_id, language, (said["question"],), cut)
    return found


def with_holes(records: Sequence[Record]) -> list[Record]:
    """Leave about half of the texts out, others in each entry, but never the only ones left."""
    entries = sorted({record.id for record in records})
    languages = sorted({record.lang for record in records})
    return [
        record
        for record in records
        if (entries.index(record.id) + languages.index(record.lang)) % 2 == 0
    ]
