"""The last step: is what will be delivered really what an editor approved?"""

from __future__ import annotations

from app.answering.compose import Composition
from app.answering.servable import ServableTexts


def is_verified(composed: Composition, servable: ServableTexts) -> bool:
    """Tell whether a text is, word for word, the cited record as it may be shown today."""
    if len(composed.citations) != 1:
        return False
    cited = composed.citations[0]
    record = servable.index.record(cited.entry_id, cited.language)
    return (
        record is not None
        and record.answer == composed.text.text
        and record.lang == composed.text.language
        and servable.may_show(record)
    )
