"""What visitors think of answers."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from app.api.documents import Document
from app.api.openapi import IDEMPOTENCY, KEPT_ONCE
from app.api.problems import ProblemError
from app.api.replies import once
from app.api.requests import FeedbackIn
from app.api.responses import FeedbackOut
from app.feedback import FeedbackDesk
from app.idempotency import Replies


def feedback_blueprint(desk: FeedbackDesk, replies: Replies) -> APIBlueprint:
    """Make the endpoint that takes feedback."""
    blueprint = APIBlueprint("feedback", __name__, tag="Questions")

    @blueprint.post("/v1/answers/<answer_id>/feedback")
    @blueprint.input(FeedbackIn, arg_name="body")
    @blueprint.output(FeedbackOut, status_code=201, description="The feedback is stored.")
    @blueprint.doc(responses={**KEPT_ONCE, 404: "No such answer."}, extensions=IDEMPOTENCY)
    def give_feedback(answer_id: str, body: FeedbackIn) -> Response:
        """Rate an answer; a later rating replaces an earlier one."""

        def give(_: str | None) -> Document:
            if not desk.give(answer_id, body.rating, body.reason, body.comment, body.correction):
                raise ProblemError(404, "not_found", "There is no answer with this id.")
            return {"answer_id": answer_id, "rating": body.rating}

        return once(replies, body, give, 201)

    return blueprint
