"""What the checks of machines' texts catch, and what they refuse of faithful ones.

`python -m benchmarks.grounding_faults [--json]` makes both of the sample content, in its twelve
languages; of the product questions in 40 languages, too, where the shared data are.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.choices import language_identifier, load_embedder_for
from app.grounding.fault import UngroundedError
from app.grounding.grounding import Grounding
from app.grounding.passages import Embed
from app.grounding.rival_languages import rival_languages
from app.settings import Settings, sample_content
from benchmarks.figures import Figure, Remark, at_least, at_most, publish, shares
from benchmarks.grounding_cases import (
    CANARY,
    SYSTEM_TEXT,
    Case,
    affirmations,
    faithful,
    faulty,
)
from benchmarks.shared_data import is_there, rows
from indexer.support import SupportModel
from indexer.support_texts import support_texts
from knowledge_base.entry import Record, Status
from knowledge_base.files import read_content
from models.embedding import FloatArray, Role

LEAST_CAUGHT = 0.95
MOST_REFUSED = 0.1
SEED = 20261122
EACH = 120
FAITHFUL = 800


@dataclass(frozen=True, slots=True)
class _Index:
    """As much of an index as the checks ask for."""

    support: SupportModel


def measure() -> Iterator[Figure | Remark]:
    """Yield what is found on the sample content, and on other people's."""
    settings = Settings.load()
    embed = Embedded(settings)
    sample = [
        record
        for record in read_content([sample_content()]).records
        if record.status is Status.APPROVED
    ]
    identifier = language_identifier(settings, rival_languages(record.lang for record in sample))
    yield from measured(sample, lambda text: identifier.identify(text).tag, embed)
    if not is_there("faq_parallel"):
        yield Remark("not measured on other content: ../shared/data/faq_parallel is not there")
        return
    others = list(_parallel())
    yield Remark(f"other content: {len({each.id for each in others})} entries of other products")
    identifier = language_identifier(settings, rival_languages(each.lang for each in others))
    yield from refused(others, lambda text: identifier.identify(text).tag, embed, bound=None)


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


def measured(
    records: Sequence[Record], identify: Callable[[str], str], embed: Embed
) -> Iterator[Figure]:
    """Yield what is refused of faithful texts, and what is caught of faults.

    Args:
        records: Entries in several languages.
        identify: Tells the language of a text.
        embed: Embeds texts in the passage role.
    """
    yield from refused(records, identify, embed, bound=MOST_REFUSED)
    judge = _Judge(records, identify, embed)
    found = [(case, judge.fault(case)) for case in faulty(records, SEED, EACH)]
    yield Figure(
        "faults caught",
        _share(fault is not None for _, fault in found),
        "%",
        at_least(LEAST_CAUGHT),
        f"of {len(found)} in {len({case.reader for case, _ in found})} languages",
    )
    for name, key in (("kind", _kind), ("language", _reader), ("passages", _direction)):
        by_key: dict[str, list[bool]] = defaultdict(list)
        for case, fault in found:
            by_key[key(case)].append(fault is not None)
        note = shares({each: _share(caught) for each, caught in sorted(by_key.items())})
        lowest = min(_share(caught) for caught in by_key.values())
        yield Figure(f"  lowest by {name}", lowest, "%", None, note)


def refused(
    records: Sequence[Record],
    identify: Callable[[str], str],
    embed: Embed,
    bound: float | None,
) -> Iterator[Figure]:
    """Yield what is refused of texts in which nothing is wrong."""
    judge = _Judge(records, identify, embed)
    found = [(case, judge.fault(case)) for case in faithful(records, SEED, FAITHFUL)]
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
    said = [judge.fault(case) for case in affirmations(SEED, EACH)]
    if bound is not None:
        yield Figure(
            "  single sentences on topics that the content lacks refused",
            _share(fault is not None for fault in said),
            "%",
            None,
            f"of {len(said)}",
        )


class _Judge:
    """Checks cases as the service does, sentence by sentence."""

    def __init__(
        self, records: Sequence[Record], identify: Callable[[str], str], embed: Embed
    ) -> None:
        texts = support_texts(records, seed=0)
        vectors = embed([text.text for text in texts])
        self._index = _Index(SupportModel.fit(texts, vectors, seed=0))
        self._grounding = Grounding(embed, identify)

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
