"""Drafts into a YAML list: lines are added or replaced, comments and all else stay."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_base.amending.draft import AmendmentError, Draft, draft_values
from knowledge_base.amending.text_form import opened
from knowledge_base.entry import Record
from knowledge_base.formats.yaml_text import dumped

_DASH = re.compile(r"([ ]*)-(?:[ ]|$)")


def amended(data: bytes, records: Sequence[Record], drafts: Sequence[Draft]) -> bytes:
    """Put drafts at the end of the list, or in the place of their older versions.

    Raises:
        AmendmentError: The list is not written one entry a dash.
    """
    text, form = opened(data)
    if not records:
        remarks = [line for line in text.splitlines() if line.lstrip()[:1] in {"", "#"}]
        lines = [*remarks, *_all_written(drafts)]
        return form.encoded(form.with_line_ends("\n".join(lines)))
    lines = text.replace("\r\n", "\n").split("\n")
    begins = {(record.id, record.lang): _begin(record, lines) for record in records}
    starts = sorted(begins.values())
    indent = _indent(lines[starts[-1]])
    end = _span(starts[-1], starts, lines)[1]
    added = [draft for draft in drafts if draft.key not in begins]
    lines[end:end] = [line for draft in added for line in _written(draft, indent, apart=True)]
    replaced = [draft for draft in drafts if draft.key in begins]
    # From the end, so that places before stay where they are.
    for draft in sorted(replaced, key=lambda draft: begins[draft.key], reverse=True):
        start, end = _span(begins[draft.key], starts, lines[:end])
        lines[start:end] = _written(draft, indent, apart=False)
    return form.encoded(form.with_line_ends("\n".join(lines)))


def _all_written(drafts: Sequence[Draft]) -> list[str]:
    entries = [_written(draft, "", apart=place > 0) for place, draft in enumerate(drafts)]
    return [*(line for entry in entries for line in entry), ""]


def _begin(record: Record, lines: Sequence[str]) -> int:
    """Find the line with the dash, which may stand alone above the first field."""
    line = (record.location.line or 1) - 1 if record.location else 0
    for at in (line, line - 1):
        if 0 <= at < len(lines) and _DASH.match(lines[at]):
            return at
    raise AmendmentError(
        f"{record.location}: the entry does not begin with a dash of its own line; "
        "bring the file into that form with `polyfaq convert`"
    )


def _span(start: int, starts: Sequence[int], lines: Sequence[str]) -> tuple[int, int]:
    """Tell where an entry's lines begin and end, comments before the next left out."""
    end = min((other for other in starts if other > start), default=len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return start, end


def _indent(line: str) -> str:
    found = _DASH.match(line)
    return found[1] if found else ""


def _written(draft: Draft, indent: str, *, apart: bool) -> list[str]:
    lines = dumped([draft_values(draft.record)]).rstrip("\n").split("\n")
    return [*([""] if apart else []), *(f"{indent}{line}" if line else "" for line in lines)]
