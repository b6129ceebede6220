"""Markdown pages: front matter, the question as heading, the rest as answer; a record a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from knowledge_base import texts
from knowledge_base.entry import Record
from knowledge_base.formats import Layout
from knowledge_base.formats.yaml_events import read_mapping
from knowledge_base.formats.yaml_text import dumped
from knowledge_base.languages import LanguageTagError, canonical_tag
from knowledge_base.problems import Code, ContentError, Problem, Severity
from knowledge_base.reading import Reading
from knowledge_base.record_values import plain_values

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)??---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"\s*#[ \t]+(\S[^\n]*)(?:\n|\Z)")


def read(data: bytes, reading: Reading) -> None:
    """Read the page's record.

    What the front matter leaves out of `id` and `lang` is taken from the path:
    `en/orders/track.md` or `orders/track.en.md`.

    Raises:
        ReadingStoppedError: The front matter cannot be read, or the page has no heading.
    """
    text = texts.with_line_feeds(reading.decode(data))
    values: dict[str, object] = {}
    body = 0
    if text.startswith("---"):
        front = _FRONT_MATTER.match(text)
        if front is None:
            raise reading.stop(
                Code.SYNTAX, "the front matter is not closed; end it with a line of ---", 1
            )
        # The empty line stands for the opening one, so that lines are counted from the page's top.
        values = read_mapping(f"\n{front[1] or ''}", reading)
        body = front.end()
    heading = _HEADING.match(text, body)
    if heading is None:
        line = text.count("\n", 0, body) + 1
        raise reading.stop(
            Code.SYNTAX, "the page has no question; begin its text with '# ' and the question", line
        )
    values = {**_from_path(reading.relative), **values}
    reading.add({**values, "question": heading[1], "answer": text[heading.end() :]}, 1)


def _from_path(relative: str) -> dict[str, object]:
    """Tell key and language from a path without suffix, as far as it says."""
    parent, slash, name = relative.rpartition("/")
    stem, dot, tag = name.rpartition(".")
    first, _, rest = relative.partition("/")
    if dot and _is_tag(tag):
        return {"id": f"{parent}{slash}{stem}", "lang": tag}
    if rest and _is_tag(first):
        return {"id": rest, "lang": first}
    return {"id": relative}


def _is_tag(text: str) -> bool:
    try:
        canonical_tag(text)
    except LanguageTagError:
        return False
    return True


def write(records: Sequence[Record], layout: Layout) -> bytes:  # noqa: ARG001 one layout
    """Write one record's page.

    Raises:
        ContentError: There are several records, or none.
    """
    if len(records) != 1:
        message = "a Markdown page holds one record; name a folder as the target, without .md"
        raise ContentError([Problem(Severity.ERROR, Code.TOO_MANY, message)])
    return page_of(plain_values(records[0]))


def page_of(values: Mapping[str, object]) -> bytes:
    """Write a page with a record's fields."""
    front = {name: value for name, value in values.items() if name not in {"question", "answer"}}
    return f"---\n{dumped(front)}---\n\n# {values['question']}\n\n{values['answer']}\n".encode()
