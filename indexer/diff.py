"""What changed between the records of one generation and those of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.record_lines import RecordKey


@dataclass(frozen=True, slots=True)
class LanguageDiff:
    """What changed in one language.

    Attributes:
        lang: BCP 47 tag.
        added: Ids of the entries that have come, in order.
        changed: Ids of the entries of which any field differs, in order.
        removed: Ids of the entries that have gone, in order.
    """

    lang: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentDiff:
    """What changed, for the languages in which anything did, in order of their tags."""

    languages: tuple[LanguageDiff, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.languages)

    def of(self, lang: str) -> LanguageDiff:
        """What changed in a language, be it nothing."""
        return next((diff for diff in self.languages if diff.lang == lang), LanguageDiff(lang))

    @property
    def added(self) -> int:
        """Number of records that have come, over all languages."""
        return sum(len(diff.added) for diff in self.languages)

    @property
    def changed(self) -> int:
        """Number of records that differ, over all languages."""
        return sum(len(diff.changed) for diff in self.languages)

    @property
    def removed(self) -> int:
        """Number of records that have gone, over all languages."""
        return sum(len(diff.removed) for diff in self.languages)


def diff_records(
    before: Mapping[RecordKey, bytes], after: Mapping[RecordKey, bytes]
) -> ContentDiff:
    """Compare encoded records; equal bytes are equal records."""
    added = sorted(after.keys() - before.keys())
    removed = sorted(before.keys() - after.keys())
    changed = sorted(key for key in after if before.get(key, after[key]) != after[key])
    languages = sorted({lang for keys in (added, changed, removed) for _, lang in keys})
    return ContentDiff(
        tuple(
            LanguageDiff(
                tag,
                added=_entries(added, tag),
                changed=_entries(changed, tag),
                removed=_entries(removed, tag),
            )
            for tag in languages
        )
    )


def _entries(keys: list[RecordKey], tag: str) -> tuple[str, ...]:
    return tuple(entry_id for entry_id, lang in keys if lang == tag)
