"""The languages that have content, and the page's texts in each."""

from __future__ import annotations

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, request

from app.answering.ports import Knowledge
from app.api.problems import FieldFault, ProblemError
from app.api.replies import json_reply
from app.api.responses import InterfaceTextsOut, LanguagesOut
from app.notices import Notices
from knowledge_base.languages import LanguageTagError, canonical_tag, direction, own_name

_HOUR = "public, max-age=3600"


def languages_blueprint(knowledge: Callable[[], Knowledge], notices: Notices) -> APIBlueprint:
    """Make the endpoints about languages."""
    blueprint = APIBlueprint("languages", __name__, tag="Languages")

    @blueprint.get("/v1/languages")
    @blueprint.output(LanguagesOut, description="In alphabetical order of their tags.")
    @blueprint.doc(responses={503: "Nothing to answer from yet."})
    def list_languages() -> Response:
        """List the languages that have content."""
        index = knowledge().index
        languages = [
            {"tag": tag, "name": own_name(tag), "direction": direction(tag)}
            for tag in sorted(index.languages)
        ]
        return json_reply(
            {
                "languages": languages,
                "default_language": index.default_language,
                "generation": index.id,
            }
        )

    @blueprint.get("/v1/ui/<language>")
    @blueprint.output(InterfaceTextsOut, description="Texts by name; placeholders in braces.")
    @blueprint.doc(responses={404: "No such language."})
    def show_interface_texts(language: str) -> Response:
        """Give the page's texts in a language, or in the closest there is."""
        try:
            spoken = notices.language(canonical_tag(language))
        except LanguageTagError as error:
            fault = FieldFault("language", "value_error", str(error))
            raise ProblemError(404, "not_found", str(error), (fault,)) from None
        response = json_reply(
            {
                "language": spoken,
                "direction": direction(spoken),
                "texts": dict(notices.ui_texts(spoken)),
            }
        )
        response.headers["Cache-Control"] = _HOUR
        response.add_etag()
        response.make_conditional(request)
        return response

    return blueprint
