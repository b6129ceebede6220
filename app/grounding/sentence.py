"""A sentence of Markdown, taken apart into what a reader sees and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from app.translating.markdown_text import tokens_of

_QUOTES = re.compile(
    r"“([^“”\n]{2,80})”|„([^„“”\n]{2,80})[“”]|«\s?([^«»\n]{2,80}?)\s?»|「([^「」\n]{2,80})」"
    r"|『([^『』\n]{2,80})』|\"([^\"\n]{2,80})\"|”([^”\n]{2,80})”|»\s?([^«»\n]{2,80}?)\s?«"
    r"|《([^《》\n]{2,80})》|〈([^〈〉\n]{2,80})〉|‹\s?([^‹›\n]{2,80}?)\s?›|‚([^‚‘’\n]{2,80})[‘’]"
    r"|‘([^‘’\n]{2,80})’(?!\w)|״([^״\n]{2,80})״|＂([^＂\n]{2,80})＂"
)
_HTML = re.compile(r"<(?:/?[A-Za-z]|!--|\?|!\[)[^\n]{0,400}")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,2000}>|<[^<>\s@]{1,64}@[^<>\s]{1,255}>")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a sentence of Markdown holds.

    Attributes:
        markdown: As it was written, without the white space around it.
        words: What a reader reads, without code and addresses.
        shown: The same with code.
        addresses: Where its links lead.
        images: Where its images come from.
        quotes: What it puts between quotation marks.
        names: What it puts between quotation marks, in code or in bold, and what its links are
            called: the names of buttons and pages, as a rule.
        blocks: The kinds of blocks it stands in, as markdown-it names them.
        html: The first stretch of HTML in it; empty where there is none.
    """

    markdown: str
    words: str
    shown: str
    addresses: tuple[str, ...]
    images: tuple[str, ...]
    quotes: tuple[str, ...]
    names: tuple[str, ...]
    blocks: frozenset[str]
    html: str

    @classmethod
    def of(cls, markdown: str) -> Sentence:
        """Take a sentence, or a whole answer, apart."""
        stripped = markdown.strip()
        tokens = tokens_of(stripped)
        inline = [child for token in tokens for child in token.children or ()]
        blocks_of_code = [token.content for token in tokens if token.type in _CODE_BLOCKS]
        paragraphs = [token.children or [] for token in tokens if token.type == "inline"]
        words = "\n".join("".join(_texts(each, code=False)) for each in paragraphs)
        shown = "\n".join(
            ["".join(_texts(each, code=True)) for each in paragraphs] + blocks_of_code
        )
        quotes = tuple(_between_quotes(words))
        found = _HTML.search(_AUTOLINK.sub(" ", _without_code(stripped)))
        return cls(
            stripped,
            words,
            shown,
            tuple(str(each.attrs["href"]) for each in inline if each.type == "link_open"),
            tuple(str(each.attrs["src"]) for each in inline if each.type == "image"),
            quotes,
            tuple(dict.fromkeys([*_marked(inline), *quotes])),
            frozenset(token.type for token in tokens),
            "" if found is None else found.group(),
        )


_CODE_BLOCKS = frozenset({"fence", "code_block"})
_CODE = re.compile(r"`[^`]{0,400}`")


def _without_code(markdown: str) -> str:
    return _CODE.sub(" ", markdown)


def _texts(children: list[Token], *, code: bool) -> Iterator[str]:
    for token in children:
        if token.type == "text" or (code and token.type == "code_inline"):
            yield token.content
        elif token.type in {"softbreak", "hardbreak", "code_inline"}:
            yield " "
        elif token.type == "image":
            yield token.content


def _marked(children: list[Token]) -> Iterator[str]:
    """Give what stands in bold, in links and in code."""
    open_at: list[int] = []
    texts: list[str] = []
    for token in children:
        if token.type in {"strong_open", "link_open"}:
            open_at.append(len(texts))
        elif token.type in {"strong_close", "link_close"} and open_at:
            yield "".join(texts[open_at.pop() :]).strip()
        elif token.type == "code_inline":
            yield token.content.strip()
        if token.type in {"text", "code_inline"}:
            texts.append(token.content)


def _between_quotes(words: str) -> Iterator[str]:
    for found in _QUOTES.finditer(words):
        yield next(group for group in found.groups() if group is not None).strip()
