"""What the checks of machines' texts catch, and what they refuse of faithful ones.

`python -m benchmarks.grounding_faults [--json]` makes both of the sample content, in its twelve
languages; of the product questions in 50 languages, too, where the shared data are.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from app.choices import language_identifier, load_embedder_for
from app.grounding.fault import UngroundedError
from app.grounding.grounding import Grounding
from app.grounding.rival_languages import rival_languages
from app.settings import Settings
from benchmarks.figures import Figure, Remark, at_least, at_most, publish, shares
from benchmarks.foreign_answers import approved_sample
from benchmarks.grounding_cases import faithful, faulty
from benchmarks.grounding_material import Case
from benchmarks.grounding_sayings import affirmations
from benchmarks.grounding_spoilers import CANARY, SYSTEM_TEXT
from benchmarks.shared_data import is_there, rows
from indexer.support import SupportModel
from indexer.support_fitting import fit_support
from indexer.support_texts import support_texts
from knowledge_base.entry import Record
from models.embedding import FloatArray, Role

LEAST_CAUGHT = 0.95
MOST_REFUSED = 0.1
SEED = 20261122
UNSEEN_SEED = 20261123
"""Draws faithful texts of other content, none of whose refusals the checks were changed for."""
EACH = 120
EACH_ELSEWHERE = 60
FAITHFUL = 800


@dataclass(frozen=True, slots=True)
class _Index:
    """As much of an index as the checks ask for."""

    support: SupportModel
    languages: tuple[str, ...]


def measure() -> Iterator[Figure | Remark]:
    """Yield what is found on the sample content, and on other people's."""
    yield from measured(approved_sample())
    yield from _measured_elsewhere()


class Embedded:
    """Embeds as the product does, each text once."""

    def __init__(self, settings: Settings) -> None:
        self._embedder = load_embedder_for(settings, threads=2)
        self._known: dict[str, FloatArray] = {}

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts in the passage role, shape (n, dimension)."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, vector in zip(new, self._embedder.embed(new, Role.PASSAGE).vectors, strict=True):
            self._known[text] = vector
        return np.stack([self._known[text] for text in texts])


def measured(records: Sequence[Record]) -> Iterator[Figure]:
    """Yield what is refused of faithful texts, and what is caught of faults.

    Args:
        records: Entries in several languages.
    """
    judge = _Judge.of(records)
    yield from _refused(records, judge, SEED, bound=MOST_REFUSED)
    said = [judge.fault(case) for case in affirmations(SEED, EACH)]
    yield Figure(
        "  single sentences on topics that the content lacks refused",
        _share(fault is not None for fault in said),
        "%",
        None,
        f"of {len(said)}",
    )
    keys = {"kind": _kind, "language": _reader, "passages": _direction}
    yield from _caught(faulty(records, SEED, EACH), judge, keys, bound=LEAST_CAUGHT)


def _measured_elsewhere() -> Iterator[Figure | Remark]:
    if not is_there("faq_parallel"):
        yield Remark("not measured on other content: ../shared/data/faq_parallel is not there")
        return
    records = list(_parallel())
    yield Remark(f"other content: {len({each.id for each in records})} entries of other products")
    judge = _Judge.of(records)
    yield from _refused(records, judge, UNSEEN_SEED, bound=None)
    # Its sentences hardly ever have two numbers of one kind.
    cases = faulty(records, UNSEEN_SEED, EACH_ELSEWHERE, or_fewer=True)
    yield from _caught(cases, judge, {"kind": _kind, "passages": _direction}, bound=None)


def _refused(
    records: Sequence[Record], judge: _Judge, seed: int, *, bound: float | None
) -> Iterator[Figure]:
    found = [(case, judge.fault(case)) for case in faithful(records, seed, FAITHFUL)]
    for name, across in (("passages in the same language", False), ("in another one", True)):
        part = [(case, fault) for case, fault in found if case.is_across is across]
        reasons = Counter(fault for _, fault in part if fault is not None)
        note = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        yield Figure(
            f"faithful texts refused, {name}",
            _share(fault is not None for _, fault in part),
            "%",
            None if bound is None else at_most(bound),
            f"of {len(part)}; {note}",
        )


def _caught(
    cases: Iterable[Case],
    judge: _Judge,
    keys: Mapping[str, Callable[[Case], str]],
    *,
    bound: float | None,
) -> Iterator[Figure]:
    found = [(case, judge.fault(case)) for case in cases]
    yield Figure(
        "faults caught",
        _share(fault is not None for _, fault in found),
        "%",
        None if bound is None else at_least(bound),
        f"of {len(found)} in {len({case.reader for case, _ in found})} languages",
    )
    for name, key in keys.items():
        by_key: dict[str, list[bool]] = defaultdict(list)
        for case, fault in found:
            by_key[key(case)].append(fault is not None)
        note = shares({each: _share(caught) for each, caught in sorted(by_key.items())})
        lowest = min(_share(caught) for caught in by_key.values())
        yield Figure(f"  lowest by {name}", lowest, "%", None, note)


class _Judge:
    """Checks cases as the service does, sentence by sentence."""

    def __init__(self, index: _Index, grounding: Grounding) -> None:
        self._index = index
        self._grounding = grounding

    @classmethod
    def of(cls, records: Sequence[Record]) -> Self:
        """Learn from records what the index learns, with the model that the settings name."""
        settings = Settings.load()
        embed = Embedded(settings)
        texts = support_texts(records, seed=0)
        support = fit_support(texts, embed([text.text for text in texts]), seed=0)
        languages = tuple(dict.fromkeys(record.lang for record in records))
        tags = rival_languages(languages)
        identifier = language_identifier(settings, tags)
        grounding = Grounding(embed, lambda _: lambda text: identifier.identify(text).tag)
        return cls(_Index(support, languages), grounding)

    def fault(self, case: Case) -> str | None:
        """Give the kind of fault that is found in a case; None where it would be delivered."""
        check = self._grounding.begin(
            self._index,
            case.records,
            case.reader,
            case.records[0].question,
            canaries=(CANARY,),
            system_text=SYSTEM_TEXT,
        )
        try:
            for sentence in case.sentences:
                check.sentence(sentence)
            check.whole()
        except UngroundedError as error:
            return error.fault
        return None


def _parallel() -> Iterator[Record]:
    for row in rows("faq_parallel/faq.jsonl"):
        if row["primary"] and row["answer"]:
            yield Record(row["faq_id"], row["lang"], row["question"], row["answer"])


def _share(found: Iterable[bool]) -> float:
    listed = list(found)
    return sum(listed) / max(len(listed), 1)


def _kind(case: Case) -> str:
    return str(case.kind)


def _reader(case: Case) -> str:
    return case.reader


def _direction(case: Case) -> str:
    return "another language" if case.is_across else "same language"


if __name__ == "__main__":
    sys.exit(publish(measure))
