"""A real knowledge base, indexed and asked: `python -m benchmarks.real_knowledge_base`.

The 133 questions and answers that three projects publish in 50 languages go through `polyfaq index`
as an editor's content would, and are asked over HTTP what a visitor might type. The questions are
written for this benchmark, none is a text of that content, and nothing is tuned to them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.client import Connection, request_to_ask
from benchmarks.figures import Figure, Remark, publish
from benchmarks.polyfaq_process import Home, new_home, serving
from benchmarks.shared_data import DATA, is_there, rows


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the entries that answer it; none where no entry does."""

    language: str
    text: str
    answered_by: frozenset[str]


def _asked(language: str, text: str, *entries: str) -> Asked:
    return Asked(language, text, frozenset(entries))


QUESTIONS = (
    _asked("en", "how can i delete my scratch account", "scratch/deleteAccount"),
    _asked("en", "what is the best pizza in rome"),
    _asked("de", "Wer hat Bitcoin erfunden?", "bitcoin/creator"),
    _asked("de", "Was passiert, wenn ich meine Bitcoins verliere?", "bitcoin/lost"),
    _asked("es", "¿cuánto cuesta usar scratch?", "scratch/scratchCost", "scratch/scratchFree"),
    _asked("fr", "est-ce que bitcoin est anonyme ?", "bitcoin/anonymous"),
    _asked("ja", "ビットコインは違法ですか", "bitcoin/islegal"),
    _asked("zh", "怎么购买比特币", "bitcoin/acquire"),
    _asked("ar", "هل بيتكوين آمن؟", "bitcoin/secure"),
    _asked(
        "ru",
        "Можно ли пользоваться Scratch без интернета?",
        "scratch/noInternet",
        "scratch/offline",
    ),
    _asked("tr", "Bitcoin vergilendirilir mi?", "bitcoin/taxes"),
    _asked("hi", "बिटकॉइन किसने बनाया?", "bitcoin/creator"),
    _asked("pt", "quem controla a rede bitcoin?", "bitcoin/whocontrols"),
    _asked("pl", "Jak zmienić hasło?", "scratch/changePassword"),
    _asked("sv", "hur många språk finns scratch på?", "scratch/languagesScratch3"),
    _asked("ko", "비트코인 채굴이 뭐예요?", "bitcoin/whatismining"),
    _asked("sv", "vilken tid går nästa tåg till uppsala"),
)


def measure() -> Iterator[Figure | Remark]:
    """Index the content, ask the questions, and tell what became of each."""
    if not is_there("faq_parallel"):
        yield Remark(f"{DATA / 'faq_parallel'} is absent: nothing to index")
        return
    with new_home() as home:
        content = _write_content(home)
        seconds, report = home.run("index", str(content))
        languages = report["languages"]
        yield Figure("indexing it from nothing", seconds, "s")
        yield Figure("languages", len(languages))
        yield Figure("passages", sum(language["passages"] for language in languages))
        right = wrong = asked_back = silent = 0
        with serving(home, QUESTIONS[0].text) as server:
            connection = Connection(server.port)
            for question in QUESTIONS:
                answer = _ask(connection, question)
                shown = [citation["entry_id"] for citation in answer["citations"]]
                offered = [entry["entry_id"] for entry in answer["alternatives"]]
                delivered = answer["outcome"] == "answered"
                right += delivered and not question.answered_by.isdisjoint(shown)
                wrong += delivered and question.answered_by.isdisjoint(shown)
                asked_back += answer["outcome"] == "clarify"
                silent += not delivered and not question.answered_by
                entry = shown[0] if delivered else f"(closest: {', '.join(offered[:2])})"
                yield Remark(f"[{question.language}] {question.text} {answer['outcome']}: {entry}")
            connection.close()
    yield Figure("questions answered rightly", right, note=f"of {len(QUESTIONS)}")
    yield Figure("questions answered wrongly", wrong)
    yield Figure("questions asked back", asked_back)
    yield Figure("questions without an answer, and not answered", silent, note="of 2")


def _write_content(home: Home) -> Path:
    content = home.folder / "content.jsonl"
    with content.open("w", encoding="utf-8") as file:
        for row in rows("faq_parallel/faq.jsonl"):
            if row["primary"]:
                record = {key: row[key] for key in ("lang", "question", "answer")}
                file.write(json.dumps({"id": row["faq_id"], **record}, ensure_ascii=False) + "\n")
    return content


def _ask(connection: Connection, question: Asked) -> Mapping[str, Any]:
    reply = connection.exchange(request_to_ask(question.text))
    document: Mapping[str, Any] = json.loads(reply[reply.index(b"\r\n\r\n") :])
    return document


if __name__ == "__main__":
    sys.exit(publish(measure))
