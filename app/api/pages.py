"""The page where people ask, and the files it is made of."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_REVALIDATED = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page, in memory.

    Attributes:
        etag: Changes with the content.
    """

    content: bytes
    content_type: str
    etag: str


def read_assets(folder: Path) -> dict[str, Asset]:
    """Read every file of a folder, by its path in it.

    Nothing else can then be asked for, however a path is written.
    """
    return {
        path.relative_to(folder).as_posix(): _asset(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pages_blueprint(folder: Path) -> Blueprint:
    """Make the endpoints that serve the page and its files.

    Args:
        folder: Holds `index.html`, and `static/` with the files that it names.
    """
    blueprint = Blueprint("pages", __name__)
    index = _asset(folder / "index.html")
    assets = read_assets(folder / "static")

    @blueprint.get("/")
    def show_page() -> Response:
        response = _serve(index)
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    @blueprint.get("/static/<path:name>")
    def show_asset(name: str) -> Response:
        asset = assets.get(name)
        if asset is None:
            abort(404)
        return _serve(asset)

    @blueprint.get("/favicon.ico")
    def show_icon() -> Response:
        icon = assets.get("favicon.svg") or assets.get("icon.svg")
        return Response(status=204) if icon is None else _serve(icon)

    return blueprint


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        content, _TYPES.get(path.suffix, guessed), hashlib.sha256(content).hexdigest()[:20]
    )


def _serve(asset: Asset) -> Response:
    response = Response(asset.content, content_type=asset.content_type)
    response.set_etag(asset.etag)
    response.headers["Cache-Control"] = _REVALIDATED
    response.make_conditional(request)
    return response
