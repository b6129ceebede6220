"""What a translation must be like to become a draft; the translator's word is not taken for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from app.translating.markdown_text import tokens_of
from app.translating.protecting import pieces
from app.translating.refusal import Reason, RefusedError
from indexer.chunking import split_sentences
from knowledge_base.languages import base_language, script
from knowledge_base.texts import folded

_UNDETERMINED = "und"
_WORD = re.compile(r"[^\W\d_]+")
_WIDE = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003134f]"
)
_GLUED = re.compile(f"(?<=[.!?…])(?={_WIDE.pattern})|(?<=[؟।])(?=\\S)")
"""Where a sentence ends although no space follows, before scripts that have none."""
_WIDE_COUNTS = 2.5
_MOST_TIMES = 3.0
_ALWAYS_ALLOWED = 20
_WORDS_THAT_DIFFER = 3
_WORDS_THAT_TELL = 4
# People's translations, sentence by sentence: of 1,000 in the sample with so many words none looked
# like another language, of 7,000 elsewhere six, which were.
_WORDS_OF_A_SENTENCE = 6
_WIDE_OF_A_SENTENCE = 12
_WORDS_NO_NAMES = 3
MOST_UNKNOWN = 0.2
"""Share of a text's words that a translator may not know."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A translation that is to be judged.

    Attributes:
        source: What was translated, with the glossary's terms in the other language.
        text: What came of it.
        target: The canonical tag of the language it is to be in.
        unknown: How many words the translator did not know.
        is_markdown: Whether both are Markdown.
    """

    source: str
    text: str
    target: str
    unknown: int
    is_markdown: bool


def verify(candidate: Candidate, identify: Callable[[str], str] | None) -> None:
    """Accept a translation, or say what is wrong with it.

    Args:
        candidate: The translation.
        identify: Tells the language of a text as a tag, or `und`; None where it cannot be told.

    Raises:
        RefusedError: It is empty, lacks or adds a number or other piece, has another form, is not
            translated at all, is far too short or long, has too many unknown words, or is in
            another language, as a whole or in a sentence.
    """
    if not candidate.text.strip():
        raise RefusedError(Reason.EMPTY, "nothing came back")
    if candidate.is_markdown:
        before, after = tokens_of(candidate.source), tokens_of(candidate.text)
        _same_form(before, after)
        source, text = _shown(before), _shown(after)
    else:
        source, text = candidate.source, candidate.text
    _same_pieces(source, text)
    _translated(source, text)
    _like_length(source, text)
    _known_words(text, candidate.unknown)
    _right_language(text, candidate.target, identify)
    _each_sentence(source, text, candidate.target, identify)


def _same_form(before: list[Token], after: list[Token]) -> None:
    if list(_form(before)) != list(_form(after)):
        raise RefusedError(
            Reason.STRUCTURE, "its links, emphasis, lists, headings or code are not the source's"
        )


def _form(tokens: list[Token]) -> Iterator[object]:
    """Tell the blocks in their order, and what each holds in any order."""
    for token in tokens:
        if token.type == "inline":
            yield Counter(_inline_form(token.children or []))
        else:
            content = token.content if token.nesting == 0 else ""
            start = str(token.attrs.get("start", ""))
            yield token.type, token.tag, token.level, token.info, content, start


def _inline_form(children: list[Token]) -> Iterator[tuple[str, ...]]:
    within: list[str] = []
    for token in children:
        if token.nesting == -1:
            within.pop()
        elif token.nesting == 1 or token.type in {"image", "code_inline", "hardbreak"}:
            name = f"{token.type} {token.attrs.get('href', '')}{token.attrs.get('src', '')}"
            code = token.content if token.type == "code_inline" else ""
            title = str(token.attrs.get("title", ""))
            yield (*within, name, title, code)
            if token.type == "image":
                yield from _inline_form(token.children or [])
            elif token.nesting == 1:
                within.append(name)


def _shown(tokens: list[Token]) -> str:
    """Give the words that a reader sees, without code and addresses."""
    paragraphs = (token.children or [] for token in tokens if token.type == "inline")
    return "\n".join("".join(_inline_words(children)) for children in paragraphs)


def _inline_words(children: list[Token]) -> Iterator[str]:
    for token in children:
        if token.type == "text":
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak":
            yield "\n"
        elif token.type == "image":
            yield from _inline_words(token.children or [])


def _same_pieces(source: str, text: str) -> None:
    before, after = pieces(source), pieces(text)
    if before == after:
        return
    lost, added = list((before - after).elements()), list((after - before).elements())
    complaints = [
        f"{', '.join(repr(piece[:40]) for piece in found[:3])} {what}"
        for found, what in ((lost, "is lost"), (added, "is not in the source"))
        if found
    ]
    raise RefusedError(Reason.PIECES, "; ".join(complaints))


def _translated(source: str, text: str) -> None:
    words = _WORD.findall(source)
    if len(words) > _WORDS_THAT_DIFFER and folded(source) == folded(text):
        raise RefusedError(Reason.UNTRANSLATED, "it came back as it was")


def _like_length(source: str, text: str) -> None:
    before, after = weight(source), weight(text)
    most = _ALWAYS_ALLOWED + _MOST_TIMES * min(before, after)
    if max(before, after) > most:
        raise RefusedError(
            Reason.LENGTH, f"it has {len(text)} characters where the source has {len(source)}"
        )


def weight(text: str) -> float:
    """Count characters, those that stand for syllables and words for as much as they say."""
    wide = len(_WIDE.findall(text))
    return len(text) - wide + _WIDE_COUNTS * wide


def _known_words(text: str, unknown: int) -> None:
    words = len(_WORD.findall(text))
    if unknown > 1 and unknown > MOST_UNKNOWN * words:
        raise RefusedError(
            Reason.UNKNOWN_WORDS, f"the translator does not know {unknown} of its {words} words"
        )


def _right_language(text: str, target: str, identify: Callable[[str], str] | None) -> None:
    tells = len(_WORD.findall(text)) >= _WORDS_THAT_TELL or _WIDE.search(text)
    found = identify(text) if identify is not None and tells else _UNDETERMINED
    if not _may_be(found, target):
        raise RefusedError(Reason.LANGUAGE, f"it looks like {found}, not {target}")


def _each_sentence(
    source: str, text: str, target: str, identify: Callable[[str], str] | None
) -> None:
    """Find what was left out of the translating, and what a translator took a language for."""
    before = {folded(sentence) for sentence in split_sentences(source)}
    for sentence in split_sentences(_GLUED.sub("\n", text)):
        if not _tells(sentence):
            continue
        found = _UNDETERMINED if identify is None else identify(sentence)
        is_targets = found != _UNDETERMINED and _may_be(found, target)
        if folded(sentence) in before and not is_targets:
            raise RefusedError(Reason.UNTRANSLATED, f"{sentence[:60]!r} came back as it was")
        if not _may_be(found, target) and (_is_long(sentence) or script(found) != script(target)):
            raise RefusedError(
                Reason.LANGUAGE, f"{sentence[:60]!r} looks like {found}, not {target}"
            )


def _tells(sentence: str) -> bool:
    """Tell whether a sentence is more than some names, which are alike in all languages."""
    words = _WORD.findall(sentence)
    lower = sum(not word[0].isupper() for word in words)
    return (len(words) > _WORDS_THAT_DIFFER and lower >= _WORDS_NO_NAMES) or _is_wide(sentence)


def _is_long(sentence: str) -> bool:
    return len(_WORD.findall(sentence)) >= _WORDS_OF_A_SENTENCE or _is_wide(sentence)


def _is_wide(sentence: str) -> bool:
    return len(_WIDE.findall(sentence)) >= _WIDE_OF_A_SENTENCE


def _may_be(found: str, target: str) -> bool:
    return found == _UNDETERMINED or base_language(found) == base_language(target)
