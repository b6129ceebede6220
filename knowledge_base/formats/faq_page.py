"""HTML pages with schema.org `FAQPage`: JSON-LD and microdata read, JSON-LD written.

Search engines read `name` and `acceptedAnswer` of each `Question`. What schema.org has no word for
stands in its `additionalProperty`, the answer's Markdown too, which is used on reading as long as
the HTML still is what it renders to.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from knowledge_base.entry import Record
from knowledge_base.fields import is_field
from knowledge_base.formats import Layout
from knowledge_base.formats.answer_markup import UnreadableMarkupError, to_html, to_markdown
from knowledge_base.formats.faq_markup import MarkupParser
from knowledge_base.problems import Code, Problem, Severity
from knowledge_base.reading import Reading
from knowledge_base.record_values import cells

_NOT_IN_A_KEY = re.compile(r"[^A-Za-z0-9]+")
_KEY = re.compile(r"[A-Za-z0-9._/-]+")
_MARKDOWN = "answer"
_OWN_WORDS = frozenset({"id", "lang", "question", "answer", "alternates", "tags", "url"})
_MARKUP_PER_CHARACTER = 4


def read(data: bytes, reading: Reading) -> None:
    """Read every question of the page's FAQPages.

    Raises:
        ReadingStoppedError: A limit is reached.
    """
    parser = MarkupParser()
    try:
        parser.feed(reading.decode(data))
    except AssertionError:
        line = parser.getpos()[0]
        raise reading.stop(
            Code.SYNTAX, "the markup cannot be read from here; mend the <! ... > there", line
        ) from None
    page = parser.page
    found = page.marked
    for line, script in page.scripts:
        for described in _faq_pages(script, line, reading):
            found = True
            for question in _listed(described.get("mainEntity")):
                if isinstance(question, dict):
                    lang = described.get("inLanguage") or page.lang
                    _add(_values(question, lang), line, reading)
    for marked in page.questions:
        values: dict[str, object] = {"question": marked.name, "lang": marked.lang}
        _add({**values, "id": _key(marked.identifier), "html": marked.answer}, marked.line, reading)
    if not found and not reading.problems:
        reading.error(
            Code.SYNTAX,
            "the page has no schema.org FAQPage; mark it up, or use another format",
        )


def _faq_pages(script: str, line: int, reading: Reading) -> list[Mapping[str, object]]:
    try:
        content = json.loads(script)
    except json.JSONDecodeError as error:
        reading.error(
            Code.SYNTAX,
            f"the JSON-LD is no JSON: {error.msg} (column {error.colno}); mend it",
            line + error.lineno - 1,
        )
        return []
    except (ValueError, RecursionError):
        reading.error(Code.FORBIDDEN_SYNTAX, "the JSON-LD nests too deep; mend it", line)
        return []
    tops = [top for top in _listed(content) if isinstance(top, dict)]
    nodes = [node for top in tops for node in (top, *_listed(top.get("@graph")))]
    return [
        node for node in nodes if isinstance(node, dict) and "FAQPage" in _listed(node.get("@type"))
    ]


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _values(question: Mapping[str, object], lang: object) -> dict[str, object]:
    answers = _listed(question.get("acceptedAnswer")) + _listed(question.get("suggestedAnswer"))
    answer = next((each for each in answers if isinstance(each, dict)), {})
    values: dict[str, object] = {
        "id": question.get("identifier") or _key(question.get("@id")),
        "lang": question.get("inLanguage") or lang,
        "question": _unescaped(question.get("name")),
        "html": answer.get("text"),
        "alternates": [_unescaped(other) for other in _listed(question.get("alternateName"))],
        "tags": question.get("keywords"),
        "url": question.get("url"),
    }
    for prop in _listed(question.get("additionalProperty")):
        if isinstance(prop, dict):
            name = prop.get("name")
            if isinstance(name, str) and (name == _MARKDOWN or _is_additional(name)):
                values[name] = prop.get("value")
    return {name: value for name, value in values.items() if value}


def _is_additional(name: str) -> bool:
    return is_field(name) and name not in _OWN_WORDS


def _unescaped(value: object) -> object:
    return html.unescape(value) if isinstance(value, str) else value


def _key(identifier: object) -> str:
    """Take an entry's key from a fragment, `#orders/track`; empty if there is none."""
    if not isinstance(identifier, str):
        return ""
    fragment = unquote(identifier.rpartition("#")[2])
    return fragment if _KEY.fullmatch(fragment) and "//" not in fragment else ""


