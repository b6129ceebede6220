"""In which language answers come when half of what the generator writes is in another one.

What people wrote stands for what a generator writes, so that the language of each sentence is known
without a detector: it is the one that it was written in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.figures import Figure, Remark, at_least
from benchmarks.foreign_answers import Answers, human_answers, with_holes
from benchmarks.stand_in_writer import WRONG, StandInWriter
from benchmarks.writing_process import ask, serving_with_generator
from knowledge_base.entry import Record
from knowledge_base.languages import base_language
from tests.chat_server import chat_server

LEAST_DELIVERED = 0.995
PHRASINGS = 2
_LETTER = re.compile(r"[^\W\d_]")


def measured(records: Sequence[Record]) -> Iterator[Figure | Remark]:
    """Yield shares of delivered answers.

    Args:
        records: The sample content; about half of its texts are left out of the index, others in
            each entry, and asked for.
    """
    answers = human_answers(records)
    kept = with_holes(records)
    writer = StandInWriter(answers)
    asked, kinds, wrong = Counter[str](), Counter[str](), list[str]()
    with (
        chat_server(writer) as generator,
        serving_with_generator(kept, generator.url, kept[0].question) as server,
    ):
        for question, language in _questions(answers, kept):
            document = ask(server.port, question, language)
            asked[language] += 1
            if document["outcome"] != "answered":
                continue
            kinds[document["answer"]["kind"]] += 1
            if not _is_right(document["answer"], language, answers):
                wrong.append(language)
    delivered = kinds.total()
    yield Remark(
        f"{asked.total()} questions in {len(asked)} languages about entries without a text in them"
    )
    yield Remark(
        f"a stand-in wrote {writer.right} texts right and {writer.wrong} not: {', '.join(WRONG)}"
    )
    yield Figure(
        "delivered in the visitor's language, or with a notice",
        1 - len(wrong) / delivered,
        "%",
        at_least(LEAST_DELIVERED),
        f"of {delivered}; {', '.join(f'{count} {kind}' for kind, count in kinds.most_common())}",
    )
    written = kinds["generated"]
    yield Figure(
        "  written answers in the visitor's language",
        1 - len(wrong) / max(written, 1),
        "%",
        note=f"of {written}" + "".join(f", not in {each}" for each in wrong),
    )


def _questions(answers: Answers, kept: Sequence[Record]) -> Iterator[tuple[str, str]]:
    """Ask for every text that a person wrote and the index does not have."""
    there = {(record.id, record.lang) for record in kept}
    for entry_id, languages in answers.items():
        for language, answer in languages.items():
            if (entry_id, language) not in there:
                for question in answer.questions[:PHRASINGS]:
                    yield question, language


def _is_right(answer: Mapping[str, Any], language: str, answers: Answers) -> bool:
    if base_language(answer["language"]) != language:
        return answer["kind"] == "original" and answer["notice"] is not None
    if not answer["ai_generated"]:
        return True
    rest = str(answer["text"])
    for languages in answers.values():
        if language in languages:
            for sentence in languages[language].sentences:
                rest = rest.replace(sentence.strip(), " ")
    return _LETTER.search(rest) is None
