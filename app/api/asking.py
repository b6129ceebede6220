"""Questions: answered, or searched with."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from app.answering.answering import Answering
from app.answering.searching import Searching
from app.api.accepting import accepted_languages
from app.api.answer_events import AnswerWire, told_again
from app.api.answer_responses import AnswerOut, SearchOut
from app.api.documents import answer_document, search_document
from app.api.event_stream import stream_response, streamed
from app.api.openapi import FAILURES, IDEMPOTENCY, KEPT_ONCE, STREAMED
from app.api.operators import OPERATORS_ONLY, OperatorKey
from app.api.rate_limit import RateLimit
from app.api.replies import KeyedReply, json_reply, once
from app.api.requests import AskIn, SearchIn
from app.idempotency import Replies


def asking_blueprint(
    answering: Answering,
    searching: Searching,
    replies: Replies,
    *,
    key: OperatorKey,
    limit: RateLimit,
    ping_seconds: float,
) -> APIBlueprint:
    """Make the endpoints that take questions.

    Args:
        answering: Answers them.
        searching: Finds entries by them.
        replies: Those given before.
        key: Tells who may ask why.
        limit: How often one client may ask.
        ping_seconds: How long a streamed answer may be silent.
    """
    blueprint = APIBlueprint("asking", __name__, tag="Questions")

    @blueprint.post("/v1/ask")
    @blueprint.input(AskIn, arg_name="body")
    @blueprint.output(AnswerOut, description="The answer, or why there is none.")
    @blueprint.doc(
        responses={**KEPT_ONCE, **OPERATORS_ONLY, 429: "Too many questions."},
        extensions={**IDEMPOTENCY, **STREAMED},
    )
    def ask(body: AskIn) -> Response:
        """Answer a question.

        A question that is not answered with enough confidence is no error: see `outcome`.
        """
        limit.check()
        if body.explain:
            key.check()
        accepted = accepted_languages()
        if body.stream:
            # A key stands for the question, however its answer is to be told.
            kept = KeyedReply(replies, body.model_copy(update={"stream": False}))
            if (reply := kept.find()) is not None:
                return stream_response(told_again(reply))
            events = answering.events(body.to_question(accepted, kept.token))
            return streamed(events, AnswerWire(kept), ping_seconds)
        return once(
            replies,
            body,
            lambda repeated: answer_document(answering.ask(body.to_question(accepted, repeated))),
        )

    @blueprint.post("/v1/search")
    @blueprint.input(SearchIn, arg_name="body")
    @blueprint.output(SearchOut, description="Entries, best first.")
    @blueprint.doc(responses={**FAILURES, 429: "Too many questions."})
    def search(body: SearchIn) -> Response:
        """Rank entries by a question, without a decision."""
        limit.check()
        return json_reply(search_document(searching.search(body.to_question(accepted_languages()))))

    return blueprint