def _add(values: dict[str, object], line: int, reading: Reading) -> None:
    markup = values.pop("html", None)
    limit = _MARKUP_PER_CHARACTER * reading.limits.answer_characters
    if isinstance(markup, str):
        if len(markup) > limit:
            reading.error(
                Code.TOO_LONG,
                f"an answer has {len(markup)} characters of HTML, more than {limit}; shorten it",
                line,
            )
            return
        kept = values.get(_MARKDOWN)
        try:
            if not isinstance(kept, str) or len(kept) > limit or to_html(kept) != markup.strip():
                values[_MARKDOWN] = to_markdown(markup)
        except UnreadableMarkupError as error:
            reading.error(Code.FORBIDDEN_SYNTAX, f"an answer's HTML cannot be read: {error}", line)
            return
    elif markup is not None:
        values[_MARKDOWN] = markup
    if not values.get("id"):
        values["id"] = _derived_key(str(values.get("question", "")))
        reading.report(
            Problem(
                Severity.WARNING,
                Code.DERIVED_ID,
                f"the question has no identifier, so {values['id']} was made from its text; state "
                "one to keep it when the text changes",
                reading.at(line),
            )
        )
    reading.add(values, line)


def _derived_key(question: str) -> str:
    plain = unicodedata.normalize("NFKD", question).encode("ascii", "ignore").decode()
    key = _NOT_IN_A_KEY.sub("-", plain[:80]).strip("-").lower()
    return key or f"q-{hashlib.sha256(question.encode(errors='replace')).hexdigest()[:10]}"


def write(records: Sequence[Record], layout: Layout) -> bytes:  # noqa: ARG001 one layout
    """Write a page that shows the questions, and describes them in JSON-LD."""
    described = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [_question(record) for record in records],
    }
    # Escaped, no text can end the script.
    script = json.dumps(described, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    shown = "\n".join(_shown(record) for record in records)
    languages = {record.lang for record in records}
    lang = f' lang="{languages.pop()}"' if len(languages) == 1 else ""
    return (
        f'<!doctype html>\n<html{lang}>\n<head>\n<meta charset="utf-8">\n<title>FAQ</title>\n'
        f'<script type="application/ld+json">\n{script}\n</script>\n</head>\n<body>\n<main>\n'
        f"{shown}\n</main>\n</body>\n</html>\n"
    ).encode()


def _question(record: Record) -> dict[str, object]:
    rendered = to_html(record.answer)
    extra = {name: text for name, text in cells(record).items() if name not in _OWN_WORDS}
    extra[_MARKDOWN] = record.answer
    described: dict[str, object] = {
        "@type": "Question",
        "identifier": record.id,
        "inLanguage": record.lang,
        "name": html.escape(record.question, quote=False),
        "alternateName": [html.escape(other, quote=False) for other in record.alternates],
        "keywords": list(record.tags),
        "url": record.url,
        "acceptedAnswer": {"@type": "Answer", "text": rendered},
        "additionalProperty": [
            {"@type": "PropertyValue", "name": name, "value": text} for name, text in extra.items()
        ],
    }
    return {name: value for name, value in described.items() if value}


def _shown(record: Record) -> str:
    question = html.escape(record.question)
    return (
        f'<section lang="{record.lang}">\n<h2>{question}</h2>\n{to_html(record.answer)}\n</section>'
    )
