from dataclasses import replace

import pytest

from app.answering.answer import Answer, AnswerKind, AnswerText, Citation
from app.answering.telling import told
from app.api.chat_text import ChatText
from app.notices import Notices
from indexer.decision import Confidence, Outcome
from knowledge_base.languages import Direction
from models.language_id import IdentifiedLanguage
from models.language_priors import LanguageSource

ANSWER = Answer(
    answer_id="a",
    conversation_id="c",
    outcome=Outcome.ANSWERED,
    reason=None,
    text=AnswerText("Two *days*.", "", "en", Direction.LTR, AnswerKind.CURATED),
    query_language=IdentifiedLanguage("en", 1.0, LanguageSource.DETECTED, 1.0),
    confidence=Confidence(0.9, 0.5),
    citations=(),
    alternatives=(),
    handoff=None,
    disclosure="A machine speaks.",
    generation="g",
    timings_ms={},
)


def written(answer: Answer, *, is_first: bool = False) -> str:
    text = ChatText(Notices(), is_first=is_first)
    return "".join(text.write(event) for event in told(answer))


def source(question: str, url: str | None) -> str:
    citation = Citation("e", "en", question, url, 1.0)
    reply = written(replace(ANSWER, citations=(citation,)))
    return reply.removeprefix("Two *days*.\n\nSources\n\n")


def test_a_text_alone_is_the_message() -> None:
    assert written(ANSWER) == "Two *days*."


def test_the_first_message_says_who_speaks() -> None:
    assert written(ANSWER, is_first=True) == "A machine speaks.\n\nTwo *days*."


@pytest.mark.parametrize(
    ("question", "url", "shown"),
    [
        ("How?", None, "- How?"),
        ("How?", "https://shop.example/a", "- [How?](<https://shop.example/a>)"),
        ("How?", "HTTP://shop.example", "- [How?](<HTTP://shop.example>)"),
        (
            "How?",
            "https://shop.example/(a) b>c\\",
            "- [How?](<https://shop.example/(a)%20b%3Ec%5C>)",
        ),
        ("How?", "javascript:alert(1)", "- How?"),
        ("How?", "//shop.example", "- How?"),
        ("[a](b)\n# c", "https://shop.example", r"- [\[a\](b) # c](<https://shop.example>)"),
        ("1. <b>", None, r"- 1\. \<b\>"),
    ],
)
def test_a_source_is_linked_where_it_leads_to_a_page(
    question: str, url: str | None, shown: str
) -> None:
    assert source(question, url) == shown
