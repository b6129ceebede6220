"""Answers as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_MARKS = re.compile(r"[\\`*_\[\]<>&~|]")
_MARKS_IN_FRONT = re.compile(r"^(\d{0,9})([#+=.)-])")


RENDERINGS_REMEMBERED = 4096


@lru_cache(maxsize=RENDERINGS_REMEMBERED)
def to_html(markdown: str) -> str:
    """Render Markdown as HTML that can be put into a page as it is.

    HTML in the source is shown as text, links go to http, https, mailto and tel only, and images
    become links: a page never loads anything from elsewhere.
    """
    return str(_parser().render(markdown)).strip()


def plain_to_html(text: str) -> str:
    """Render a sentence of plain text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def to_markdown(text: str) -> str:
    """Write a line of plain text as Markdown that shows it as it is, also as an item of a list."""
    line = _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
    return _MARKS_IN_FRONT.sub(r"\g<1>\\\g<2>", line)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.disable("image")
    parser.validateLink = _is_safe  # type: ignore[method-assign] # as its documentation says to
    parser.add_render_rule("link_open", _link_open)
    return parser


def _is_safe(url: str) -> bool:
    scheme, colon, _ = url.strip().lower().partition(":")
    is_relative = not colon or not scheme.isalnum()
    return is_relative or scheme in {"http", "https", "mailto", "tel"}


def _link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    tokens[index].attrSet("rel", "nofollow noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)
