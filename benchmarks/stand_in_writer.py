"""A server that speaks the chat API and writes what people wrote: in the right language or not.

It knows every answer in every language, finds out from the prompt which one is asked for, and
takes turns: half of its texts are right, the others are in another language, as a whole or in part.
As a command, it writes the right ones slowly until its input is closed, and prints its address.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from itertools import count
from threading import Lock

from benchmarks.foreign_answers import Answers, HumanAnswer, approved_sample, human_answers
from knowledge_base.languages import english_name
from tests.chat_server import ChatRequest, chat_server

_LANGUAGE = re.compile(r"^- Write in (.+?)(?: \(.*\))?, whatever language", re.MULTILINE)
_PASSAGE = re.compile(r"passage 1\n(.+)")
_PAUSE_SECONDS = 0.02
"""After four characters: the pace of a fast model."""

WRONG = ("another language", "English", "second half in another", "half a sentence in another")


class StandInWriter:
    """Answers requests of one polyfaq.

    Attributes:
        right: How many texts were what they should be.
        wrong: How many were not.
    """

    def __init__(self, answers: Answers, pause: float = 0.0, *, is_reliable: bool = False) -> None:
        """Learn all answers.

        Args:
            answers: What people wrote.
            pause: Seconds between pieces of a text.
            is_reliable: Only right texts are written.
        """
        self._answers = answers
        self._pause = pause
        self._is_reliable = is_reliable
        self._turns = count()
        self._lock = Lock()
        self._entries = {
            answer.questions[0]: entry_id
            for entry_id, languages in answers.items()
            for answer in languages.values()
        }
        self._tags = {english_name(tag): tag for languages in answers.values() for tag in languages}
        self.right = self.wrong = 0

    def __call__(self, request: ChatRequest) -> None:
        """Write a text."""
        asked = "\n".join(message["content"] for message in request.asked["messages"])
        language, passage = _LANGUAGE.search(asked), _PASSAGE.search(asked)
        tag = self._tags.get(language[1]) if language else None
        entry_id = self._entries.get(passage[1].strip()) if passage else None
        request.begin()
        for piece in self._pieces(entry_id, tag):
            request.piece(piece)
            if self._pause and request.server.ended.wait(self._pause):
                return
        request.piece("", "stop")
        request.event("[DONE]")

    def _pieces(self, entry_id: str | None, tag: str | None) -> Iterator[str]:
        known = self._answers.get(entry_id or "", {})
        if tag is None or tag not in known:
            yield "NOT_TOLD"
            return
        text = self._text(known[tag], _other(known, tag))
        for start in range(0, len(text), 4):
            yield text[start : start + 4]

    def _text(self, right: HumanAnswer, other: HumanAnswer) -> str:
        with self._lock:
            turn = next(self._turns)
            if self._is_reliable or turn % 2 == 0:
                self.right += 1
                return right.text
            self.wrong += 1
        match WRONG[turn // 2 % len(WRONG)]:
            case "another language":
                return other.text
            case "English":
                return self._answers[right.entry_id].get("en", other).text
            case "second half in another":
                half = max(len(right.sentences) // 2, 1)
                return "".join((*right.sentences[:half], *other.sentences[half:]))
            case _:
                return _turning(right, other)


def _turning(right: HumanAnswer, other: HumanAnswer) -> str:
    """Begin a sentence in one language and end it in another: the longest one without a link."""
    begun, ended = (
        max(answer.sentences, key=lambda each: ("](" not in each, len(each)))
        for answer in (right, other)
    )
    turning = f"{begun[: len(begun) // 2]} {ended[len(ended) // 2 :].lstrip()}"
    return right.text.replace(begun, turning)


def _other(known: Mapping[str, HumanAnswer], tag: str) -> HumanAnswer:
    tags = sorted(known)
    return known[tags[(tags.index(tag) + 1) % len(tags)]]


def main() -> None:
    """Write slowly until the input is closed."""
    writer = StandInWriter(human_answers(approved_sample()), _PAUSE_SECONDS, is_reliable=True)
    with chat_server(writer) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
