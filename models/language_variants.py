"""Regional and script variants of the served languages: `pt` and `pt-BR`, `zh` and `zh-Hant`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.han import HanEvidence
from models.scripts import Script, scripts_of


class LanguageVariants:
    """The served tags by their base language."""

    def __init__(self, served: Iterable[str]) -> None:
        """Group the tags; their order is kept."""
        self._variants: dict[str, list[str]] = {}
        for tag in dict.fromkeys(served):
            self._variants.setdefault(base_of(tag), []).append(tag)
        self._only = {base: tags[0] for base, tags in self._variants.items() if len(tags) == 1}

    def __contains__(self, base: str) -> bool:
        return base in self._variants

    @property
    def bases(self) -> tuple[str, ...]:
        """The base languages, each once."""
        return tuple(self._variants)

    def only(self, base: str) -> str | None:
        """Give the tag of a served base language, None where variants of it are served."""
        return self._only.get(base)

    def written_in(self, script: Script) -> list[str]:
        """List the base languages of which some served variant is written in a script."""
        return [
            base
            for base, variants in self._variants.items()
            if any(script in scripts_of(tag) for tag in variants)
        ]

    def choose(
        self,
        base: str,
        script: Script | None,
        han: HanEvidence | None,
        preferred: Sequence[str],
    ) -> str:
        """Choose among the variants of a language.

        Args:
            base: A served base language.
            script: What the text is written in, where it has letters.
            han: How its Han characters are written, where it has any.
            preferred: Tags the visitor is thought to prefer, best first.

        Returns:
            The variant of the text's script and orthography that is preferred most; failing that
            the base language itself, or its first variant.
        """
        variants = self._variants[base]
        if len(variants) == 1:
            return variants[0]
        if script is not None:
            named = [tag for tag in variants if script.value in tag.split("-")]
            variants = named or [tag for tag in variants if script in scripts_of(tag)] or variants
        if han is not None and han.simplified != han.traditional:
            traditional = han.traditional > han.simplified
            variants = [tag for tag in variants if _is_traditional(tag) is traditional] or variants
        for tag in preferred:
            if tag in variants:
                return tag
        return base if base in variants else variants[0]


def base_of(tag: str) -> str:
    """Give the language of a canonical tag, without script, region and variants."""
    return tag.partition("-")[0]


def _is_traditional(tag: str) -> bool:
    subtags = tag.split("-")[1:]
    if "Hans" in subtags:
        return False
    return "Hant" in subtags or any(region in subtags for region in ("TW", "HK", "MO"))
