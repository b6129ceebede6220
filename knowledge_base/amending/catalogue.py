"""Drafts into gettext PO: fuzzy messages, in the place of those that await translation."""

from __future__ import annotations

from collections.abc import Sequence

import polib

from knowledge_base.amending.draft import Draft
from knowledge_base.amending.text_form import opened
from knowledge_base.formats.gettext_po import messages_of

_USUAL_WIDTH = 78


def amended(data: bytes, drafts: Sequence[Draft]) -> bytes:
    """Fill messages in, and add those that the file lacks."""
    text, form = opened(data)
    wraps = max((len(line) for line in text.split("\n") if line[:1] == '"'), default=0)
    width = _USUAL_WIDTH if wraps <= _USUAL_WIDTH + 2 else 0
    catalogue = polib.pofile(f"{text}\n", wrapwidth=width)
    there = {message.msgctxt: message for message in catalogue if not message.obsolete}
    for draft in drafts:
        others = there.get(f"{draft.record.id}:alternates")
        if others is not None and not draft.record.alternates:
            others.msgstr = ""
        for made in messages_of(draft.record.id, draft.source, draft.record, is_source=False):
            known = there.get(made.msgctxt)
            if known is None:
                catalogue.append(made)
                continue
            known.msgid, known.msgstr = made.msgid, made.msgstr
            known.flags = sorted({*known.flags, *made.flags})
            known.comment = made.comment
            known.previous_msgid = None
    return form.encoded(form.with_line_ends(f"{catalogue}\n".replace("\r\n", "\n")))
