"""The path of a question, from what a visitor typed to what the visitor will be told."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from app.answering.compose import compose
from app.answering.dialogue_acts import DialogueActs
from app.answering.draft import Draft
from app.answering.explanation import Explanation
from app.answering.language import language_of_act, query_language, reader_language
from app.answering.ports import Knowledge
from app.answering.question import Mode, Question
from app.answering.redact import redact
from app.answering.routing import heed, route
from app.answering.servable import ServableTexts
from app.answering.stopwatch import Stopwatch
from app.answering.verify import is_verified
from app.answering.wanting import wanted_text
from app.notices import Notice, Notices
from indexer.decision import Outcome, Reason
from indexer.query import FloatArray, Query
from models.language_priors import Priors

_LOG = logging.getLogger(__name__)
_RANKED = 10


def draft_answer(
    question: Question,
    priors: Priors,
    knowledge: Knowledge,
    servable: ServableTexts,
    *,
    embed: Callable[[str], FloatArray],
    notices: Notices,
    acts: DialogueActs,
    watch: Stopwatch,
    may_write: bool = False,
) -> Draft:
    """Walk the path of a question, step by step.

    Args:
        question: As it came in.
        priors: What suggests its language.
        knowledge: The generation that it is answered from, throughout.
        servable: Knows which texts may be shown.
        embed: Gives a text's vector in the query role, shape (dimension,).
        notices: Speaks the visitor's language.
        acts: Knows what visitors do with words other than asking.
        watch: Takes the time of each step.
        may_write: There are machines that write what no person has written.
    """
    index = knowledge.index
    language = query_language(question.text, question.language, priors, knowledge)
    watch.lap("identify")

    text = redact(question.text)
    watch.lap("redact")

    recognised = acts.recognise(text, language.tag)
    act = None if recognised is None else recognised.act
    language = language_of_act(language, recognised)
    watch.lap("recognise")

    vector = embed(text)
    watch.lap("embed")

    ranking = index.rank(Query(text, language.tag, vector, question.filters), _RANKED)
    watch.lap("retrieve")

    decision = route(index.decide(ranking), language, servable)
    decision = heed(act, decision, is_verbatim=ranking.verbatim)
    watch.lap("decide")

    matched = decision.candidates[0].language if decision.outcome is Outcome.ANSWERED else None
    if recognised is not None and index.default_language not in recognised.languages:
        matched = matched or recognised.languages[0]
    reader = reader_language(question.text, language, priors, matched, index.default_language)
    composed = compose(decision, ranking, reader, servable, notices, act=act)
    watch.lap("compose")

    if decision.outcome is Outcome.ANSWERED and not is_verified(composed, servable):
        _LOG.error("an answer was withheld: it is not what was approved")
        decision = replace(decision, outcome=Outcome.HANDOFF, reason=Reason.LOW_CONFIDENCE)
        composed = compose(decision, ranking, reader, servable, notices)
    watch.lap("verify")

    wanted = None
    if may_write and question.mode is Mode.AUTO:
        wanted = wanted_text(decision, composed, reader, servable)

    return Draft(
        question=text,
        outcome=decision.outcome,
        reason=decision.reason,
        text=composed.text,
        query_language=language,
        reader=reader,
        confidence=decision.confidence,
        citations=composed.citations,
        alternatives=composed.alternatives,
        top_entry=decision.candidates[0].entry_id if decision.candidates else None,
        disclosure=notices.text(Notice.DISCLOSURE, reader).text,
        generation=index.id,
        explanation=Explanation(act, index.explain(ranking), ranking.entries)
        if question.explain
        else None,
        wanted=wanted,
    )
