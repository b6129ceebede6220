"""A small knowledge base in a folder, and the generations that are built from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from indexer.build import build
from indexer.build_report import BuildReport, BuildRequest
from indexer.embedding_run import EmbeddingModel
from indexer.far_questions import far_questions
from indexer.gate import Gate
from indexer.generation import Generation
from indexer.generations import Generations
from indexer.query import Query
from models.embedding import Embedder, Role
from tests.fakes import FakeEmbedder

TODAY = date(2026, 11, 22)
ENTRIES = {
    "refund": ("How do I get my money back?", "Send the parcel back, we refund you in a week."),
    "track": ("Where is my parcel right now?", "Open the tracking link in your mail."),
    "password": ("I forgot my password", "Choose a new one on the sign-in page."),
    "invoice": ("Can I have an invoice?", "Every order has its invoice under your account."),
    "warranty": ("What does the warranty cover?", "Faults of make, for two years."),
    "gift": ("Do you wrap gifts?", "Yes, choose gift wrap when you pay."),
}
Row = dict[str, object]


def row(entry_id: str, lang: str = "en", **changes: object) -> Row:
    question, answer = ENTRIES[entry_id]
    return {"id": entry_id, "lang": lang, "question": question, "answer": answer, **changes}


class Shop:
    """A knowledge base in a folder, and the generations made from it."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        self.content.mkdir(exist_ok=True)
        self.golden = self.content / "golden.jsonl"
        self.generations = Generations(folder / "generations")
        self.embedder = FakeEmbedder()
        self.request = BuildRequest((self.content,), "en", TODAY)
        if not any(self.content.iterdir()):
            self.write([row(entry_id) for entry_id in ENTRIES])

    def write(self, rows: list[Row]) -> None:
        lines = "".join(json.dumps(each) + "\n" for each in rows)
        (self.content / "faq.jsonl").write_text(lines, encoding="utf-8")

    def write_golden(self, *questions: tuple[str, str | None]) -> None:
        self.golden.write_text(
            "".join(
                json.dumps({"question": question, "lang": "en", "expect": expect}) + "\n"
                for question, expect in questions
            )
        )
        self.request = replace(self.request, golden=self.golden)

    def model(self, load: Callable[[], Embedder] | None = None) -> EmbeddingModel:
        return EmbeddingModel(self.embedder.identity, load or (lambda: self.embedder))

    def build(self, **changes: bool | int | Gate | str) -> BuildReport:
        self.embedder.calls.clear()
        request = replace(self.request, **changes)  # type: ignore[arg-type] # one of its fields
        return build(request, self.generations, self.model())

    def live(self) -> Generation:
        return self.generations.open_current(self.embedder.identity)

    @property
    def embedded_texts(self) -> list[str]:
        """The shop's own texts that the last build embedded."""
        far = {question.text for question in far_questions()}
        return [text for text in self.embedder.embedded_texts if text not in far]

    def best(self, question: str) -> str:
        vector = self.embedder.embed([question], Role.QUERY).vectors[0]
        return self.live().rank(Query(question, "en", vector)).entries[0].entry_id
