"""Which languages must be known to tell that a text is in none of them but the reader's."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge_base.languages import base_language

_RIVALS = (
    "en de es fr pt pl tr ru ar hi zh ja it nl uk fa bn ko vi th id sv el he cs sk da nb ro hu fi "
    "bg hr sr ca ms gl et lv lt sl ur ta te mr be fil af az ka"
)


def rival_languages(served: Iterable[str]) -> tuple[str, ...]:
    """List the languages that an identifier for machines' texts should tell apart.

    A machine asked for Portuguese may write Spanish where nobody serves Spanish.

    Args:
        served: Canonical tags of the content, and of the readers where they are known.

    Returns:
        These, and languages that machines often write in or that are near to others.
    """
    tags = tuple(dict.fromkeys(served))
    bases = {base_language(tag) for tag in tags}
    return (*tags, *(rival for rival in _RIVALS.split() if rival not in bases))
