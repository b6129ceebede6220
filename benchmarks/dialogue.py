"""What is taken for small talk or a wish for a person: `python -m benchmarks.dialogue [--json]`.

Questions must not be; greetings should be. Reads the shared data, which is no part of the project,
and says so where it is absent. What of the other small talk would be answered from the content is
asked of the published generation of this home, where there is one.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import process_time

from app.answering.act_grammar import DialogueAct
from app.answering.dialogue_acts import dialogue_acts
from app.cli.index import embedding_model
from app.settings import Settings
from benchmarks.cached_vectors import vectors
from benchmarks.figures import Figure, Remark, at_least, at_most, publish
from benchmarks.shared_data import DATA, is_there, rows
from indexer.decision import Outcome
from indexer.errors import IndexerError
from indexer.generations import Generations
from indexer.query import Query
from knowledge_base.golden import read_golden
from models.embedding import Role

SETS = ("small_talk", "banking77", "clinc150", "covid_faq", "faq_parallel", "unanswerable")
GREETINGS = frozenset({"greetings", "greeting"})
ACTS_OF_CLINC = frozenset(
    {"greeting", "goodbye", "thank_you", "are_you_a_bot", "what_is_your_name", "who_made_you"}
    | {"how_old_are_you", "what_can_i_ask_you", "where_are_you_from", "do_you_have_pets", "yes"}
    | {"maybe", "no", "tell_joke", "meaning_of_life", "fun_fact", "who_do_you_work_for"}
    | {"what_are_your_hobbies", "oos"}
)
"""Intents of small talk, and what is out of scope: not questions that anything answers."""

MOST_WRONG = 0.0005
MOST_MILLISECONDS = 0.1
LEAST_GREETINGS = 0.5
EVERY = 4
"""One text in so many of the small talk is asked of the index."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text and its language."""

    text: str
    language: str
    topic: str = ""


def measure() -> Iterator[Figure | Remark]:
    """Recognise all texts of all sets."""
    if not is_there(*SETS):
        yield Remark(f"{DATA} is absent: nothing to measure")
        return
    _warm_up()
    yield from _questions()
    yield from _small_talk()


def _warm_up() -> None:
    for language in dialogue_acts().languages:
        dialogue_acts().recognise("hallo", language)


def _questions() -> Iterator[Figure | Remark]:
    yield Remark("questions taken for something else")
    for name, asked in _question_sets().items():
        began = process_time()
        acts = [dialogue_acts().recognise(said.text, said.language) for said in asked]
        took = (process_time() - began) * 1000 / len(asked)
        wrong = [said.text for said, act in zip(asked, acts, strict=True) if act is not None]
        note = f"{len(wrong)} of {len(asked)}" + (f": {wrong[:3]}" if wrong else "")
        yield Figure(name, len(wrong) / len(asked), "%", at_most(MOST_WRONG), note)
        yield Figure(f"{name}: a question", took, "ms", at_most(MOST_MILLISECONDS))


def _question_sets() -> dict[str, Sequence[Said]]:
    golden, _ = read_golden(Settings.load().golden_file)
    banking = [*rows("banking77/train.jsonl"), *rows("banking77/test.jsonl")]
    clinc = [*rows("clinc150/val.jsonl"), *rows("clinc150/test.jsonl")]
    return {
        "banking77": [Said(row["text"], row["lang"]) for row in banking],
        "clinc150 in scope": [
            Said(row["text"], row["lang"]) for row in clinc if row["intent"] not in ACTS_OF_CLINC
        ],
        "covid_faq": [Said(row["query"], row["lang"]) for row in rows("covid_faq/queries.jsonl")],
        "faq_parallel": [
            Said(row["question"], row["lang"]) for row in rows("faq_parallel/faq.jsonl")
        ],
        "golden questions": [Said(each.question, each.lang) for each in golden],
    }


def _small_talk() -> Iterator[Figure | Remark]:
    said = [
        Said(row["text"], row["lang"], row["topic"]) for row in rows("small_talk/first_turns.jsonl")
    ]
    acts = [dialogue_acts().recognise(each.text, each.language) for each in said]
    heard = [act is not None for act in acts]
    wishes = sum(act is not None and act.act is DialogueAct.WISH_FOR_PERSON for act in acts)
    yield Remark("small talk of all kinds, most of it trivia")
    greetings = [done for done, each in zip(heard, said, strict=True) if each.topic in GREETINGS]
    yield Figure(
        "greetings heard",
        sum(greetings) / len(greetings),
        "%",
        at_least(LEAST_GREETINGS),
        note=f"{sum(greetings)} of {len(greetings)}, also in languages without patterns",
    )
    yield Figure("all of it heard", sum(heard) / len(heard), "%")
    yield Figure("taken for a wish for a person", wishes, "", at_most(0))
    asked = Counter(each.language for each in said if each.topic in GREETINGS)
    known = Counter(
        each.language
        for done, each in zip(heard, said, strict=True)
        if done and each.topic in GREETINGS
    )
    for language, total in sorted(asked.items()):
        yield Figure(
            f"greetings heard, {language}", known[language] / total, "%", note=f"of {total}"
        )
    rest = [each for done, each in zip(heard, said, strict=True) if not done]
    yield from _answered(rest[::EVERY])


def _answered(said: Sequence[Said]) -> Iterator[Figure | Remark]:
    settings = Settings.load()
    texts = [each.text for each in said]
    found = vectors(texts, Role.QUERY)
    try:
        identity = embedding_model(settings).identity
        index = Generations(settings.generations_folder).open_current(identity)
    except IndexerError as error:
        yield Remark(f"not asked of an index: {error}")
        return
    answered = [
        each.text
        for each, vector in zip(said, found, strict=True)
        if index.decide(index.rank(Query(each.text, each.language, vector))).outcome
        is Outcome.ANSWERED
    ]
    note = f"{len(answered)} of {len(said)}" + (f": {answered[:3]}" if answered else "")
    yield Figure(
        "small talk not heard, and answered from the content",
        len(answered) / len(said),
        "%",
        at_most(0.005),
        note,
    )


if __name__ == "__main__":
    sys.exit(publish(measure))
