"""Cuts an answer into passages that respect its sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.abbreviations import NEAR, is_abbreviated

_MARKDOWN = MarkdownIt("commonmark", {"html": False})

SENTENCE_END = re.compile(r"(?<=[.!?…؟۔।॥։])[\"'»”’)\]*_]*\s+|(?<=[。！？｡])[」』”’）*_]*")
"""Where a sentence ends: at a terminator, with the quotes, brackets and emphasis that close on it,
followed by white space where scripts use spaces, at once where they do not."""

CHUNK_CHARACTERS = 400
"""Longest passage cut from an answer; about 100 tokens, the length e5 models were trained on."""


def plain_text(markdown: str) -> str:
    """Strip Markdown to the text a reader sees, one block a line."""
    return "\n".join(
        block for block in map(_inline_text, _MARKDOWN.parse(markdown)) if block.strip()
    )


def _inline_text(token: Token) -> str:
    if token.type in ("fence", "code_block"):
        return token.content.strip()
    if token.type != "inline":
        return ""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in token.children or ()
    )


def split_sentences(text: str) -> Iterator[str]:
    """Yield the sentences of plain text, in order, without surrounding white space."""
    return _split(text, goes_on)


def _split(text: str, is_no_end: Callable[[str, int, re.Match[str]], bool]) -> Iterator[str]:
    for line in text.splitlines():
        start = 0
        for end in SENTENCE_END.finditer(line):
            if is_no_end(line, start, end):
                continue
            if sentence := line[start : end.end()].strip():
                yield sentence
            start = end.end()
        if rest := line[start:].strip():
            yield rest


def goes_on(text: str, start: int, end: re.Match[str]) -> bool:
    """Tell whether a sentence goes on behind what looks like its end.

    Args:
        text: The text that it stands in.
        start: Where it begins.
        end: The mark that may end it is before this, the white space behind that within.
    """
    after = text[end.end() : end.end() + 2]
    if after[:1].islower() and text[end.end() - 1].isspace():
        return True
    mark = end.start() - 1
    return text[mark] == "." and is_abbreviated(text[max(start, mark - NEAR) : mark], after)


def chunk_answer(markdown: str, limit: int = CHUNK_CHARACTERS) -> tuple[str, ...]:
    """Cut a Markdown answer into passages of plain text.

    What lies between two places where a sentence may end is kept whole and packed up to `limit`
    characters; what is longer than that is cut at white space, or within a word where a script has
    none.
    """
    chunks: list[str] = []
    # Behind abbreviations as well: chunks are fuller, and more entries are found by them.
    for sentence in _split(plain_text(markdown), _never):
        for piece in _pieces(sentence, limit):
            if chunks and len(chunks[-1]) + 1 + len(piece) <= limit:
                chunks[-1] += " " + piece
            else:
                chunks.append(piece)
    return tuple(chunks)


def _never(_text: str, _start: int, _end: re.Match[str]) -> bool:
    return False


def _pieces(sentence: str, limit: int) -> Iterator[str]:
    while len(sentence) > limit:
        cut = sentence.rfind(" ", 1, limit + 1)
        cut = cut if cut > 0 else limit
        yield sentence[:cut].rstrip()
        sentence = sentence[cut:].lstrip()
    if sentence:
        yield sentence
