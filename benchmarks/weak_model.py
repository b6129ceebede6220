"""A small model that is often wrong: how much of what it writes is, and how much of that is shown.

Texts are judged by other means than the product's: digits are looked up in the passage, langdetect
tells the language, and a text must share more letter sequences with a human translation of its own
entry than with those of all others (chrF: Popović, "chrF: character n-gram F-score for automatic MT
evaluation", 2015). Meanings are not judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from langdetect import DetectorFactory, LangDetectException, detect

from app.answering.writing import Assignment, Purpose
from app.generating.families import Family
from app.generating.prompt import prompt_for
from benchmarks.figures import Figure, Remark, shares
from benchmarks.llama_process import NOT_INSTALLED, LlamaServer, llama_server
from benchmarks.writing_process import Streamed, ask_streaming, serving_with_generator
from knowledge_base.entry import Record
from models.circuit_breaker import CircuitBreaker
from models.generation import GenerationLimits, GeneratorError
from models.openai_generator import OpenAIGenerator
from models.turns import Turns

READERS = ("es", "fr", "de")
ENTRIES = 12
_TEMPLATE = Path(__file__).with_name("weak_model.jinja")
_LIMITS = GenerationLimits(tokens=200, seconds=60)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LONGEST_GRAM = 6


@dataclass(slots=True)
class _Verdicts:
    texts: int = 0
    wrong: int = 0
    faults: Counter[str] = field(default_factory=Counter)

    def judge(self, text: str, record: Record, reader: str, judge: _Judge) -> None:
        found = judge.faults(text, record, reader)
        self.texts += 1
        self.wrong += bool(found)
        self.faults.update(found)

    def figure(self, name: str) -> Figure:
        return Figure(
            name,
            self.wrong / max(self.texts, 1),
            "%",
            note=f"of {self.texts}; "
            + shares({fault: count / self.texts for fault, count in self.faults.items()}),
        )


class _Judge:
    """Knows what people wrote, and nothing of the product."""

    def __init__(self, records: Sequence[Record]) -> None:
        DetectorFactory.seed = 0
        self._answers: dict[str, dict[str, Counter[str]]] = {reader: {} for reader in READERS}
        for record in records:
            if record.lang in self._answers:
                self._answers[record.lang][record.id] = _grams(record.answer)

    def faults(self, text: str, record: Record, reader: str) -> list[str]:
        faults = []
        if not _numbers(text) <= _numbers(f"{record.question} {record.answer} {record.url}"):
            faults.append("number")
        if _language(text) != reader:
            faults.append("language")
        grams = _grams(text)
        likeness = {each: _f(grams, known) for each, known in self._answers[reader].items()}
        if max(likeness, key=likeness.__getitem__) != record.id:
            faults.append("entry")
        return faults


def measured(records: Sequence[Record]) -> Iterator[Figure | Remark]:
    """Yield what the model writes and what is shown of it; says so where there is no model.

    Args:
        records: The sample content; only its English texts are indexed.
    """
    with llama_server(_TEMPLATE) as llama:
        if llama is None:
            yield Remark(NOT_INSTALLED)
            return
        english = [record for record in records if record.lang == "en"]
        chosen = [each for each in english if "\n" not in each.answer.strip()][:ENTRIES]
        questions = {(each.id, each.lang): each.question for each in records}
        judge = _Judge(records)
        yield Remark(
            f"Gemma 3 270M, a base model in 4 bits; {len(chosen)} English entries for readers of "
            f"{', '.join(READERS)}"
        )
        yield from _raw(chosen, questions, judge, llama)
        yield from _delivered(english, chosen, questions, judge, llama)
        yield Figure("memory of the model's server", llama.memory() / 1e6, "MB")


def _raw(
    chosen: Sequence[Record],
    questions: Mapping[tuple[str, str], str],
    judge: _Judge,
    llama: LlamaServer,
) -> Iterator[Figure]:
    generator = OpenAIGenerator(llama.url, "gemma", turns=Turns(1, 60), breaker=CircuitBreaker())
    verdicts, rates = _Verdicts(), []
    for reader, record in ((reader, record) for reader in READERS for record in chosen):
        question = questions.get((record.id, reader), record.question)
        asked = Assignment(Purpose.LANGUAGE, question, reader, (record,), "")
        pieces, times = [], []
        try:
            messages = prompt_for(asked, Family.GEMMA, 12_000).messages()
            for piece in generator.generate(messages, _LIMITS):
                pieces.append(piece)
                times.append(perf_counter())
        except GeneratorError:
            pieces = []
        verdicts.judge("".join(pieces), record, reader, judge)
        if len(times) > 1:
            rates.append((len(times) - 1) / (times[-1] - times[0]))
    yield verdicts.figure("raw texts of the model that are wrong")
    yield Figure("tokens a second, median", median(rates), "/s", note="one thread")


def _delivered(
    english: Sequence[Record],
    chosen: Sequence[Record],
    questions: Mapping[tuple[str, str], str],
    judge: _Judge,
    llama: LlamaServer,
) -> Iterator[Figure]:
    verdicts, kinds, written = _Verdicts(), Counter[str](), list[Streamed]()
    records = {record.id: record for record in english}
    with serving_with_generator(
        english,
        llama.url,
        english[0].question,
        generator_model="gemma",
        generation_tokens=str(_LIMITS.tokens),
    ) as server:
        for reader, record in ((reader, record) for reader in READERS for record in chosen):
            question = questions.get((record.id, reader), record.question)
            streamed = ask_streaming(server.port, question, reader)
            answer = streamed.document["answer"]
            kinds[answer["kind"]] += 1
            if answer["kind"] == "generated":
                written.append(streamed)
                source = records[streamed.document["citations"][0]["entry_id"]]
                verdicts.judge(answer["text"], source, reader, judge)
        asked = kinds.total()
        yield verdicts.figure("delivered texts of the model that are wrong")
        yield Figure(
            "questions that it answered, others got what people wrote",
            kinds["generated"] / asked,
            "%",
            note=f"of {asked}; {', '.join(f'{count} {kind}' for kind, count in kinds.items())}",
        )
        if written:
            yield Figure("first verified sentence", median(each.first for each in written), "s")
            yield Figure("last verified sentence", median(each.last for each in written), "s")
        yield Figure("memory of polyfaq's server", server.memory() / 1e6, "MB")


def _numbers(text: str) -> set[str]:
    return {number.replace(",", ".") for number in _NUMBER.findall(text)}


def _language(text: str) -> str:
    try:
        return str(detect(text))
    except LangDetectException:
        return "und"


def _grams(text: str) -> Counter[str]:
    letters = "".join(text.casefold().split())
    return Counter(
        letters[start : start + length]
        for length in range(1, _LONGEST_GRAM + 1)
        for start in range(len(letters) - length + 1)
    )


def _f(written: Counter[str], known: Counter[str]) -> float:
    """Compare by all n-grams together, precision and recall alike."""
    common = (written & known).total()
    return 2 * common / max(written.total() + known.total(), 1)
