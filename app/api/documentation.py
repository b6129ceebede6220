"""The API described: OpenAPI for programs, one page for people.

The page is made from the description, here, in one piece: it loads nothing, so that it also works
where there is no network.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from apiflask import APIFlask
from flask import Blueprint, Response, render_template

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE_SOURCE = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'"


def documentation_blueprint(app: APIFlask) -> Blueprint:
    """Make the endpoints that describe an application's API."""
    style = (_TEMPLATES / "docs.css").read_text(encoding="utf-8")
    blueprint = Blueprint("documentation", __name__, template_folder=str(_TEMPLATES))
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()

    @cache
    def spec() -> dict[str, Any]:
        found = app.spec
        return found if isinstance(found, dict) else {}

    @blueprint.get("/openapi.json")
    def show_openapi() -> Response:
        return Response(orjson.dumps(spec()), mimetype="application/json")

    @blueprint.get("/docs")
    def show_docs() -> Response:
        page = render_template("docs.html", spec=spec(), style=style)
        response = Response(page, mimetype="text/html")
        response.headers["Content-Security-Policy"] = _STYLE_SOURCE.format(digest)
        return response

    return blueprint
