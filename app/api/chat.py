"""Chat front ends: the service as a model that they can be pointed at."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from app.answering.answering import Answering
from app.answering.question import Question
from app.api.accepting import accepted_languages
from app.api.chat_completion import ChatWire, chunks_again, completion
from app.api.chat_conversation import conversation_of
from app.api.chat_errors import error_response
from app.api.chat_requests import MODELS, ChatIn, check_model
from app.api.chat_responses import ChatModelOut, ChatModelsOut, ChatOut
from app.api.chat_text import ChatText
from app.api.documents import Document
from app.api.event_stream import stream_response, streamed
from app.api.openapi import AS_OPENAI, CHAT, FAILURES_OF_CHAT, NO_SUCH_MODEL
from app.api.rate_limit import RateLimit
from app.api.replies import KeyedReply, json_reply, once
from app.handoff.tickets import Tickets
from app.idempotency import Replies
from app.notices import Notices

_CREATED = 1_795_305_600  # 2026-11-22, when there first was such a model


def chat_blueprint(
    answering: Answering,
    *,
    tickets: Tickets,
    replies: Replies,
    notices: Notices,
    limit: RateLimit,
    ping_seconds: float,
) -> APIBlueprint:
    """Make the endpoints that chat front ends call.

    Args:
        answering: Answers questions.
        tickets: Tell which conversation a chat is.
        replies: Those given before.
        notices: Speaks the visitor's language.
        limit: How often one client may ask.
        ping_seconds: How long a streamed reply may be silent.
    """
    blueprint = APIBlueprint("chat", __name__, tag="Chat front ends")
    blueprint.register_error_handler(Exception, error_response)

    @blueprint.post("/v1/chat/completions")
    @blueprint.input(ChatIn, arg_name="body")
    @blueprint.output(ChatOut, description="The reply.")
    @blueprint.doc(responses=FAILURES_OF_CHAT, extensions=CHAT)
    def complete(body: ChatIn) -> Response:
        """Reply to the last message of a conversation, as OpenAI's API does."""
        limit.check()
        mode, text = body.mode(), body.question()
        accepted = accepted_languages()
        message = ChatText(notices, is_first=not body.replied())

        def question(token: str | None) -> Question:
            return Question(
                text=text,
                accept_languages=accepted,
                conversation_id=conversation_of(body, tickets),
                user={"user": body.user} if body.user else {},
                mode=mode,
                idempotency_key=token,
            )

        def whole(token: str | None) -> Document:
            return completion(answering.ask(question(token)), message, body.model)

        if not body.stream:
            return once(replies, body.unstreamed(), whole)
        counts_tokens = body.counts_tokens()
        kept = KeyedReply(replies, body.unstreamed())
        if (reply := kept.find()) is not None:
            return stream_response(chunks_again(reply, counts_tokens=counts_tokens))
        wire = ChatWire(message, body.model, kept, counts_tokens=counts_tokens)
        return streamed(answering.events(question(kept.token)), wire, ping_seconds)

    @blueprint.get("/v1/models")
    @blueprint.output(ChatModelsOut, description="The names to put into `model`.")
    def list_models() -> Response:
        """List the models, as OpenAI's API does."""
        return json_reply({"object": "list", "data": [_model(name) for name in MODELS]})

    @blueprint.get("/v1/models/<name>")
    @blueprint.output(ChatModelOut, description="The model.")
    @blueprint.doc(responses=NO_SUCH_MODEL, extensions=AS_OPENAI)
    def show_model(name: str) -> Response:
        """Describe a model, as OpenAI's API does."""
        check_model(name)
        return json_reply(_model(name))

    return blueprint


def _model(name: str) -> Document:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": "polyfaq"}
