"""Answers between Markdown, which editors write, and HTML, which web pages carry."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from bs4.exceptions import ParserRejectedMarkup
from markdown_it import MarkdownIt
from markdownify import markdownify

_ANY_TAG = re.compile(r"<[a-zA-Z/!]")
# The library's time grows with the square of such a run.
_LONG_BLANK = re.compile(r"\s{100,}")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")


class UnreadableMarkupError(ValueError):
    """An answer's HTML cannot be taken apart; the message says why."""


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def to_html(markdown: str) -> str:
    """Render Markdown; HTML within it is shown as text."""
    rendered: str = _renderer().render(markdown)
    return rendered.strip()


def to_markdown(markup: str) -> str:
    """Turn HTML into Markdown; text without any tag stays as it is.

    Raises:
        UnreadableMarkupError: The markup is broken, or nests deeper than any answer needs.
    """
    if not _ANY_TAG.search(markup):
        return html.unescape(markup)
    try:
        text = markdownify(_LONG_BLANK.sub("\n", markup), heading_style="ATX", bullets="-")
    except RecursionError:
        raise UnreadableMarkupError("it nests too deep; simplify it") from None
    except ParserRejectedMarkup:
        raise UnreadableMarkupError("a <! ... > in it is broken; mend it") from None
    return _MANY_BLANK_LINES.sub("\n\n", text).strip()
