"""Drafts into JSON and JSON Lines: values that are none of ours stay, and so does the order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from knowledge_base.amending.draft import AmendmentError, Draft, draft_values
from knowledge_base.amending.text_form import opened
from knowledge_base.entry import Record
from knowledge_base.languages import LanguageTagError, canonical_tag

_ENTRIES = "entries"
_INDENT = re.compile(r"[\[{]\s*\n([ \t]+)")
_ONE_A_LINE = re.compile(r"\[\s*\{[^\n]*\}\s*(?:,?\n|\])")


def amended_lines(data: bytes, records: Sequence[Record], drafts: Sequence[Draft]) -> bytes:
    """Put drafts at the end, a line each, or in the place of their older versions."""
    text, form = opened(data)
    lines = text.rstrip("\r\n").split("\n")
    places = {
        (each.id, each.lang): each.location.line for each in records if each.location is not None
    }
    for draft in drafts:
        written = json.dumps(draft_values(draft.record), ensure_ascii=False)
        place = places.get(draft.key)
        if place is None:
            lines.append(written)
        else:
            lines[place - 1] = written
    clean = [line.rstrip("\r") for line in lines if line.strip()] if not text.strip() else lines
    whole = "\n".join(line.rstrip("\r") for line in clean)
    return form.encoded(form.with_line_ends(f"{whole}\n"))


def amended_list(data: bytes, drafts: Sequence[Draft]) -> bytes:
    """Put drafts at the end of the list, or in the place of their older versions.

    Raises:
        AmendmentError: The text is no list of records.
    """
    text, form = opened(data)
    content = json.loads(text)
    listed = content.get(_ENTRIES) if isinstance(content, dict) else content
    if not isinstance(listed, list):
        raise AmendmentError("the file holds no list of records; write one")
    places = {_key(value): place for place, value in enumerate(listed)}
    for draft in drafts:
        place = places.get(draft.key)
        if place is None:
            listed.append(draft_values(draft.record))
        else:
            listed[place] = draft_values(draft.record)
    return form.encoded(form.with_line_ends(_dumped(content, text)))


def _key(value: object) -> tuple[str, str]:
    if not isinstance(value, Mapping):
        return "", ""
    try:
        return str(value.get("id", "")).strip(), canonical_tag(str(value.get("lang", "")))
    except LanguageTagError:
        return "", ""


def _dumped(content: object, text: str) -> str:
    """Write as the file was written: a record a line, or indented as it was."""
    if isinstance(content, list) and _ONE_A_LINE.match(text.lstrip()):
        lines = [json.dumps(each, ensure_ascii=False) for each in content]
        return "[\n" + ",\n".join(lines) + "\n]\n"
    found = _INDENT.search(text)
    return json.dumps(content, ensure_ascii=False, indent=found[1] if found else 2) + "\n"
