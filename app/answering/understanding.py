"""What can be told of a question by its words alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.answering.dialogue_acts import DialogueActs, RecognisedAct
from app.answering.language import language_of_act, query_language
from app.answering.ports import Knowledge
from app.answering.question import Question
from indexer.query import WordsFound
from models.language_id import IdentifiedLanguage, Priors


@dataclass(frozen=True, slots=True)
class Understood:
    """A question that was read.

    Attributes:
        language: That it is in.
        act: What its words do besides asking; None for a question.
        words: Where its words occur.
    """

    language: IdentifiedLanguage
    act: RecognisedAct | None
    words: WordsFound


def understand(
    question: Question, text: str, priors: Priors, knowledge: Knowledge, acts: DialogueActs
) -> Understood:
    """Read a question.

    Args:
        question: As it came in.
        text: Redacted.
        priors: What suggests its language.
        knowledge: The generation that it is answered from.
        acts: Knows what visitors do with words other than asking.
    """
    language = query_language(question.text, question.language, priors, knowledge)
    act = acts.recognise(text, language.tag)
    return Understood(language_of_act(language, act), act, knowledge.index.look_up(text))
