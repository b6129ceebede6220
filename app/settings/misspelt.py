"""Names that look like settings but are none."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches


def nearest(name: str, known: Collection[str]) -> str:
    """Say which known name may be meant, as the end of a sentence; nothing when none is near."""
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return f"; did you mean {near[0]}?" if near else ""


def stray_variables(
    environment: Mapping[str, str], prefix: str, known: Collection[str]
) -> Iterator[str]:
    """Tell of variables with the prefix of settings that no setting is read from.

    They are no error: what starts the service may set such variables for its own ends.

    Args:
        environment: The variables.
        prefix: What the names of settings begin with.
        known: The names of settings, in lower case and without the prefix.
    """
    names = [f"{prefix}{name.upper()}" for name in known]
    for name in sorted(environment):
        if name.startswith(prefix) and name.upper() not in names:
            yield f"{name} is no setting and is not heeded{nearest(name, names)}"
