"""The shared data sets as knowledge bases, each with questions that it answers and that it cannot.

A set is asked in rounds, whose measures are averaged; a round has one or more cases, an index and
its questions each, that are measured together.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.corpora import Corpus, banking77, by_intent, covid_faq, faq_parallel
from benchmarks.shared_data import rows
from indexer.phrasings import SHARES, TrialKind

BANKING_PHRASINGS = 10
BANKING_LEFT_OUT = 15
FOLDS = 5
SHOP_ENTRIES = (36, 20)
SHOP_PHRASINGS = 4
SHOP_LEFT_OUT = 8
SHOP_ASKED = 400


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        text: As typed.
        language: BCP 47 tag.
        gold: The entries that answer it; none when it must not be answered.
    """

    text: str
    language: str
    gold: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A knowledge base, and what it is asked."""

    corpus: Corpus
    questions: tuple[Question, ...]


Round = tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A set to measure on.

    Attributes:
        about: What its knowledge base is, and what it must not answer.
        folders: Of the shared data.
        rounds: Prepares its rounds: as many as there are seeds, where chance has a say in them.
    """

    about: str
    folders: tuple[str, ...]
    rounds: Callable[[int], Iterator[Round]]


def _banking77(seeds: int) -> Iterator[Round]:
    asked = rows("banking77/test.jsonl")
    intents = sorted({row["intent"] for row in asked})
    for seed in range(seeds):
        left_out = set(random.Random(seed).sample(intents, BANKING_LEFT_OUT))  # noqa: S311 - no secret
        corpus = banking77(BANKING_PHRASINGS, seed)
        yield (
            Case(
                corpus.part([passage.entry_id not in left_out for passage in corpus.passages]),
                tuple(
                    Question(row["text"], "en", frozenset({row["intent"]} - left_out))
                    for row in asked
                ),
            ),
        )


def _clinc150(_: int) -> Iterator[Round]:
    phrasings = by_intent("clinc150/val.jsonl")
    corpus = Corpus.of_intents({name: texts for name, texts in phrasings.items() if name})
    questions = tuple(
        Question(row["text"], "en", frozenset() if row["oos"] else frozenset({row["intent"]}))
        for row in rows("clinc150/test.jsonl")
    )
    yield (Case(corpus, questions),)


def _covid_faq(_: int) -> Iterator[Round]:
    asked = tuple(
        Question(row["query"], row["lang"], frozenset(row["gold_ids"]))
        for row in rows("covid_faq/queries.jsonl")
    )
    languages = {question.language for question in asked}
    unanswerable = tuple(
        Question(row["text"], row["lang"], frozenset())
        for row in rows("unanswerable/queries.jsonl")
        if row["lang"] in languages
    )
    yield (Case(covid_faq(), (*asked, *unanswerable)),)


def _faq_parallel(_: int) -> Iterator[Round]:
    corpus = faq_parallel()
    faqs = [row for row in rows("faq_parallel/faq.jsonl") if row["primary"]]
    left_out = {row["faq_id"] for row in faqs if row["near_oos"]}
    records = sorted((row["faq_id"], row["lang"]) for row in faqs)
    random.Random(0).shuffle(records)  # noqa: S311 - no secret
    fold_of = {record: number % FOLDS for number, record in enumerate(records)}
    cases = []
    for fold in range(FOLDS):
        indexed = corpus.part(
            [
                passage.entry_id not in left_out and fold_of[passage.entry_id, passage.lang] != fold
                for passage in corpus.passages
            ]
        )
        there = {passage.entry_id for passage in indexed.passages}
        questions = (
            Question(row["question"], row["lang"], frozenset({row["faq_id"]} & there))
            for row in faqs
            if fold_of[row["faq_id"], row["lang"]] == fold
        )
        cases.append(Case(indexed, tuple(questions)))
    yield tuple(cases)


def _small_shops(seeds: int) -> Iterator[Round]:
    sources = [
        (by_intent(learnt), by_intent(asked))
        for learnt, asked in (
            ("banking77/train.jsonl", "banking77/test.jsonl"),
            ("clinc150/val.jsonl", "clinc150/test.jsonl"),
        )
    ]
    for seed in range(seeds):
        yield tuple(
            _shop(phrasings, asked, entries, random.Random(f"{seed} {entries}"))  # noqa: S311 - no secret
            for phrasings, asked in sources
            for entries in SHOP_ENTRIES
        )


_Intents = Mapping[str, Sequence[str]]


def _shop(phrasings: _Intents, asked: _Intents, entries: int, chance: random.Random) -> Case:
    """A few intents with a few phrasings each, asked as often in vain as is assumed of visitors."""
    intents = chance.sample(sorted(set(phrasings) - {""}), entries + SHOP_LEFT_OUT)
    there, left_out = sorted(intents[:entries]), intents[entries:]
    corpus = Corpus.of_intents(
        {intent: chance.sample(phrasings[intent], SHOP_PHRASINGS) for intent in there}
    )
    far = asked.get("", ())
    texts = {
        TrialKind.ANSWERABLE: [(text, {intent}) for intent in there for text in asked[intent]],
        TrialKind.NEAR: [(text, set[str]()) for intent in left_out for text in asked[intent]],
        TrialKind.FAR: [(text, set[str]()) for text in far],
    }
    return Case(
        corpus,
        tuple(
            Question(text, "en", frozenset(gold))
            for kind, share in SHARES.items()
            for text, gold in chance.sample(
                texts[kind], min(round(share * SHOP_ASKED), len(texts[kind]))
            )
        ),
    )


SETS: Mapping[str, QuestionSet] = {
    "banking77": QuestionSet(
        f"bank customers' questions, {BANKING_PHRASINGS} phrasings an entry, "
        f"{BANKING_LEFT_OUT} of 77 entries left out",
        ("banking77",),
        _banking77,
    ),
    "clinc150": QuestionSet(
        "an assistant's 150 intents, 20 phrasings each, and questions out of its scope",
        ("clinc150",),
        _clinc150,
    ),
    "covid_faq": QuestionSet(
        "what users typed, German and English, and questions on other topics",
        ("covid_faq", "unanswerable"),
        _covid_faq,
    ),
    "faq_parallel": QuestionSet(
        f"50 languages; each asked where its entry lacks it and {100 // FOLDS} % of the others, a "
        "fifth of the entries left out",
        ("faq_parallel",),
        _faq_parallel,
    ),
    "small_shops": QuestionSet(
        f"{' and '.join(map(str, SHOP_ENTRIES))} intents of banking77 and of clinc150, "
        f"{SHOP_PHRASINGS} phrasings each; questions to {SHOP_LEFT_OUT} others and out of scope",
        ("banking77", "clinc150"),
        _small_shops,
    ),
}
